#include "cli/caption_images.h"

#include <filesystem>
#include <system_error>

#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/image/no_picture.h"
#include "core/pairs/naming/file_kinds.h"

namespace ccx::cli {
namespace {

constexpr const char* kQuotes =
    "if a wildcard stood there, the shell put names in its place: put it in quotes (--before 'A/*.png' --after "
    "'B/*.png'), or name folders";

bool is_picture(const std::filesystem::path& path) {
  std::error_code ignored;
  return pairs::kind_of_file(path.filename().string()) != pairs::FileKind::kOther &&
         std::filesystem::is_regular_file(path, ignored);
}

// "6 bands" or "2 pages" of a picture that may hold both dates; empty for an ordinary one, and where it cannot be read.
std::string stacked(const std::filesystem::path& path) {
  try {
    const image::ReadInfo info = image::read_picture(path).info;
    if (info.bands_in_file >= 6) return std::to_string(info.bands_in_file) + " bands";
    if (info.pages > 1) return std::to_string(info.pages) + " pages";
  } catch (const image::DecodeError&) {
    return "";
  }
  return "";
}

[[noreturn]] void refuse_one_picture(const std::filesystem::path& path) {
  const std::string stack = stacked(path);
  const bool is_of_bands = stack.ends_with("bands");
  std::string message = path.string() + " is one picture" + (stack.empty() ? "" : ", of " + stack) +
                        ", and a change is seen in two: name the earlier and the later (ccx caption before.tif "
                        "after.tif), or a folder or list of pairs";
  if (!stack.empty()) {
    message += "; where both dates lie in it, write each into a file of its own, such as gdal_translate " +
               std::string(is_of_bands ? "-b 1 -b 2 -b 3 IN before.tif" : "GTIFF_DIR:1:IN before.tif");
  }
  throw UsageError(message);
}

}  // namespace

void take_images(const std::vector<std::string>& images, pairs::PairSource& source) {
  const bool names_input = !source.in.empty() || !source.before.empty() || !source.after.empty();
  if (images.size() > 2 && !names_input) {
    throw UsageError(std::to_string(images.size()) + " names stand without an option (" + images[0] + ", " + images[1] +
                     ", " + images[2] + (images.size() > 3 ? ", ..." : "") +
                     "), and a pair has two images: name two, or a folder or list of pairs; " + kQuotes);
  }
  if (images.size() == 1 && source.in.empty() && source.before.empty()) {
    source.in = images[0];
  } else if (images.size() == 2 && !names_input) {
    source.before = images[0];
    source.after = images[1];
  } else if (!images.empty()) {
    throw UsageError(images[0] +
                     " stands without an option, and --in, --before or --after name the input already: take one of the "
                     "two; " +
                     kQuotes);
  }
  if (source.in.empty() && !pairs::names_pairs(source)) {
    throw UsageError(
        "nothing to caption: name two images (ccx caption before.tif after.tif), or --in with a directory or a list");
  }
  for (const std::filesystem::path& path :
       {source.in, std::filesystem::path(source.before), std::filesystem::path(source.after)}) {
    if (!path.empty() && image::is_raster_directory(path)) {
      throw InputError("cannot read " + path.string() + ": " + image::no_picture_but_directory(path));
    }
  }
  if (source.before.empty() && source.after.empty() && is_picture(source.in)) refuse_one_picture(source.in);
}

}  // namespace ccx::cli
