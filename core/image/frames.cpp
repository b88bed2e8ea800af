// Counting frames by their chunks (frames.h).
#include "core/image/frames.h"

#include "core/image/file_chunks.h"

namespace ccx::image {

namespace {

// Of a PNG the picture that shows where nothing moves (IDAT) need not be one of the frames.
int frames_in(std::string_view file) {
  bool is_animated = false;
  int frames = 0;
  walk_chunks(file, [&](std::string_view chunk, std::string_view) {
    is_animated = is_animated || chunk == "acTL" || chunk == "ANMF";
    if (chunk == "fcTL" || chunk == "ANMF" || (chunk == "IDAT" && frames == 0)) ++frames;
    return false;
  });
  return is_animated ? frames : 1;
}

}  // namespace

std::string frames_note(std::string_view file) {
  const int frames = frames_in(file);
  if (frames < 2) return "";
  return "the first of " + std::to_string(frames) + " frames of its animation, and the others were not read";
}

}  // namespace ccx::image
