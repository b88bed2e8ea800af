// Where tests find their files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ccx::test {

// Fixtures that are part of the project.
inline std::filesystem::path data_dir() {
  return CCX_TEST_DATA;
}

// The built command.
inline std::filesystem::path ccx_binary() {
  return CCX_TEST_BINARY;
}

// Real data and further fixtures beside the project, which a user's clone does not have: empty if absent (needs_shared
// skips the test then).
inline std::filesystem::path shared_dir() {
  const char* named = std::getenv("CCX_SHARED");
  const std::filesystem::path dir = named != nullptr ? named : CCX_TEST_SHARED;
  return std::filesystem::exists(dir) ? dir : std::filesystem::path();
}

// A new empty folder, removed when the object goes.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ccx-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace ccx::test
