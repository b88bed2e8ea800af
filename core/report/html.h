// Text and bytes made safe to stand in an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace ccx::report {

// The five characters with a meaning in HTML become entities, control characters and bytes that are not UTF-8 the
// replacement character: the result is plain text in an element and in a quoted attribute alike.
std::string escape(std::string_view text);

std::string base64(std::string_view bytes);

}  // namespace ccx::report
