// A file system for GDAL that asks FileAccess before it opens anything (gdal_files.h).
#include "core/image/gdal_files.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <fcntl.h>
#include <gdal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <string_view>
#include <system_error>

namespace ccx::image {

namespace {

namespace fs = std::filesystem;

thread_local FileAccess* in_use = nullptr;

// Where GDAL's own tables lie (coordinate systems, not pictures).
fs::path& tables_folder() {
  static fs::path folder;
  return folder;
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  if (folder.empty()) return false;
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  static_cast<void>(ignored);
  return end == folder.end() || (end->empty() && std::next(end) == folder.end());
}

struct OpenFile {
  int fd = -1;
  vsi_l_offset at = 0;
  bool ended = false;
};

void* open_file(void*, const char* name, const char* access) {
  std::string resolved;
  if (std::string_view(access).find_first_of("wa+") != std::string_view::npos || !FileAccess::allows(name, &resolved)) {
    errno = ::access(name, F_OK) != 0 && errno == ENOENT ? ENOENT : EACCES;
    return nullptr;
  }
  const int fd = ::open(resolved.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  struct stat status {};
  if (fd >= 0 && (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
    ::close(fd);
    errno = EACCES;
    return nullptr;
  }
  return fd < 0 ? nullptr : new OpenFile{fd, 0, false};
}

int stat_file(void*, const char* name, VSIStatBufL* out, int) {
  std::string resolved;
  if (!FileAccess::allows(name, &resolved)) return -1;
  return ::stat64(resolved.c_str(), out);
}

vsi_l_offset tell(void* file) {
  return static_cast<OpenFile*>(file)->at;
}

int seek(void* file, vsi_l_offset offset, int whence) {
  auto* open = static_cast<OpenFile*>(file);
  open->ended = false;
  if (whence == SEEK_END) {
    struct stat status {};
    if (::fstat(open->fd, &status) != 0) return -1;
    open->at = static_cast<vsi_l_offset>(status.st_size) + offset;
  } else {
    open->at = whence == SEEK_CUR ? open->at + offset : offset;
  }
  return 0;
}

std::size_t read_file(void* file, void* buffer, std::size_t size, std::size_t count) {
  auto* open = static_cast<OpenFile*>(file);
  const std::size_t wanted = size * count;
  std::size_t got = 0;
  while (got < wanted) {
    const ssize_t n =
        ::pread64(open->fd, static_cast<char*>(buffer) + got, wanted - got, static_cast<off64_t>(open->at + got));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  open->ended = got < wanted;
  open->at += got;
  return size == 0 ? 0 : got / size;
}

int is_at_end(void* file) {
  return static_cast<OpenFile*>(file)->ended ? 1 : 0;
}

int close_file(void* file) {
  auto* open = static_cast<OpenFile*>(file);
  const int result = ::close(open->fd);
  delete open;
  return result;
}

void* open_nothing(void*, const char*, const char*) {
  errno = EACCES;
  return nullptr;
}

int stat_nothing(void*, const char*, VSIStatBufL*, int) {
  return -1;
}

void install_file_systems() {
  VSIFilesystemPluginCallbacksStruct* callbacks = VSIAllocFilesystemPluginCallbacksStruct();
  callbacks->open = open_nothing;
  callbacks->stat = stat_nothing;
  callbacks->read = read_file;
  callbacks->seek = seek;
  callbacks->tell = tell;
  callbacks->eof = is_at_end;
  callbacks->close = close_file;
  constexpr std::array elsewhere = {"/vsicurl/",
                                    "/vsicurl_streaming/",
                                    "/vsis3/",
                                    "/vsis3_streaming/",
                                    "/vsigs/",
                                    "/vsigs_streaming/",
                                    "/vsiaz/",
                                    "/vsiaz_streaming/",
                                    "/vsiadls/",
                                    "/vsioss/",
                                    "/vsioss_streaming/",
                                    "/vsiswift/",
                                    "/vsiswift_streaming/",
                                    "/vsihdfs/",
                                    "/vsiwebhdfs/",
                                    "/vsizip/",
                                    "/vsitar/",
                                    "/vsigzip/",
                                    "/vsi7z/",
                                    "/vsirar/",
                                    "/vsistdin/",
                                    "/vsistdout/",
                                    "/vsistdout_redirect/",
                                    "/vsicrypt/",
                                    "/vsisparse/",
                                    "/vsicached?"};
  for (const char* prefix : elsewhere) VSIInstallPluginHandler(prefix, callbacks);
  callbacks->open = open_file;
  callbacks->stat = stat_file;
  VSIInstallPluginHandler("", callbacks);  // every other path: the real file system
  VSIFreeFilesystemPluginCallbacksStruct(callbacks);
}

void keep_only_known_drivers() {
  constexpr std::array<std::string_view, 9> known = {"GTiff", "VRT",         "ENVI", "HFA", "BMP",
                                                     "PNG",   "JP2OpenJPEG", "JPEG", "MEM"};
  for (int i = GDALGetDriverCount() - 1; i >= 0; --i) {
    GDALDriverH driver = GDALGetDriver(i);
    const std::string_view name = GDALGetDriverShortName(driver);
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    GDALDeregisterDriver(driver);
    GDALDestroyDriver(driver);
  }
}

}  // namespace

FileAccess::FileAccess(const fs::path& picture, const std::optional<fs::path>& root, bool anywhere)
    : anywhere_(anywhere && !picture.empty()) {
  if (picture.empty()) return;
  std::error_code ignored;
  picture_ = fs::canonical(picture, ignored);
  const fs::path folder = picture.has_parent_path() ? picture.parent_path() : fs::path(".");
  root_ = fs::canonical(root.value_or(folder), ignored);
}

FileAccess::Use::Use(FileAccess& access) : outer_(in_use) {
  in_use = &access;
}

FileAccess::Use::~Use() {
  in_use = outer_;
}

bool FileAccess::allows(const char* path, std::string* resolved) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return false;
  *resolved = real.string();
  if (lies_in(real, tables_folder())) return true;
  FileAccess* access = in_use;
  if (access == nullptr) return false;
  const bool is_beside = !access->picture_.empty() && real.parent_path() == access->picture_.parent_path() &&
                         real.filename().string().rfind(access->picture_.stem().string(), 0) == 0;
  if (access->anywhere_ || lies_in(real, access->root_) || is_beside) return true;
  // What GDAL looks for on its own account (its settings, say) is not what the picture asked for.
  const bool is_system = real.string().rfind("/proc/", 0) == 0 || real.string().rfind("/sys/", 0) == 0;
  if (access->refused_.empty() && !is_system && fs::is_regular_file(real, error)) access->refused_ = real.string();
  return false;
}

void set_up_gdal() {
  static std::once_flag once;
  std::call_once(once, [] {
    CPLSetErrorHandler(CPLQuietErrorHandler);
    GDALAllRegister();
    keep_only_known_drivers();
    for (const char* table : {"gdalvrt.xsd", "tms_NZTM2000.json", "gdal_datum.csv"}) {
      const char* found = CPLFindFile("gdal", table);
      std::error_code ignored;
      if (found != nullptr) tables_folder() = fs::canonical(fs::path(found).parent_path(), ignored);
    }
    install_file_systems();
    CPLSetConfigOption("GDAL_VRT_ENABLE_PYTHON", "NO");
    CPLSetConfigOption("GTIFF_IGNORE_READ_ERRORS", "NO");
    CPLSetConfigOption("GDAL_ERROR_ON_LIBJPEG_WARNING", "YES");
    CPLSetConfigOption("GDAL_NUM_THREADS", "1");  // other threads would have no FileAccess, and readers are many
    CPLSetConfigOption("GDAL_CACHEMAX", "256");   // MiB, of decoded blocks
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "NO");
    CPLSetConfigOption("GDAL_PAM_ENABLED", "YES");
    CPLSetConfigOption("CPL_DEBUG", "OFF");
  });
}

}  // namespace ccx::image
