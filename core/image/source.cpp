// Bounded reading of files and telling formats by their first bytes (source.h).
#include "core/image/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "core/image/byte_reader.h"
#include "core/image/container.h"
#include "core/image/no_picture.h"
#include "core/image/tiff_tags.h"

namespace ccx::image {

namespace {

namespace fs = std::filesystem;
using Reason = DecodeError::Reason;
using Format = Source::Format;

constexpr std::size_t kHead = kNoPictureHead;

bool begins(std::string_view text, std::string_view magic) {
  return text.substr(0, magic.size()) == magic;
}

// Format and driver by the first bytes.
void sniff(std::string_view head, Source& out) {
  const auto raster = [&](const char* driver) {
    out.format = Format::kRaster;
    out.driver = driver;
  };
  if (begins(head, "\x89PNG\r\n\x1a\n")) {
    out.format = Format::kPng;
  } else if (begins(head, "\xff\xd8\xff")) {
    out.format = Format::kJpeg;
  } else if (begins(head, "RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP") {
    out.format = Format::kWebp;
  } else if (begins(head, {"II*\0", 4}) || begins(head, {"MM\0*", 4}) || begins(head, {"II+\0", 4}) ||
             begins(head, {"MM\0+", 4})) {
    raster("GTiff");
  } else if (begins(head, {"\0\0\0\x0cjP  \r\n\x87\n", 12}) || begins(head, {"\xff\x4f\xff\x51", 4})) {
    raster("JP2OpenJPEG");
  } else if (begins(head, "EHFA_HEADER_TAG")) {
    raster("HFA");
  } else if (begins(head, "BM")) {
    raster("BMP");
  } else {
    std::string_view text = head;
    if (begins(text, "\xef\xbb\xbf")) text.remove_prefix(3);
    const std::size_t mark = text.find("<VRTDataset");
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '<' && mark != std::string_view::npos) raster("VRT");
  }
}

// ENVI's pixels have no mark of their own: a header beside them says what they are.
bool has_envi_header(const fs::path& path) {
  fs::path replaced = path;
  for (const fs::path& header : {fs::path(path.string() + ".hdr"), replaced.replace_extension(".hdr"),
                                 fs::path(path.string() + ".HDR"), fs::path(replaced).replace_extension(".HDR")}) {
    if (header == path) continue;
    std::error_code ignored;
    if (!fs::is_regular_file(header, ignored)) continue;
    char magic[4] = {};
    std::ifstream in(header, std::ios::binary);
    if (in.read(magic, 4) && std::memcmp(magic, "ENVI", 4) == 0) return true;
  }
  return false;
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

Fetch fetch_from(int fd) {
  return [fd](uint64_t offset, std::size_t count) {
    std::string out(count, '\0');
    const ssize_t n = ::pread(fd, out.data(), count, static_cast<off_t>(offset));
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return out;
  };
}

Fetch fetch_from(std::string_view bytes) {
  return [bytes](uint64_t offset, std::size_t count) {
    return offset >= bytes.size() ? std::string() : std::string(bytes.substr(static_cast<std::size_t>(offset), count));
  };
}

// Walks the tile parts of a JPEG 2000 code stream in [from, to): it must end in its end mark.
void check_codestream(const Fetch& fetch, uint64_t from, uint64_t to, const DecodeLimits& limits) {
  const auto cut = [] { return DecodeError(Reason::kTruncated, "its code stream is cut short"); };
  const auto number = [&](uint64_t at, std::size_t bytes) {
    const std::string text = fetch(at, bytes);
    if (text.size() < bytes || at + bytes > to) throw cut();
    uint64_t value = 0;
    for (const char c : text) value = value << 8 | static_cast<uint8_t>(c);
    return value;
  };
  uint64_t at = from + 2;
  while (true) {
    const uint64_t mark = number(at, 2);
    if (mark == 0xffd9) return;
    const uint64_t length = number(at + 2, 2);
    if (mark == 0xff51) {
      const uint64_t right = number(at + 6, 4), bottom = number(at + 10, 4);
      const uint64_t left = number(at + 14, 4), top = number(at + 18, 4);
      check_size(right > left ? right - left : 0, bottom > top ? bottom - top : 0, limits);
    }
    if (mark == 0xff90) {
      const uint64_t part = number(at + 6, 4);
      if (part == 0) {  // to the end
        if (number(to - 2, 2) != 0xffd9) throw cut();
        return;
      }
      if (part < 14) throw DecodeError(Reason::kCorrupt, "its code stream is damaged");
      at += part;
    } else {
      if (mark < 0xff00 || length < 2) throw DecodeError(Reason::kCorrupt, "its code stream is damaged");
      at += 2 + length;
    }
  }
}

void check_jp2_boxes(const Fetch& fetch, uint64_t size, const DecodeLimits& limits) {
  if (begins(fetch(0, 4), {"\xff\x4f\xff\x51", 4})) return check_codestream(fetch, 0, size, limits);
  bool found = false;
  for (uint64_t at = 0; at + 8 <= size;) {
    const std::string head = fetch(at, 16);
    if (head.size() < 8) break;
    const ByteReader in(head, Endian::kBig);
    uint64_t length = in.u32(0);
    uint64_t begin = 8;
    if (length == 1 && head.size() == 16) {
      length = static_cast<uint64_t>(in.u32(8)) << 32 | in.u32(12);
      begin = 16;
    }
    if (length == 0) length = size - at;
    if (length < begin || length > size - at) throw DecodeError(Reason::kTruncated, "a box of it is cut short");
    if (head.substr(4, 4) == "jp2c") {
      check_codestream(fetch, at + begin, at + length, limits);
      found = true;
    }
    at += length;
  }
  if (!found) throw DecodeError(Reason::kTruncated, "it has no code stream");
}

}  // namespace

Source open_source(const fs::path& path, const ReadOptions& options) {
  // Not to wait for a writer when the name is a pipe's.
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (fd.get() < 0) unreadable(errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) unreadable(errno);
  if (S_ISDIR(status.st_mode)) throw DecodeError(Reason::kUnreadable, no_picture_but_directory(path));
  if (!S_ISREG(status.st_mode)) throw DecodeError(Reason::kUnreadable, "it is not a regular file");
  Source out;
  out.path = path;
  read_more(fd.get(), out.held, kHead);
  if (out.held.empty()) throw DecodeError(Reason::kEmpty, "it is empty (0 bytes): download or copy it again");
  sniff(out.held, out);
  if (out.format == Format::kUnknown && has_envi_header(path)) {
    out.format = Format::kRaster;
    out.driver = "ENVI";
  }
  if (out.format == Format::kRaster) {
    if (std::strcmp(out.driver, "GTiff") == 0) out.tags = tiff_tags(fetch_from(fd.get()));
    if (std::strcmp(out.driver, "JP2OpenJPEG") == 0) {
      check_jp2_boxes(fetch_from(fd.get()), static_cast<uint64_t>(status.st_size), options.limits);
    }
    out.held.clear();
    return out;
  }
  if (status.st_size > options.limits.max_file_bytes) {
    throw ImageTooLarge("it has " + std::to_string(status.st_size) + " bytes, more than " +
                        std::to_string(options.limits.max_file_bytes));
  }
  // A large file of another kind is not read to its end only to be refused.
  if (out.format != Format::kUnknown && out.held.size() == kHead) {
    read_more(fd.get(), out.held,
              static_cast<std::size_t>(std::max<int64_t>(status.st_size - static_cast<int64_t>(kHead), 0)));
  }
  return out;
}

Source source_of(std::string_view bytes, const ReadOptions& options) {
  if (bytes.empty()) throw DecodeError(Reason::kEmpty, "it is empty (0 bytes): download or copy it again");
  Source out;
  out.memory = bytes;
  sniff(bytes.substr(0, kHead), out);
  if (out.format != Format::kRaster) return out;
  if (std::strcmp(out.driver, "GTiff") == 0) out.tags = tiff_tags(fetch_from(bytes));
  if (std::strcmp(out.driver, "JP2OpenJPEG") == 0) check_jp2_boxes(fetch_from(bytes), bytes.size(), options.limits);
  return out;
}

}  // namespace ccx::image
