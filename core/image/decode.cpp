// The way from a path to RGB: a bounded read, the container checks, cv::imdecode, and PIL's conversions to 8 bits.
#include "core/image/decode.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/image/container.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

enum class Format { kPng, kJpeg, kWebp, kTiff, kBmp, kUnknown };

Format sniff(std::string_view head) {
  const auto begins = [&](std::string_view magic) { return head.substr(0, magic.size()) == magic; };
  if (begins("\x89PNG\r\n\x1a\n")) return Format::kPng;
  if (begins("\xff\xd8\xff")) return Format::kJpeg;
  if (begins("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP") return Format::kWebp;
  if (begins({"II*\0", 4}) || begins({"MM\0*", 4}) || begins({"II+\0", 4}) || begins({"MM\0+", 4}))
    return Format::kTiff;
  if (begins("BM")) return Format::kBmp;
  return Format::kUnknown;
}

uint8_t clipped(float value) {
  return value >= 255.0f ? 255 : value > 0.0f ? static_cast<uint8_t>(value) : 0;
}

// PIL's conversions to 8 bits: colour keeps its high byte, grey is clipped.
uint8_t to_byte(uint8_t value, bool) {
  return value;
}
uint8_t to_byte(uint16_t value, bool grey) {
  return static_cast<uint8_t>(grey ? std::min<uint16_t>(value, 255) : value >> 8);
}
uint8_t to_byte(float value, bool) {
  return clipped(value);
}

template <typename T>
void copy_row(const T* from, int channels, bool associated_alpha, int width, uint8_t* to) {
  const bool grey = channels <= 2;
  for (int x = 0; x < width; ++x, from += channels, to += 3) {
    for (int c = 0; c < 3; ++c) to[c] = to_byte(from[grey ? 0 : 2 - c], grey);
    if (associated_alpha && channels == 4) {
      const int alpha = to_byte(from[3], false);
      for (int c = 0; c < 3; ++c) to[c] = static_cast<uint8_t>(alpha == 0 ? 0 : std::min(to[c] * 255 / alpha, 255));
    }
  }
}

Image to_rgb(const cv::Mat& mat, const Container& container) {
  const int channels = mat.channels();
  if (channels < 1 || channels > 4) throw DecodeError(Reason::kUnsupported, "it has an unusual number of channels");
  Image out = filled_image(container.width, container.height);
  for (int y = 0; y < mat.rows; ++y) {
    uint8_t* to = out.pixel(container.left, container.top + y);
    switch (mat.depth()) {
      case CV_8U:
        copy_row(mat.ptr<uint8_t>(y), channels, container.associated_alpha, mat.cols, to);
        break;
      case CV_16U:
        copy_row(mat.ptr<uint16_t>(y), channels, container.associated_alpha, mat.cols, to);
        break;
      case CV_32F:
        copy_row(mat.ptr<float>(y), channels, container.associated_alpha, mat.cols, to);
        break;
      default:
        throw DecodeError(Reason::kUnsupported, "its samples are neither 8-bit, 16-bit nor float");
    }
  }
  return out;
}

// Turns a picture by an EXIF orientation: 1 as is, 2 mirrored, 3 half round, 4 upside down, 5 to 8 on its side.
Image oriented(const Image& in, int orientation) {
  if (orientation == 1) return in;
  const bool swapped = orientation >= 5;
  Image out = filled_image(swapped ? in.height : in.width, swapped ? in.width : in.height);
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int across = swapped ? y : x;
      const int down = swapped ? x : y;
      std::memcpy(out.pixel(x, y),
                  in.pixel(flip_x ? in.width - 1 - across : across, flip_y ? in.height - 1 - down : down), 3);
    }
  }
  return out;
}

Image decode_by_opencv(const Container& container) {
  // The messages of OpenCV's codecs would reach stderr beside the error thrown here.
  static const bool quiet = [] {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    return true;
  }();
  static_cast<void>(quiet);
  cv::Mat mat;
  try {
    const cv::Mat buffer(1, static_cast<int>(container.bytes.size()), CV_8UC1,
                         const_cast<char*>(container.bytes.data()));
    mat = cv::imdecode(buffer, cv::IMREAD_UNCHANGED);  // unchanged also leaves the EXIF orientation alone
  } catch (const cv::Exception& error) {
    if (error.code == cv::Error::StsNoMem) throw std::bad_alloc();
    throw DecodeError(Reason::kCorrupt, "it cannot be decoded (" + error.err + ")");
  }
  if (mat.empty()) throw DecodeError(Reason::kCorrupt, "it cannot be decoded; its data are damaged");
  if (mat.cols + container.left > container.width || mat.rows + container.top > container.height) {
    throw DecodeError(Reason::kCorrupt, "its header and its data give different sizes");
  }
  return to_rgb(mat, container);
}

Container open(std::string_view bytes, const DecodeLimits& limits) {
  if (bytes.empty()) throw DecodeError(Reason::kEmpty, "it is empty");
  switch (sniff(bytes)) {
    case Format::kPng:
      return open_png(bytes, limits);
    case Format::kJpeg:
      return open_jpeg(bytes, limits);
    case Format::kWebp:
      return open_webp(bytes, limits);
    case Format::kTiff:
      return open_tiff(bytes, limits);
    case Format::kBmp:
      return open_bmp(bytes, limits);
    case Format::kUnknown:
      break;
  }
  throw DecodeError(Reason::kNotAnImage, "it is not a PNG, JPEG, WebP, TIFF or BMP picture");
}

Image decode(std::string_view bytes, const DecodeLimits& limits) {
  const Container container = open(bytes, limits);
  return oriented(container.bytes.empty() ? container.pixels : decode_by_opencv(container), container.orientation);
}

// Closes a file descriptor when it goes.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void unreadable(int error) {
  throw DecodeError(Reason::kUnreadable, std::strerror(error));
}

// Reads up to `most` further bytes to the end of `content`.
void read_more(int fd, std::string& content, std::size_t most) {
  const std::size_t before = content.size();
  content.resize(before + most);
  std::size_t got = 0;
  while (got < most) {
    const ssize_t n = ::read(fd, content.data() + before + got, most - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) unreadable(errno);
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  content.resize(before + got);
}

std::string read_picture_file(const std::filesystem::path& path, const DecodeLimits& limits) {
  // Not to wait for a writer when the name is a pipe's.
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (fd.get() < 0) unreadable(errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) unreadable(errno);
  if (S_ISDIR(status.st_mode)) unreadable(EISDIR);
  if (!S_ISREG(status.st_mode)) throw DecodeError(Reason::kUnreadable, "it is not a regular file");
  if (status.st_size > limits.max_file_bytes) {
    throw ImageTooLarge("it has " + std::to_string(status.st_size) + " bytes, more than " +
                        std::to_string(limits.max_file_bytes));
  }
  std::string content;
  constexpr std::size_t head = 16;
  read_more(fd.get(), content, head);
  // A large file of another kind is not read to its end only to be refused.
  if (content.size() == head && sniff(content) != Format::kUnknown) {
    read_more(fd.get(), content,
              static_cast<std::size_t>(std::max<int64_t>(status.st_size - static_cast<int64_t>(head), 0)));
  }
  return content;
}

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

}  // namespace

void check_size(uint64_t width, uint64_t height, const DecodeLimits& limits) {
  if (width == 0 || height == 0) {
    throw DecodeError(Reason::kCorrupt,
                      "its header says " + std::to_string(width) + "x" + std::to_string(height) + " pixels");
  }
  // OpenCV's own limit on a side is 2^20.
  constexpr uint64_t longest = uint64_t{1} << 20;
  const auto most = static_cast<uint64_t>(std::max<int64_t>(limits.max_pixels, 0));
  if (width > longest || height > longest || width * height > most) {
    throw ImageTooLarge("its header says " + std::to_string(width) + "x" + std::to_string(height) +
                        " pixels, more than the " + std::to_string(limits.max_pixels) + " allowed");
  }
}

Image load_image(const std::filesystem::path& path, const DecodeLimits& limits) {
  return naming(path.string(), [&] { return decode(read_picture_file(path, limits), limits); });
}

Image decode_image(std::string_view bytes, const std::string& name, const DecodeLimits& limits) {
  return naming(name, [&] { return decode(bytes, limits); });
}

}  // namespace ccx::image
