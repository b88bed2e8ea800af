#include "core/io/temporary.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <random>
#include <string_view>
#include <system_error>

#include "core/io/lock.h"

namespace ccx::io {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kWord = 12;
constexpr std::size_t kLongestStem = 200;  // of a name's bytes, so that the whole stays below the usual 255

std::string prefix_of(const std::string& name, Stage stage) {
  return "." + name.substr(0, kLongestStem) + (stage == Stage::kPart ? ".part-" : ".old-");
}

// The digits alone are the process ids that earlier versions used.
bool is_word(std::string_view text) {
  const bool digits = !text.empty() && text.find_first_not_of(kLetters.substr(0, 10)) == std::string_view::npos;
  return digits || (text.size() == kWord && text.find_first_not_of(kLetters) == std::string_view::npos);
}

bool is_temporary(const std::string& name, const std::string& target, Stage stage) {
  const std::size_t word = name.rfind('-') + 1;  // 0 where there is none
  if (word == 0 || !is_word(std::string_view(name).substr(word))) return false;
  const std::string rest = name.substr(0, word);
  if (!target.empty()) return rest == prefix_of(target, stage);
  const std::string end = prefix_of("", stage).substr(1);
  return rest.size() > end.size() + 1 && rest[0] == '.' && rest.compare(rest.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

std::string random_word() {
  std::array<unsigned char, kWord> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    std::random_device source;
    for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(source());
  }
  std::string word;
  for (const unsigned char byte : bytes) word += kLetters[byte % kLetters.size()];
  return word;
}

fs::path temporary_name(const fs::path& target, Stage stage) {
  return target.parent_path() / (prefix_of(target.filename().string(), stage) + random_word());
}

std::vector<fs::path> temporaries_in(const fs::path& folder, const std::string& target, Stage stage) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_temporary(entry->path().filename().string(), target, stage)) found.push_back(entry->path());
  }
  return found;
}

void remove_abandoned_files(const fs::path& folder) {
  for (const fs::path& path : temporaries_in(folder, "", Stage::kPart)) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) continue;
    struct stat status = {};
    const bool is_file = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (is_file && try_lock(descriptor, path) == LockState::kTaken) ::unlink(path.c_str());
    ::close(descriptor);
  }
}

}  // namespace ccx::io
