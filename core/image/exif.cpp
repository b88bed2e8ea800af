// Nothing of a file is trusted here: what lies outside of it says nothing.
#include "core/image/exif.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/image/file_chunks.h"

namespace ccx::image {

namespace {

// `count` bytes as a number; nothing where they are not there.
std::optional<std::uint32_t> number(std::string_view bytes, std::size_t at, std::size_t count, bool is_little) {
  if (at > bytes.size() || count > bytes.size() - at) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[at + (is_little ? count - 1 - i : i)]);
  }
  return value;
}

std::string_view part(std::string_view bytes, std::size_t at, std::size_t count) {
  return at < bytes.size() ? bytes.substr(at, count) : std::string_view();
}

// The TIFF within a block of EXIF.
std::string_view without_mark(std::string_view block) {
  constexpr std::string_view kMark("Exif\0\0", 6);
  return block.starts_with(kMark) ? block.substr(kMark.size()) : block;
}

std::string_view exif_of_jpeg(std::string_view file) {
  constexpr std::uint32_t kFill = 0xFF, kPixels = 0xDA, kApplication1 = 0xE1;
  for (std::size_t at = 2; part(file, at, 1) == "\xff";) {
    const std::uint32_t marker = number(file, at + 1, 1, false).value_or(kPixels);
    if (marker == kPixels) break;
    if (marker == kFill) {
      ++at;
      continue;
    }
    const std::size_t length = number(file, at + 2, 2, false).value_or(0);
    if (length < 2) break;
    const std::string_view segment = part(file, at + 4, length - 2);
    if (marker == kApplication1 && segment.starts_with("Exif")) return without_mark(segment);
    at += 2 + length;
  }
  return {};
}

std::string_view exif_of_chunks(std::string_view file) {
  std::string_view found;
  walk_chunks(file, [&](std::string_view name, std::string_view data) {
    const bool is_exif = name == (file.starts_with("RIFF") ? "EXIF" : "eXIf");
    if (is_exif) found = without_mark(data);
    return is_exif;
  });
  return found;
}

}  // namespace

int exif_orientation(std::string_view file) {
  const std::string_view block = file.starts_with("\xff\xd8") ? exif_of_jpeg(file) : exif_of_chunks(file);
  const bool is_little = block.starts_with("II");
  if (!is_little && !block.starts_with("MM")) return 1;
  constexpr std::uint32_t kOrientation = 274, kShort = 3;
  const std::size_t directory = number(block, 4, 4, is_little).value_or(0);
  const std::size_t entries = number(block, directory, 2, is_little).value_or(0);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (number(block, entry, 2, is_little) != kOrientation) continue;
    const std::uint32_t value = number(block, entry + 8, 2, is_little).value_or(1);
    const bool is_known = number(block, entry + 2, 2, is_little) == kShort && value >= 1 && value <= 8;
    return is_known ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace ccx::image
