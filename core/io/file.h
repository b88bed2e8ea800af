// Files read whole, and files written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/io/destination.h"
#include "core/io/file_kind.h"

namespace ccx::io {

inline constexpr std::size_t kMostOfAnyFile = std::size_t{16} << 30;

// The whole content. Throws InputError naming the path when it cannot be read, or holds more than `most` bytes: a
// device that never ends is not read to its end.
std::string read_file(const std::filesystem::path& path, std::size_t most = kMostOfAnyFile);

// Whether a file that begins with these bytes is a Python pickle, of protocol 2 to 5.
bool is_pickle(std::string_view head);

// How much a commit waits for. The file itself always reaches the disk before it gets its name.
enum class Durability {
  kNamed,   // its name too: what was committed is there after a power cut
  kContent  // one of thousands: the caller syncs their folders at the end (sync_folder)
};

// A file under construction: written beside its target, synced and renamed over it by commit(), so that a crash leaves
// the old file or the new one and never half of either. Without commit() the target is untouched. A file that is there
// and holds something is replaced only where it is of the kind that the caller names, and keeps its permissions. Links
// are followed. What is no regular file (a pipe, /dev/null, /dev/stdout, "-" for stdout) is written straight through
// and is never replaced.
//
// Throws UsageError for a file of another kind, InputError naming the target when it cannot be begun (no such folder,
// no permission), WriteError when writing fails on the way (no space).
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& target, const FileKind& replaces = new_file());
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  bool is_stream() const { return destination_.is_stream; }
  void write(std::string_view bytes);
  void commit(Durability durability = Durability::kNamed);
  // As commit(); gives the descriptor of the file that is in place now, open for reading and appending, with this
  // object's lock. The caller closes it. Not for streams.
  int commit_and_keep();

 private:
  void create();
  void put_in_place();
  void discard() noexcept;

  Destination destination_;
  std::filesystem::path temporary_;
  int fd_ = -1;
};

// `path` and `replaces` as for AtomicFile.
void write_file_atomically(const std::filesystem::path& path, std::string_view content,
                           const FileKind& replaces = new_file(), Durability durability = Durability::kNamed);

// Makes `link` a symbolic link to `target`, in one step where it points elsewhere now. Throws WriteError where
// something else than a link has that name.
void replace_link(const std::filesystem::path& link, const std::string& target);

}  // namespace ccx::io
