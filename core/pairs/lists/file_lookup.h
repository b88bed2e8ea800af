// Finding a file by a name that is not quite its own: other case, the other spelling of an umlaut, backslashes, escaped
// bytes, no extension. Lists are written on other machines than they are read on.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ccx::pairs {

class FileLookup {
 public:
  enum class Match { kExact, kEscaped, kEncoding, kBackslash, kCase, kExtension };
  struct Found {
    std::filesystem::path path;
    Match match = Match::kExact;
  };

  // The file of `name` in `base`, which may be anywhere below it. With `any_extension` a name without one, or with
  // another picture's, finds the one picture of its stem. Nothing where there is no file, or where several fit equally.
  std::optional<Found> find(const std::filesystem::path& base, const std::string& name, bool any_extension);

  // A folder below base by its name in any case; nothing where there is none.
  std::optional<std::filesystem::path> folder(const std::filesystem::path& base, const std::string& name);

 private:
  struct Listing {
    std::unordered_multimap<std::string, std::string> by_name;  // folded -> as it is
    std::unordered_multimap<std::string, std::string> by_stem;  // of pictures
  };
  const Listing& listing(const std::filesystem::path& folder);
  std::optional<std::filesystem::path> folded(const std::filesystem::path& base, const std::filesystem::path& name,
                                              bool any_extension, bool& took_extension);

  std::map<std::filesystem::path, Listing> listings_;
};

}  // namespace ccx::pairs
