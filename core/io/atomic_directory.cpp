#include "core/io/atomic_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/io/destination.h"
#include "core/io/file.h"
#include "core/io/lock.h"
#include "core/io/temporary.h"
#include "core/io/write_error.h"

namespace ccx::io {
namespace fs = std::filesystem;

namespace {

// Kinds of a marker in a directory that is not in place yet.
constexpr char kUnfinished[] = "unfinished";
constexpr char kMoving[] = "moving into place";

int open_folder(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// A lock on a directory that stands under a temporary name: its descriptor, or -1 where a living process has it or
// nobody can tell.
int lock_abandoned(const fs::path& path) {
  const int descriptor = open_folder(path);
  if (descriptor < 0) return -1;
  if (try_lock(descriptor, path) == LockState::kTaken) return descriptor;
  ::close(descriptor);
  return -1;
}

void move_up(const fs::path& from, const fs::path& to, const std::string& last) {
  const auto move = [&](const fs::path& name) {
    if (::rename((from / name).c_str(), (to / name).c_str()) != 0) throw_write_error(to / name, errno, true);
  };
  std::vector<fs::path> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    const fs::path name = entry.path().filename();
    if (name != last && name != kMarkerFile) names.push_back(name);
  }
  for (const fs::path& name : names) move(name);
  std::error_code ignored;
  if (last != kMarkerFile && fs::exists(from / last, ignored)) move(last);
}

void write_marker(const fs::path& directory, const Marker& marker) {
  write_file_atomically(directory / kMarkerFile, marker_text(marker), own_place());
}

// Every folder below and including this one: the names in them must last before the directory gets its own.
void sync_tree(const fs::path& directory) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    if (fs::is_directory(entry->symlink_status(error))) sync_folder(entry->path());
  }
  sync_folder(directory);
}

// The marker of a directory whose files are all in place, or its removal where another file shows the kind.
void finish_marker(const DirectoryKind& kind, const fs::path& directory, const FileNames& files) {
  std::error_code ignored;
  if (kind.identity == kMarkerFile) {
    write_marker(directory, {kind.name, files});
  } else {
    fs::remove(directory / kMarkerFile, ignored);
  }
}

// What killed processes left in `folder` for `target`.
void clear_up(const DirectoryKind& kind, const fs::path& target, const fs::path& folder) {
  std::error_code ignored;
  const std::string name = target.filename().string();
  for (const fs::path& part : temporaries_in(folder, name, Stage::kPart)) {
    const int descriptor = lock_abandoned(part);
    if (descriptor < 0) continue;
    const std::optional<Marker> marker = read_marker(part);
    if (marker && marker->kind == kMoving && folder == target) {
      move_up(part, target, kind.identity);
      finish_marker(kind, target, marker->files);
    }
    // Nothing but an empty directory is taken for ours without a marker.
    if (marker && (marker->kind == kUnfinished || marker->kind == kMoving)) {
      fs::remove_all(part, ignored);
    } else {
      // Killed while it wrote its marker, at the latest.
      for (const fs::path& begun : temporaries_in(part, kMarkerFile, Stage::kPart)) fs::remove(begun, ignored);
      ::rmdir(part.c_str());
    }
    ::close(descriptor);
  }
  if (folder == target) return;
  for (const fs::path& old : temporaries_in(folder, name, Stage::kOld)) {
    const int descriptor = lock_abandoned(old);
    if (descriptor < 0) continue;
    const std::optional<FileNames> own = files_of(kind, old);
    if (own && fs::exists(target, ignored)) {
      remove_own_files(old, *own);
    } else if (own) {
      fs::rename(old, target, ignored);
    }
    ::close(descriptor);
  }
}

// The path that a directory's name leads to, without a slash at the end.
fs::path followed(const fs::path& named) {
  std::error_code ignored;
  fs::path path = fs::absolute(named, ignored).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  for (int links = 0; links < 40 && fs::is_symlink(fs::symlink_status(path, ignored)); ++links) {
    path = (path.parent_path() / fs::read_symlink(path, ignored)).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
  }
  return path;
}

// Holds nothing but what this module makes while it works.
bool is_empty_directory(const fs::path& path) {
  std::error_code error;
  const std::vector<fs::path> parts = temporaries_in(path, path.filename().string(), Stage::kPart);
  std::size_t entries = 0;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) ++entries;
  return !error && entries == parts.size();
}

}  // namespace

void remove_abandoned_directories(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::path& part : temporaries_in(folder, "", Stage::kPart)) {
    const int descriptor = lock_abandoned(part);
    if (descriptor < 0) continue;
    const std::optional<Marker> marker = read_marker(part);
    if (marker && marker->kind == kUnfinished) fs::remove_all(part, ignored);
    ::close(descriptor);
  }
}

AtomicDirectory::AtomicDirectory(const fs::path& target, bool overwrite, DirectoryKind kind)
    : kind_(std::move(kind)), overwrite_(overwrite), named_(target), target_(followed(target)) {
  std::error_code ignored;
  clear_up(kind_, target_, target_.parent_path());
  if (fs::is_directory(target_, ignored)) clear_up(kind_, target_, target_);
  accept_target();
  fills_ = fs::is_directory(target_, ignored) && is_empty_directory(target_);
  create_work();
}

void AtomicDirectory::accept_target() const {
  std::error_code error;
  if (!fs::exists(target_, error)) return;
  if (!fs::is_directory(target_, error)) throw UsageError(named_.string() + " is a file; --out must name a directory");
  if (::access(target_.c_str(), R_OK | W_OK | X_OK) != 0) throw_write_error(named_, errno, false);
  if (is_empty_directory(target_)) return;
  const std::optional<FileNames> own = files_of(kind_, target_);
  const std::optional<std::string> foreign = foreign_file(target_, own.value_or(FileNames()));
  if (!own) {
    throw UsageError(named_.string() + " is there already and is no earlier " + kind_.name + " that ccx wrote" +
                     (foreign ? " (it holds " + *foreign + ")" : "") + "; give --out a new directory");
  }
  if (foreign) {
    throw UsageError(named_.string() + " holds " + *foreign +
                     ", which ccx did not write there: move it away, or give " + "--out a new directory");
  }
  if (!overwrite_) {
    throw UsageError(named_.string() + " is there already; give --overwrite to replace the " + kind_.name + " in it");
  }
}

void AtomicDirectory::create_work() {
  std::error_code error;
  for (fs::path parent = target_.parent_path(); !fs::exists(parent, error) && parent.has_relative_path();
       parent = parent.parent_path()) {
    parents_.push_back(parent);
  }
  for (auto parent = parents_.rbegin(); parent != parents_.rend(); ++parent) {
    if (::mkdir(parent->c_str(), 0777) != 0 && errno != EEXIST) throw_write_error(named_, errno, false);
  }
  while (true) {
    work_ = temporary_name(fills_ ? target_ / target_.filename() : target_, Stage::kPart);
    if (::mkdir(work_.c_str(), 0777) != 0) {
      if (errno == EEXIST) continue;
      const int reason = errno;
      work_.clear();
      throw_write_error(named_, reason, false);
    }
    lock_ = open_folder(work_);
    // Somebody who clears up may have taken the empty directory for abandoned before it was locked.
    if (lock_ >= 0 && try_lock(lock_, work_) != LockState::kHeldElsewhere && fs::exists(work_, error)) break;
    if (lock_ >= 0) ::close(lock_);
    lock_ = -1;
  }
  write_marker(work_, {kUnfinished, {}});
}

AtomicDirectory::~AtomicDirectory() {
  std::error_code ignored;
  const bool gives_up = !work_.empty();
  if (gives_up) fs::remove_all(work_, ignored);
  if (lock_ >= 0) ::close(lock_);
  if (!gives_up) return;
  for (const fs::path& parent : parents_) {
    if (::rmdir(parent.c_str()) != 0) break;
  }
}

void AtomicDirectory::commit() {
  if (fills_) {
    fill_target();
  } else {
    swap_with_target();
  }
  sync_folder(target_);
  sync_folder(target_.parent_path());
}

void AtomicDirectory::fill_target() {
  FileNames files = all_files(work_);
  files.erase(kMarkerFile);
  if (!is_empty_directory(target_)) {
    throw WriteError(named_.string() + " was empty and is not any more: another process writes there too");
  }
  write_marker(work_, {kMoving, files});
  sync_tree(work_);
  move_up(work_, target_, kind_.identity);
  if (kind_.identity == kMarkerFile) write_marker(target_, {kind_.name, files});
  std::error_code ignored;
  fs::remove_all(work_, ignored);
  work_.clear();
}

void AtomicDirectory::swap_with_target() {
  FileNames files = all_files(work_);
  files.erase(kMarkerFile);
  // Where another file shows the kind, the marker goes only when the directory has its name: one without is never
  // cleared up.
  if (kind_.identity == kMarkerFile) write_marker(work_, {kind_.name, files});
  sync_tree(work_);
  std::error_code error;
  fs::path old;
  int old_lock = -1;
  std::optional<FileNames> replaced;
  if (fs::exists(target_, error) && !is_empty_directory(target_)) {
    try {
      accept_target();  // once more: hours may have passed
    } catch (const Error& refusal) {
      throw WriteError(refusal.what());
    }
    replaced = files_of(kind_, target_);
    struct stat status = {};
    if (::stat(target_.c_str(), &status) == 0) ::chmod(work_.c_str(), status.st_mode & 07777);
    old_lock = lock_abandoned(target_);
    old = temporary_name(target_, Stage::kOld);
    fs::rename(target_, old, error);
  }
  if (!error) fs::rename(work_, target_, error);
  if (error) {
    std::error_code ignored;
    if (!old.empty() && !fs::exists(target_, ignored)) fs::rename(old, target_, ignored);
    if (old_lock >= 0) ::close(old_lock);
    throw WriteError("cannot put " + named_.string() + " in place: " + error.message());
  }
  work_.clear();
  if (kind_.identity != kMarkerFile) fs::remove(target_ / kMarkerFile, error);
  if (replaced) remove_own_files(old, *replaced);
  if (old_lock >= 0) ::close(old_lock);
}

}  // namespace ccx::io
