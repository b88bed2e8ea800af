// For targets whose input is several files or values: one text, cut at lines of seven equals signs, and a folder that
// the parts are written to.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temp_dir.h"

namespace ccx::fuzz {

// Always `count` parts; those that the text lacks are empty.
inline std::vector<std::string_view> parts_of(std::string_view text, std::size_t count) {
  constexpr std::string_view mark = "\n=======\n";
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count) {
    const std::size_t at = text.find(mark);
    parts.push_back(text.substr(0, at));
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + mark.size());
  }
  parts.push_back(text);
  return parts;
}

// A folder of this process, in memory where the system has such a place; gone with the object.
class ScratchFolder {
 public:
  ScratchFolder() : folder_(::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") {}
  const std::filesystem::path& path() const { return folder_.path(); }

  // Writes a file, or removes it where it would be empty.
  std::filesystem::path put(const char* name, std::string_view content) const {
    std::filesystem::path file = folder_ / name;
    if (content.empty()) {
      ::unlink(file.c_str());
    } else {
      std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    }
    return file;
  }

 private:
  test::TempDir folder_;
};

}  // namespace ccx::fuzz
