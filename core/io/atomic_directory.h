// A directory that appears whole or not at all, and replaces only what ccx made.
#pragma once

#include <filesystem>
#include <vector>

#include "core/io/directory_kind.h"

namespace ccx::io {

// Work goes to a hidden directory, which commit() puts in place; without commit() it is removed again. It is locked
// while its process lives, so that the next one can tell what a killed one left behind.
//
// A target that is not there, or an empty directory (which is filled and stays the one it was: a mounted volume, the
// working folder), is taken. One that holds something is refused, unless `overwrite` is set and it is a directory of
// this kind with nothing in it but what ccx wrote. A link to a directory is followed.
class AtomicDirectory {
 public:
  // Clears up after killed processes: removes what they left beside this target, puts back a directory that one of them
  // was replacing, and finishes one whose files were being moved into place. Throws UsageError for a target that is
  // refused, InputError or WriteError when nothing can be created there.
  AtomicDirectory(const std::filesystem::path& target, bool overwrite, DirectoryKind kind);
  AtomicDirectory(const AtomicDirectory&) = delete;
  AtomicDirectory& operator=(const AtomicDirectory&) = delete;
  ~AtomicDirectory();

  // Where the files are to be written.
  const std::filesystem::path& path() const { return work_; }
  // Throws WriteError naming the target; the old directory is then still in place.
  void commit();

 private:
  void accept_target() const;
  void create_work();
  void fill_target();
  void swap_with_target();

  DirectoryKind kind_;
  bool overwrite_;
  std::filesystem::path named_, target_, work_;
  bool fills_ = false;                          // the target is there and empty: work_ lies in it
  std::vector<std::filesystem::path> parents_;  // folders that were made for it, the innermost first
  int lock_ = -1;                               // descriptor of work_
};

// Removes the unfinished directories that killed processes left in `folder`, whatever they were to become.
void remove_abandoned_directories(const std::filesystem::path& folder);

}  // namespace ccx::io
