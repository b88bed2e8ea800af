// Pictures as files, for tests.
#pragma once

#include <filesystem>

#include "core/image/encode.h"
#include "tests/support/process.h"

namespace ccx::test {

inline void write_png(const std::filesystem::path& path, const image::Image& image) {
  write_file(path, image::encode_png(image));
}

}  // namespace ccx::test
