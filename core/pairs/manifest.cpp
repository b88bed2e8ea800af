// Pairs listed in a file (pairs.h): a list, read by core/pairs/lists.
#include <utility>

#include "core/base/error.h"
#include "core/pairs/lists/pair_set.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {

PairList pairs_in_manifest(const PairSource& source) {
  PairSetOptions options;
  options.root = source.root;
  options.allow_outside = source.allow_outside;
  options.split = source.split;
  options.series = source.series;
  PairSet set = read_pair_set(source.in, options);
  PairList list;
  list.layout = Layout::kManifest;
  list.pairs.reserve(set.pairs.size());
  for (AnnotatedPair& pair : set.pairs) list.pairs.push_back(std::move(static_cast<Pair&>(pair)));
  list.notes = std::move(set.notes);
  return list;
}

}  // namespace ccx::pairs
