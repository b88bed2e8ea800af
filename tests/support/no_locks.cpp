// Preloaded into a command: a file system without locks, as some network and FUSE ones are.
#include <sys/file.h>

#include <cerrno>

extern "C" int flock(int, int) noexcept {
  errno = ENOLCK;
  return -1;
}
