// What a file is by its name: a picture, a preview, one band of a picture (label_names.h: a label). No file system.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

enum class FileKind {
  kPicture,       // .png, .jpg, .jpeg, .webp, .tif, .tiff, .bmp and the other formats that core/image reads
  kOtherPicture,  // a picture in a format that is not read: .gif, .heic, ...
  kOther
};
FileKind kind_of_file(std::string_view name);

// What the pixels of an ENVI raster may be called whose header is `header`, "x.hdr": x, x.dat, x.img, ...
std::vector<std::string> envi_data_names(std::string_view header);

// The extension in small letters, with its dot; empty if there is none.
std::string extension_of(std::string_view name);

// The name without its extension.
std::string_view stem_of(std::string_view name);

// Of two files with one stem the picture is the one with the lower rank, the other is a preview of it.
int extension_rank(std::string_view name);

// thumb, thumbnail, quicklook, preview, browse in the name of a file or folder.
bool is_preview_name(std::string_view name);

// "x_overview", "tn_x": a preview where a picture x stands beside it, whose name this is; empty for other names.
std::string picture_of_preview(std::string_view stem);

// One band of a picture that lies in a file a band: "B04", "x_B4", "T33UUP_20210617_B04_10m", "x_red".
struct BandName {
  std::string base;  // the name without the band
  std::string band;  // "b4", "b8a", "red", ...: small letters, no leading zeros
};
std::optional<BandName> band_name(std::string_view stem);

// What stands before a name's last word, without the separators between.
std::string_view without_separators_behind(std::string_view base);

}  // namespace ccx::pairs
