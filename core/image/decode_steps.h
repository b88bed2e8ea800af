// The steps between a file and a picture, for readers of one picture and of a pair.
#pragma once

#include <new>
#include <string>

#include "core/image/content_hash.h"
#include "core/image/decode.h"
#include "core/image/memory_gate.h"
#include "core/image/raster_file.h"
#include "core/image/source.h"

namespace ccx::image {

// Decodes a source of any format. `memory` holds the picture's share of the machine from here on; the caller lets it go
// with the picture.
Picture decode_source(Source& source, const ReadOptions& options, LargePicture& memory);

// The whole of a raster, its orientation not applied, without its hash.
Picture decode_raster(const RasterFile& file, const TiffTags& tags, const ReadOptions& options);
RasterFile open_raster(const Source& source, const ReadOptions& options);
// By EXIF's 1..8, with what it has no data of.
void turn(Picture& picture, int orientation);
// The same for a TIFF's orientation tag: what is told of the picture is then told of it as it is shown.
void turn_as_asked(Picture& picture, int orientation);

// What decoding so many pixels of a raster takes, for LargePicture; 0 for ordinary pictures.
int64_t large_raster_bytes(int64_t pixels);

// Runs a step and puts the file's name before what went wrong.
template <typename Step>
auto naming(const std::string& name, Step step) {
  const std::string prefix = "cannot read the image " + name + ": ";
  try {
    return step();
  } catch (const ImageTooLarge& error) {
    throw ImageTooLarge(prefix + error.what());
  } catch (const DecodeError& error) {
    throw DecodeError(error.reason(), prefix + error.what());
  } catch (const std::bad_alloc&) {
    throw ImageTooLarge(prefix + "there is not enough memory for it");
  }
}

}  // namespace ccx::image
