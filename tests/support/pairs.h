// Small pictures for tests that need image files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/image/encode.h"
#include "core/image/image.h"
#include "tests/support/process.h"

namespace ccx::test {

// A picture whose bytes differ for every seed.
inline image::Image picture(unsigned seed, int width = 24, int height = 24) {
  image::Image out = image::filled_image(width, height);
  uint32_t state = seed * 2654435761U + 1;
  for (uint8_t& byte : out.rgb) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<uint8_t>(state >> 24);
  }
  return out;
}

inline void write_picture(const std::filesystem::path& path, unsigned seed, int width = 24, int height = 24) {
  write_file(path, image::encode_png(picture(seed, width, height)));
}

// The pairs 000.png, 001.png, ... in folder/A and folder/B.
inline void write_pairs(const std::filesystem::path& folder, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const std::string digits = std::to_string(1000 + i).substr(1);
    write_picture(folder / "A" / (digits + ".png"), 2 * i);
    write_picture(folder / "B" / (digits + ".png"), 2 * i + 1);
  }
}

}  // namespace ccx::test
