// The fixtures of tests/data/image/formats: a file of every variant, and what PIL makes of it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/hash.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace ccx::test {

inline std::string fnv1a(const std::vector<uint8_t>& bytes) {
  const uint64_t value = ccx::fnv1a({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

struct FormatFixture {
  std::string name;
  std::string bytes;
  int width = 0;
  int height = 0;
  std::string fnv1a;  // of the RGB bytes
  int tolerance = 0;  // largest difference of a byte; above 0 the bytes themselves are in `rgb`
  std::string rgb;
};

inline std::vector<FormatFixture> format_fixtures() {
  const auto folder = data_dir() / "image/formats";
  const auto index = nlohmann::json::parse(std::ifstream(folder / "formats.json"));
  std::vector<FormatFixture> out;
  for (const auto& one : index["files"]) {
    FormatFixture fixture;
    fixture.name = one["file"];
    fixture.bytes = read_file(folder / fixture.name);
    fixture.width = one["size"][0];
    fixture.height = one["size"][1];
    fixture.fnv1a = one["fnv1a"];
    fixture.tolerance = one.value("tolerance", 0);
    if (fixture.tolerance > 0) fixture.rgb = read_file(folder / (fixture.name + ".rgb"));
    out.push_back(fixture);
  }
  return out;
}

}  // namespace ccx::test
