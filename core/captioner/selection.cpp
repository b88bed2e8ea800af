#include "core/captioner/selection.h"

#include <utility>

#include "core/captioner/run_info.h"

namespace ccx::captioner {

Selection select_pairs(const pairs::PairSource& source, std::optional<std::size_t> limit, const records::Shard& shard) {
  pairs::PairList list = pairs::find_pairs(source);
  if (limit && list.pairs.size() > *limit) list.pairs.resize(*limit);
  Selection selection;
  selection.layout = list.layout;
  selection.input_pairs = list.pairs.size();
  selection.input_ids = digest_of_ids(list.pairs);
  selection.notes = std::move(list.notes);
  selection.pairs = std::move(list.pairs);
  // In place: a million pairs are not held twice.
  if (shard.count > 1) {
    std::erase_if(selection.pairs, [&](const pairs::Pair& pair) { return !shard.holds(pair.id); });
    selection.pairs.shrink_to_fit();
  }
  return selection;
}

}  // namespace ccx::captioner
