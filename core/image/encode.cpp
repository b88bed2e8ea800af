// cv::imencode behind ccx errors: OpenCV wants blue first and throws exceptions of its own.
#include "core/image/encode.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/base/error.h"

namespace ccx::image {

namespace {

std::string encode(const Image& image, const char* extension, const std::vector<int>& options) {
  require_consistent(image);
  try {
    const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.rgb.data()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    std::vector<uchar> bytes;
    if (cv::imencode(extension, bgr, bytes, options)) return {bytes.begin(), bytes.end()};
  } catch (const cv::Exception& error) {
    throw Error(std::string("cannot encode an image as ") + (extension + 1) + ": " + error.what());
  }
  throw Error("cannot encode an image of " + std::to_string(image.width) + "x" + std::to_string(image.height) +
              " pixels as " + (extension + 1));
}

}  // namespace

std::string encode_png(const Image& image) {
  return encode(image, ".png", {cv::IMWRITE_PNG_COMPRESSION, 6});
}

std::string encode_jpeg(const Image& image, int quality) {
  if (quality < 1 || quality > 100) {
    throw UsageError("JPEG quality must be 1 to 100, not " + std::to_string(quality));
  }
  return encode(image, ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality});
}

}  // namespace ccx::image
