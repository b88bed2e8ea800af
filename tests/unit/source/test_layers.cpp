// Includes and links go downwards only, as cmake/layers.txt has the order of the folders.
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

TEST_CASE("a library that links beside or above what the table says is not configured") {
  const test::TempDir tree;
  const std::string source = CCX_TEST_SOURCE;
  test::write_file(tree / "cmake/layers.txt", "low:\nleft: low  # beside right\nright: low\ntop: left\n");
  test::write_file(tree / "cmake/Layers.cmake", test::read_file(source + "/cmake/Layers.cmake"));
  const std::string head =
      "cmake_minimum_required(VERSION 3.25)\nproject(p NONE)\ninclude(cmake/Layers.cmake)\n"
      "foreach(name low left right top)\n  add_library(ccx_${name} INTERFACE)\nendforeach()\n"
      "set(here \"${CMAKE_SOURCE_DIR}\")\nccx_stands_in(ccx_low \"${here}/low\" zlib ccx_options)\n"
      "ccx_stands_in(ccx_left \"${here}/left/deeper\" ccx_low)\n";
  const auto configured = [&](const std::string& rest) {
    test::write_file(tree / "CMakeLists.txt", head + rest);
    return test::run_shell("cmake -S " + test::quoted(tree.path()) + " -B " + test::quoted(tree / "build"));
  };
  const auto good = configured(
      "ccx_stands_in(ccx_right \"${here}/right\" ccx_low)\nccx_stands_in(ccx_top \"${here}/top\" ccx_left ccx_low)\n");
  INFO(good.err);
  CHECK(good.exit_code == 0);
  const std::pair<std::string, std::string> wrong[] = {
      {"ccx_stands_in(ccx_right \"${here}/right\" ccx_left)\n", "does not let right use left"},
      {"ccx_stands_in(ccx_right \"${here}/right\" ccx_libtorch)\n", "does not let right use core/torch"},
      {"ccx_stands_in(ccx_right \"${here}/stray\")\n", "has no line in"},
      {"ccx_stands_in(ccx_right \"${here}/right\" ccx_later)\n", "not declared before it"}};
  for (const auto& [rest, words] : wrong) {
    CAPTURE(rest);
    const auto refused = configured(rest);
    CHECK(refused.exit_code != 0);
    std::string text = refused.err;  // CMake breaks its lines
    for (std::size_t at = 0; (at = text.find_first_of("\n ", at)) != std::string::npos; ++at) {
      text.replace(at, std::min(text.find_first_not_of("\n ", at), text.size()) - at, " ");
    }
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  }
}
