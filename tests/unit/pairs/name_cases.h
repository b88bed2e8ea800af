// Tables of file names and the pairs that must come of them.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/pairs/pairs.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

namespace ccx::test {

struct NameCase {
  std::string name;
  std::vector<std::string> files;
  std::vector<std::string> pairs;
};

// The pairs of a folder that holds empty files of these names: finding pairs opens none.
inline std::vector<std::string> pairs_of(const NameCase& c) {
  const TempDir dir;
  for (const std::string& file : c.files) write_file(dir.path() / file, "");
  pairs::PairSource source;
  source.in = dir.path();
  std::vector<std::string> lines;
  const auto relative = [&](const std::string& path) {
    return path.empty() ? "-" : ccx::nfc(path.substr(dir.path().string().size() + 1));
  };
  try {
    for (const pairs::Pair& pair : pairs::find_pairs(source).pairs) {
      const bool is_own = pair.id == dir.path().filename().string();
      lines.push_back((is_own ? "@" : pair.id) + ": " + relative(pair.before) + " " + relative(pair.after));
    }
  } catch (const InputError& error) {
    lines = {std::string("ERROR ") + error.what()};
  }
  return lines;
}

// What is said about the pairs of such a folder, a line each.
inline std::string notes_of(const std::vector<std::string>& files) {
  const TempDir dir;
  for (const std::string& file : files) write_file(dir.path() / file, "");
  pairs::PairSource source;
  source.in = dir.path();
  std::string all;
  for (const std::string& note : pairs::find_pairs(source).notes) all += note + "\n";
  return all;
}

inline void check_names(const std::vector<NameCase>& cases) {
  for (const NameCase& c : cases) {
    INFO(c.name);
    const std::vector<std::string> found = pairs_of(c);
    if (c.pairs[0].rfind("ERROR ", 0) == 0) {
      REQUIRE(found.size() == 1);
      CHECK(found[0].rfind("ERROR ", 0) == 0);
      CHECK_THAT(found[0], contains(c.pairs[0].substr(6)));
    } else {
      std::vector<std::string> expected;
      for (const std::string& line : c.pairs) expected.push_back(ccx::nfc(line));
      CHECK(found == expected);
    }
  }
}

}  // namespace ccx::test
