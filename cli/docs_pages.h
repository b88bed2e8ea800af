// The pages of docs/, which are part of the program: `ccx help captioning` prints one.
#pragma once

#include <string_view>
#include <vector>

namespace ccx::cli {

struct DocsPage {
  const char* name;   // "captioning"
  const char* title;  // its first heading
  std::string_view text;
};

// By name. Written by cmake/EmbedDocs.cmake.
const std::vector<DocsPage>& docs_pages();

}  // namespace ccx::cli
