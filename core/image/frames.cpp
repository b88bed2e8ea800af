// Counting frames by their chunks, of which only lengths and names are believed (frames.h).
#include "core/image/frames.h"

#include <cstddef>
#include <cstdint>

namespace ccx::image {

namespace {

struct Chunks {
  std::size_t first;      // where the first begins
  std::size_t length_at;  // in a chunk
  std::size_t name_at;
  std::size_t behind;  // bytes behind the data
  bool is_little;      // endian, and data are padded to an even length
};
constexpr Chunks kPng = {8, 0, 4, 4, false};
constexpr Chunks kWebp = {12, 4, 0, 0, true};

template <typename Use>
void walk(std::string_view file, const Chunks& chunks, const Use& use) {
  constexpr std::size_t kHead = 8;
  for (std::size_t at = chunks.first; at + kHead <= file.size();) {
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t byte = at + chunks.length_at + (chunks.is_little ? 3 - i : i);
      length = length << 8 | static_cast<std::uint8_t>(file[byte]);
    }
    use(file.substr(at + chunks.name_at, 4));
    const std::uint64_t step = kHead + length + (chunks.is_little ? length % 2 : 0) + chunks.behind;
    if (step > file.size() - at) return;
    at += static_cast<std::size_t>(step);
  }
}

// The picture that shows where nothing moves (IDAT) need not be one of the frames.
int frames_of_png(std::string_view file) {
  bool is_animated = false;
  int frames = 0;
  walk(file, kPng, [&](std::string_view chunk) {
    is_animated = is_animated || chunk == "acTL";
    if (chunk == "fcTL" || (chunk == "IDAT" && frames == 0)) ++frames;
  });
  return is_animated ? frames : 1;
}

int frames_of_webp(std::string_view file) {
  int frames = 0;
  walk(file, kWebp, [&](std::string_view chunk) { frames += chunk == "ANMF" ? 1 : 0; });
  return frames;
}

}  // namespace

std::string frames_note(std::string_view file) {
  int frames = 1;
  if (file.starts_with("\x89PNG")) frames = frames_of_png(file);
  if (file.starts_with("RIFF") && file.substr(0, 12).ends_with("WEBP")) frames = frames_of_webp(file);
  if (frames < 2) return "";
  return "the first of " + std::to_string(frames) + " frames of its animation, and the others were not read";
}

}  // namespace ccx::image
