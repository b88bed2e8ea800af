// Names of files and folders, a line each, as a folder or a browser gives them: dates, roles, pairs and patterns.
#include <string>
#include <vector>

#include "core/pairs/folder/by_names.h"
#include "core/pairs/glob.h"
#include "core/pairs/naming/dates.h"
#include "tests/fuzz/target.h"

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < 64) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

void read_dates(const std::string& name) {
  for (const bool month_first : {false, true}) {
    std::size_t last = 0;
    for (const ccx::pairs::DateSpan& span : ccx::pairs::dates_in(name, {.month_first = month_first})) {
      if (span.begin < last || span.end <= span.begin || span.end > name.size()) __builtin_trap();
      last = span.end;
      if (!span.is_noise && (span.date.month > 12 || span.date.day > 31)) __builtin_trap();
      ccx::pairs::text_of(span.date, true);
    }
  }
  ccx::pairs::is_month_first(name);
}

void find_pairs(const ccx::pairs::NameTree& tree, ccx::pairs::Layout layout, ccx::pairs::Series series) {
  ccx::pairs::NamingOptions options;
  options.layout = layout;
  options.series = series;
  options.root_name = "root";
  const ccx::pairs::NamedPairs found = ccx::pairs::pairs_by_names(tree, options);
  const std::size_t pictures = tree.file_count() + found.composed.size();
  for (const ccx::pairs::NamedPair& pair : found.pairs) {
    for (const uint32_t picture : {pair.before, pair.after}) {
      if (picture != ccx::pairs::NamedPair::kNone && picture >= pictures) __builtin_trap();
    }
    if (pair.before == pair.after) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using ccx::pairs::Layout;
  using ccx::pairs::Series;
  const std::vector<std::string> names = lines_of(ccx::fuzz::text(data, size));
  for (const std::string& name : names) read_dates(name);
  if (names.size() >= 2 && names[0].size() < 64) ccx::pairs::match_glob(names[0], names[1]);
  ccx::fuzz::attempt([&] {
    const ccx::pairs::NameTree tree = ccx::pairs::NameTree::of_paths(names);
    for (const Layout layout : {Layout::kAuto, Layout::kFolders, Layout::kPairFolders, Layout::kSuffixes}) {
      for (const Series series : {Series::kRefuse, Series::kAll}) {
        ccx::fuzz::attempt([&] { find_pairs(tree, layout, series); });
      }
    }
  });
  return 0;
}
