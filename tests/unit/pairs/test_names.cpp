// Ids and file names as text.
#include <set>
#include <string>

#include "core/pairs/naming/names.h"
#include "tests/support/catch.h"

using namespace ccx::pairs;

TEST_CASE("a name of valid UTF-8 stays as it is") {
  for (const std::string name :
       {"test_000004", "a b", "line\nbreak", "d\xC3\xB6rf", "100%", "50% off", "\xF0\x9F\x8C\x8D"}) {
    CHECK(utf8_name(name) == name);
  }
}

TEST_CASE("bytes that are not UTF-8 are escaped and come back") {
  CHECK(utf8_name("a\xFFz") == "a%FFz");
  CHECK(utf8_name("\xC3") == "%C3");                // cut sequence
  CHECK(utf8_name("\xC0\xAF") == "%C0%AF");         // overlong '/'
  CHECK(utf8_name("\xED\xA0\x80") == "%ED%A0%80");  // surrogate
  CHECK(utf8_name("%41") == "%2541");               // would read as an escape
  for (const std::string bytes :
       {"a\xFFz", "%41", "%", "%4\xFF", "%%41", "\xC3%C3", "\xF5\x80\x80\x80", "%2", "\xE2\x82"}) {
    CHECK(bytes_of(utf8_name(bytes)) == bytes);
  }
}

TEST_CASE("the stable hash has the values it always had") {
  // FNV-1a and splitmix64's finaliser, computed apart from this code.
  CHECK(stable_hash("") == 0xf52a15e9a9b5e89bULL);
  CHECK(stable_hash("a") == 0x02c0bdbf481420f8ULL);
  CHECK(stable_hash("test_000004") == 0xc98d2058cde2ff86ULL);
}

TEST_CASE("no id leads out of a folder") {
  CHECK(safe_relative_path("test_000004") == "test_000004");
  CHECK(safe_relative_path("train/x.v2") == "train/x.v2");
  for (const std::string id :
       {"../../etc/passwd", "/etc/passwd", "a/../../b", "..", ".", "//", "a//b", "x/", ".hidden"}) {
    const std::filesystem::path path = safe_relative_path(id);
    INFO(id << " -> " << path);
    CHECK(path.is_relative());
    CHECK(path.lexically_normal() == path);
    for (const auto& part : path) {
      CHECK_FALSE(part.empty());
      CHECK(part.string().front() != '.');
    }
  }
}

TEST_CASE("different ids have different files, whatever their extension") {
  std::set<std::string> files;
  const std::set<std::string> ids = {"x",
                                     "x.png",
                                     "x.png/y",
                                     "x/y",
                                     "%2E./a",
                                     "../a",
                                     "./a",
                                     "a",
                                     "%2F",
                                     "/",
                                     "",
                                     "a%2F",
                                     "a/",
                                     "a\nb",
                                     "a%0Ab",
                                     "x.npy/y",
                                     "x.npy",
                                     std::string(300, 'a'),
                                     std::string(301, 'a')};
  for (const std::string& id : ids) {
    for (const char* extension : {".png", ".npy"}) files.insert(safe_relative_path(id).string() + extension);
  }
  CHECK(files.size() == 2 * ids.size());
  // A file is nowhere a folder of another.
  for (const std::string& file : files) CHECK(files.lower_bound(file + "/") == files.lower_bound(file + "0"));
  for (const std::string& id : ids) {
    for (const auto& part : safe_relative_path(id)) CHECK(part.string().size() <= 255 - 4);
  }
}

TEST_CASE("a name is printed on one line") {
  CHECK(printable("a\nb\tc\x1B[2J") == "a\\nb\\tc\\x1B[2J");
}
