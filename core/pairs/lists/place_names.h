// The folders of a path that say where a pair is from: a split or a site, and not which date or kind of file it is.
#pragma once

#include <string>
#include <vector>

namespace ccx::pairs {

// In small letters, from the file's own folder upwards: "test", "rome" of "rome/images/test/A/1.png". Backslashes are
// slashes.
std::vector<std::string> place_folders(const std::string& path);

}  // namespace ccx::pairs
