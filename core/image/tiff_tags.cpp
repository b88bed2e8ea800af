// Looking through the directory of a TIFF's picture (tiff_tags.h).
#include "core/image/tiff_tags.h"

#include <optional>
#include <string>
#include <utility>

#include "core/image/tiff_pages.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

// Refuses what GDAL would hand out as if it were brightnesses of red, green and blue.
void check_photometric(uint64_t photometric) {
  const char* kind = photometric == 9 || photometric == 10          ? "ICC or ITU L*a*b*"
                     : photometric == 32803                         ? "a colour filter array, raw from the sensor"
                     : photometric == 32844 || photometric == 32845 ? "SGI's logarithmic luminance"
                                                                    : nullptr;
  if (kind != nullptr) {
    throw DecodeError(Reason::kUnsupported, std::string("its colours are ") + kind + "; convert it to RGB");
  }
}

// The high bytes of a colour map: all reds, all greens, all blues.
void take_palette(const TiffFile& file, const TiffEntry& entry, TiffTags& out) {
  const std::string map = file.fetch(file.offset(entry), static_cast<std::size_t>(entry.values) * 2);
  if (map.size() != entry.values * 2) return;
  const std::size_t colours = map.size() / 6;
  out.palette.resize(colours);
  for (std::size_t i = 0; i < colours; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      out.palette[i][c] = static_cast<uint8_t>(file.number(map, (c * colours + i) * 2, 2) >> 8);
    }
  }
}

}  // namespace

TiffTags tiff_tags(const Fetch& fetch) {
  const auto cut = [] { return DecodeError(Reason::kTruncated, "its directory is cut short"); };
  const TiffFile file(fetch);
  TiffPage page = picture_page(file);
  TiffTags out;
  out.directory = page.directory;
  out.pages = page.choice.alike;
  out.page_note = std::move(page.choice.note);
  const std::optional<TiffDirectory> directory = file.directory(page.directory == 0 ? file.first() : page.directory);
  if (!directory) throw cut();
  for (const TiffEntry& entry : directory->entries) {
    const uint64_t bytes = entry.values < (uint64_t{1} << 40) ? entry.values * entry.value_size : 0;
    if (bytes > file.word() && file.fetch(file.offset(entry) + bytes - 1, 1).empty()) throw cut();
    const uint64_t first = file.number(entry.place, 0, 2);
    if (entry.tag == 262) check_photometric(first);
    if (entry.tag == 274 && first >= 1 && first <= 8) out.orientation = static_cast<int>(first);
    if (entry.tag == 338 && entry.values >= 1) out.associated_alpha = first == 1;
    if (entry.tag == 320 && entry.values >= 3 && entry.values <= 3 * 65536 && entry.values % 3 == 0) {
      take_palette(file, entry, out);
    }
  }
  return out;
}

}  // namespace ccx::image
