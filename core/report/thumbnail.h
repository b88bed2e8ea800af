// Small pictures as data URIs, so that a report needs no other file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ccx::report {

struct ThumbnailOptions {
  int size = 192;                              // longest side in pixels, 0 for no pictures
  std::vector<std::filesystem::path> folders;  // where a relative path is looked for, in this order
};

struct Thumbnail {
  std::string uri;            // empty where there is no picture
  std::string reason;         // then why, for the reader
  int width = 0, height = 0;  // pixels of the picture that it shows
};

// Where a path of a record leads.
std::filesystem::path locate(const std::string& path, const ThumbnailOptions& options);

// Never throws: a picture that is missing or broken is told in `reason`.
Thumbnail make_thumbnail(const std::string& path, const ThumbnailOptions& options);

}  // namespace ccx::report
