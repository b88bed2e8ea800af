#include "core/report/thumbnail.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/resize.h"
#include "core/report/html.h"

namespace ccx::report {
namespace {

constexpr int kQuality = 78;

}  // namespace

std::filesystem::path locate(const std::string& path, const ThumbnailOptions& options) {
  if (std::filesystem::path(path).is_absolute()) return path;
  for (const std::filesystem::path& folder : options.folders) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / path, ignored)) return folder / path;
  }
  return options.folders.empty() ? std::filesystem::path(path) : options.folders.front() / path;
}

Thumbnail make_thumbnail(const std::string& path, const ThumbnailOptions& options) {
  if (options.size <= 0) return {};
  if (path.empty()) return {"", "no picture", 0, 0};
  try {
    image::Image picture = image::load_image(locate(path, options));
    const double scale = std::min(1.0, static_cast<double>(options.size) / std::max(picture.width, picture.height));
    const auto scaled = [&](int side) { return std::max(1, static_cast<int>(side * scale + 0.5)); };
    const int width = picture.width, height = picture.height;
    if (scale < 1) picture = image::resize_bicubic(picture, scaled(picture.width), scaled(picture.height));
    return {"data:image/jpeg;base64," + base64(image::encode_jpeg(picture, kQuality)), "", width, height};
  } catch (const Error& error) {
    return {"", error.what(), 0, 0};
  }
}

}  // namespace ccx::report
