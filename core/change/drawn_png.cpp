#include "core/change/drawn_png.h"

#include "core/base/error.h"
#include "core/image/png_chunks.h"

namespace ccx::change {
namespace {

std::string mark() {
  return image::png_chunk("tEXt", std::string_view("Software\0ccx", 12));
}

}  // namespace

std::string marked_as_drawn(std::string_view png) {
  if (png.size() < image::kPngStart) throw Error("a picture of " + std::to_string(png.size()) + " bytes is no PNG");
  return std::string(png.substr(0, image::kPngStart)) + mark() + std::string(png.substr(image::kPngStart));
}

bool starts_as_drawn(std::string_view start) {
  const std::string own = mark();
  return start.starts_with(image::kPngSignature) && start.size() >= image::kPngStart &&
         start.substr(image::kPngStart, own.size()) == own;
}

}  // namespace ccx::change
