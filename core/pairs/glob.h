// Shell patterns over relative paths, which also tell what their wildcards stood for. No file system.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// '*' any characters but '/', '?' one of them, '**' any characters, "**/" also none, [abc] and [a-z] one of a set, [!a]
// one that is not in it.
bool has_wildcard(std::string_view pattern);

// What each wildcard stood for, in order; nothing where the path does not match. The longest that each can take is
// taken, from the left.
std::optional<std::vector<std::string>> match_glob(std::string_view pattern, std::string_view path);

}  // namespace ccx::pairs
