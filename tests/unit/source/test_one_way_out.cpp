// Every writer of the project goes through core/io: no source opens a file for writing, renames, removes or prints data
// on its own.
#include <regex>
#include <sstream>

#include "core/io/file.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"

using namespace ccx;
namespace fs = std::filesystem;

TEST_CASE("no source outside core/io writes, renames, removes or prints past it") {
  const std::regex past(
      R"(\bofstream\b|\bstd::fstream\b|\bf?(d?open|reopen)\([^)]*"[wa]|std::cout|\bstd::printf\(|\bputs\(|fs::rename\(|)"
      R"(\bremove_all\(|O_CREAT|\bmkstemp|\bunlink\()");
  const fs::path root = CCX_TEST_SOURCE;
  for (const char* folder : {"cli", "core", "train"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string name = entry.path().lexically_relative(root).generic_string();
      const bool is_source = entry.path().extension() == ".cpp" || entry.path().extension() == ".h";
      if (!is_source || name.rfind("core/io/", 0) == 0) continue;
      std::istringstream in(io::read_file(entry.path()));
      int number = 0;
      for (std::string line; std::getline(in, line);) {
        ++number;
        line = line.substr(0, line.find("//"));
        INFO(name << ":" << number << ": " << line);
        CHECK_FALSE(std::regex_search(line, past));
      }
    }
  }
}
