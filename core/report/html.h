// Text, bytes and numbers as they stand in an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace ccx::report {

// The five characters with a meaning in HTML become entities, control characters and bytes that are not UTF-8 the
// replacement character: the result is plain text in an element and in a quoted attribute alike.
std::string escape(std::string_view text);

std::string base64(std::string_view bytes);

// A number by a printf pattern such as "%.4f", at most 63 characters of it.
std::string format(const char* pattern, double value);

}  // namespace ccx::report
