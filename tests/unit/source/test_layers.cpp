// Includes go downwards only, as cmake/layers.txt has the order of the folders.
#include <iostream>

#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/unit/source/layers.h"

using namespace ccx;
using test::Layers;

TEST_CASE("no source includes upwards or sideways") {
  const std::filesystem::path root = CCX_TEST_SOURCE;
  const Layers layers = Layers::parse(test::read_file(root / "cmake/layers.txt"));
  std::string told;
  for (const std::string& line : test::broken_rules(layers, root, {"core", "train", "cli", "wasm"}))
    told += line + "\n";
  std::cerr << told;  // Catch2 would break the lines
  CHECK(told.empty());
}

TEST_CASE("the walk over includes sees what goes upwards, sideways, nowhere and beyond the table") {
  const test::TempDir tree;
  for (const char* header : {"low/a.h", "low/deep/b.h", "left/l.h", "right/r.h", "top/t.h", "stray/s.h"}) {
    test::write_file(tree / header, "");
  }
  test::write_file(tree / "top/good.cpp",
                   "#include \"left/l.h\"\n#include \"low/deep/b.h\"\n#include \"top/t.h\"\n#include <low>\n");
  test::write_file(tree / "low/bad.cpp", "// one\n  # include \"top/t.h\"\n");
  test::write_file(tree / "left/bad.h", "#include \"right/r.h\"\n#include \"l.h\"\n#include \"stray/s.h\"\n");
  test::write_file(tree / "right/known.cpp", "#include \"top/t.h\"\n");
  const std::string table =
      "low:\nleft: low  # beside right\nright: low\ntop: left right\n\nexcept right/known.cpp top/t.h\n";
  const auto broken = [&](const std::string& text, const std::vector<std::string>& folders) {
    return test::broken_rules(Layers::parse(text), tree.path(), folders);
  };
  CHECK(broken(table, {"low", "left", "right", "top"}) ==
        std::vector<std::string>{
            "left/bad.h:1: sideways include of \"right/r.h\": cmake/layers.txt does not let left use right",
            "left/bad.h:2: \"l.h\" is no file of the tree; includes are written from its root",
            "left/bad.h:3: \"stray/s.h\" lies in a folder without a line in cmake/layers.txt",
            "low/bad.cpp:2: upward include of \"top/t.h\": cmake/layers.txt does not let low use top",
        });
  CHECK(broken(table + "except top/good.cpp low/a.h\n", {"right", "top"}) ==
        std::vector<std::string>{"cmake/layers.txt: \"except top/good.cpp low/a.h\" is needed no more"});
  test::write_file(tree / "stray/s.cpp", "#include \"low/a.h\"\n");
  CHECK(broken("low:\n", {"stray"}) ==
        std::vector<std::string>{"stray/s.cpp:1: its folder has no line in cmake/layers.txt"});
}

TEST_CASE("a table that names a folder above, or one twice, is refused by line") {
  CHECK_THROWS_WITH(Layers::parse("a: b\nb:\n"), "line 1: b does not stand above this line");
  CHECK_THROWS_WITH(Layers::parse("a:\na:\n"), "line 2: a stands there twice");
  CHECK_THROWS_WITH(Layers::parse("\nwords\n"), "line 2: FOLDER: FOLDERS");
}
