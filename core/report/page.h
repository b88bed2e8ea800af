// The frame of a report: style, script and a policy that lets the page load nothing.
#pragma once

#include <string>

#include "core/io/file_kind.h"

namespace ccx::report {

enum class Script {
  kNone,     // the policy allows none
  kGallery,  // filters, order and keys of a gallery of captions
};

// A whole HTML document. `title` is plain text, `body` is HTML.
std::string page(const std::string& title, const std::string& body, Script script);

// Files that page() made.
io::FileKind page_file();

}  // namespace ccx::report
