// A folder of small pictures and the lists that tests write beside them.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.h"
#include "core/pairs/lists/pair_set.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

namespace ccx::test {

// A folder with two pairs in A/ and B/, "x" and "y 1", and a list beside them.
class Lists {
 public:
  Lists() {
    for (const char* file : {"A/x.png", "B/x.png", "A/y 1.png", "B/y 1.png"}) write_file(dir_ / file, "");
  }
  std::filesystem::path operator/(const std::string& name) const { return dir_ / name; }
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    write_file(dir_ / name, content);
    return dir_ / name;
  }
  pairs::PairSet read(const std::string& name, const std::string& content,
                      const pairs::PairSetOptions& options = {}) const {
    return pairs::read_pair_set(write(name, content), options);
  }
  void gives_x(const std::string& name, const std::string& content, const std::string& id = "1") const {
    INFO(name << ": " << content);
    pairs::PairSet set;
    REQUIRE_NOTHROW(set = read(name, content));
    REQUIRE(set.pairs.size() == 1);
    CHECK(set.pairs[0].id == id);
    CHECK(set.pairs[0].before == (dir_ / "A/x.png").string());
    CHECK(set.pairs[0].after == (dir_ / "B/x.png").string());
  }
  void refuses(const std::string& name, const std::string& content, const std::string& message) const {
    INFO(content);
    CHECK_THROWS_AS(read(name, content), InputError);
    CHECK_THROWS_WITH(read(name, content), contains(name) && contains(message));
  }

 private:
  TempDir dir_;
};

}  // namespace ccx::test
