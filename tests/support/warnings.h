// What reading a pair of pictures warns of, for tests.
#pragma once

#include <string>
#include <vector>

#include "core/image/read_pair.h"

namespace ccx::test {

inline std::vector<std::string> codes(const image::ReadPair& pair) {
  std::vector<std::string> out;
  for (const auto& warning : pair.warnings) out.push_back(image::warning_name(warning.code));
  return out;
}

}  // namespace ccx::test
