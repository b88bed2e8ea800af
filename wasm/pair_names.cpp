#include "wasm/pair_names.h"

#include <utility>

#include "core/pairs/folder/by_names.h"

namespace ccx::wasm {

pairs::PairList find_pairs_by_name(const std::vector<std::string>& names) {
  const pairs::NameTree tree = pairs::NameTree::of_paths(names);
  pairs::NamingOptions options;
  options.root_name = "folder";
  pairs::NamedPairs found = pairs::pairs_by_names(tree, options);
  const auto files = static_cast<uint32_t>(tree.file_count());
  const auto path = [&](uint32_t picture) {
    if (picture == pairs::NamedPair::kNone) return std::string();
    return tree.file_path(picture < files ? picture : found.composed[picture - files][0]);
  };
  pairs::PairList list;
  list.layout = found.layout;
  for (pairs::NamedPair& named : found.pairs) {
    pairs::Pair pair;
    pair.id = std::move(named.id);
    pair.before = path(named.before);
    pair.after = path(named.after);
    pair.missing = std::move(named.missing);
    list.pairs.push_back(std::move(pair));
  }
  list.notes = std::move(found.notes);
  return list;
}

}  // namespace ccx::wasm
