// Advisory locks of files and folders, which end with their process however that ends.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace ccx::io {

enum class LockState {
  kTaken,
  kHeldElsewhere,  // by another descriptor: another process, as a rule
  kNoLocks         // the file system has none; the user was told, once a process
};

// Tries to lock what `descriptor` has open, and does not wait. `path` is for the message. Process ids would not do
// instead: a folder may be shared by machines and containers, where they say nothing.
LockState try_lock(int descriptor, const std::filesystem::path& path);

// Who is told of a file system without locks; stderr where `tell` is empty, and until this is called.
void on_missing_locks(std::function<void(const std::string& message)> tell);

}  // namespace ccx::io
