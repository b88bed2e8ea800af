// A key that stands twice in one object of JSON: readers keep one of the two and tell nobody.
#pragma once

#include <string>
#include <string_view>

namespace ccx::pairs {

// Throws InputError naming the key where an object of the text, which is valid JSON, has one twice.
void require_keys_once(std::string_view text, const std::string& where);

}  // namespace ccx::pairs
