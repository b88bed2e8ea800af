// What a path that the user gave names as a place to write: a file, or a stream that can only be written onwards.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ccx::io {

struct Destination {
  std::filesystem::path named;  // as the user wrote it
  // A pipe, a terminal, /dev/null, an open descriptor ("-", /dev/stdout, /dev/fd/N): written as it is, never replaced.
  bool is_stream = false;
  int descriptor = -1;         // of a stream that this process has open already
  std::filesystem::path path;  // with every link followed: what is replaced is the file, never the link
  std::optional<mode_t> mode;  // of a file that is there: permission bits
};

// Throws InputError for a directory, a loop of links, and a file that is there and may not be written.
Destination find_destination(const std::filesystem::path& path);

// A new descriptor that writes to a stream, close-on-exec. Throws InputError.
int open_stream(const Destination& stream);

// Writes all of it. An errno, or 0.
int write_all(int descriptor, const char* bytes, std::size_t count);

// Throws UsageError where `output` is one of `inputs`: what is read must not be replaced by what is made of it.
void require_not_an_input(const std::filesystem::path& output, const std::vector<std::filesystem::path>& inputs);

// Throws UsageError where `output` is `folder` or lies in it, links followed: a folder that is read, a model's, say, is
// not written into. `what` names it in the message. "-" and no name are fine.
void require_outside(const std::filesystem::path& output, const std::filesystem::path& folder, const std::string& what);

// Makes what was renamed or created in a folder last through a power cut. Does nothing where folders cannot be synced.
void sync_folder(const std::filesystem::path& folder);

}  // namespace ccx::io
