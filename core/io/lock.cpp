#include "core/io/lock.h"

#include <sys/file.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>

#include "core/io/messages.h"

namespace ccx::io {
namespace {

std::mutex mutex;

std::function<void(const std::string&)>& listener() {
  static std::function<void(const std::string&)> tell;
  return tell;
}

void tell_once(const std::filesystem::path& path) {
  static std::atomic<bool> told{false};
  if (told.exchange(true)) return;
  const std::lock_guard guard(mutex);
  const std::string message = "the file system of " + path.string() +
                              " has no locks: nothing keeps a second ccx from writing there at the same time, and what "
                              "a killed one leaves is not cleared up";
  if (listener()) {
    listener()(message);
  } else {
    say_note(message);
  }
}

}  // namespace

LockState try_lock(int descriptor, const std::filesystem::path& path) {
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return LockState::kHeldElsewhere;
    tell_once(path);
    return LockState::kNoLocks;
  }
  return LockState::kTaken;
}

void on_missing_locks(std::function<void(const std::string&)> tell) {
  const std::lock_guard guard(mutex);
  listener() = std::move(tell);
}

}  // namespace ccx::io
