// Reading sources out of a VRT's text (vrt_sources.h).
#include "core/pairs/folder/vrt_sources.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ascii.h"

namespace ccx::pairs {
namespace {

std::string without_escapes(std::string text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEscapes = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  for (const auto& [escape, plain] : kEscapes) {
    for (std::size_t at = text.find(escape); at != std::string::npos; at = text.find(escape, at + 1))
      text.replace(at, escape.size(), 1, plain);
  }
  return text;
}

// The texts of a tag's elements.
std::vector<std::string> sources_in(std::string_view text, std::string_view tag, bool only_relative) {
  std::vector<std::string> out;
  for (std::size_t at = text.find(tag); at != std::string_view::npos; at = text.find(tag, at + 1)) {
    const std::size_t begin = text.find('>', at);
    const std::size_t end = text.find('<', at + 1);
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) break;
    const bool is_relative = text.substr(at, begin - at).find("relativeToVRT=\"1\"") != std::string_view::npos;
    std::string path = without_escapes(std::string(ascii::trimmed(text.substr(begin + 1, end - begin - 1))));
    const bool is_known = std::find(out.begin(), out.end(), path) != out.end();
    if ((is_relative || !only_relative) && !path.empty() && !is_known) out.push_back(std::move(path));
  }
  return out;
}

}  // namespace

VrtSources vrt_sources(std::string_view text) {
  VrtSources out;
  if (text.substr(0, 4000).find("<VRTDataset") == std::string_view::npos) return out;
  for (const std::string_view tag : {"<SourceFilename", "<SourceDataset"}) {
    for (std::string& path : sources_in(text, tag, true)) out.paths.push_back(std::move(path));
  }
  constexpr std::string_view kBand = "<VRTRasterBand";
  for (std::size_t at = text.find(kBand); at != std::string_view::npos;) {
    const std::size_t next = text.find(kBand, at + 1);
    const std::string_view band = text.substr(at, next == std::string_view::npos ? next : next - at);
    out.is_mosaic = out.is_mosaic || sources_in(band, "<SourceFilename", false).size() > 1;
    at = next;
  }
  return out;
}

}  // namespace ccx::pairs
