// The choice between a directory, a list and pairs that the user names; unique ids (pairs.h).
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {
namespace {

std::string described(const Pair& pair) {
  return printable(utf8_name(pair.before.empty() ? pair.after : pair.before));
}

// A million ids are sorted by their places alone.
void require_unique_ids(const PairSource& source, const std::vector<Pair>& pairs) {
  std::vector<uint32_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return std::tie(pairs[a].id, a) < std::tie(pairs[b].id, b); });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Pair& first = pairs[order[i - 1]];
    const Pair& second = pairs[order[i]];
    if (first.id != second.id) continue;
    throw InputError(source.in.string() + ": the id '" + printable(first.id) + "' occurs twice, for " +
                     described(first) + " and " + described(second) +
                     "; rename one or list the pairs in a manifest with ids of their own");
  }
}

}  // namespace

PairList find_pairs(const PairSource& source) {
  if (names_pairs(source)) {
    PairList chosen = pairs_by_choice(source);
    require_unique_ids(source, chosen.pairs);
    return chosen;
  }
  if (source.in == "-") {
    PairList listed = pairs_in_manifest(source);
    require_unique_ids(source, listed.pairs);
    return listed;
  }
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(source.in, error);
  if (!std::filesystem::exists(status)) {
    throw InputError("no input at " + source.in.string() + ": " +
                     (error ? error.message() : std::string(std::strerror(ENOENT))));
  }
  const bool is_manifest = !std::filesystem::is_directory(status);
  if (is_manifest && source.layout != Layout::kAuto && source.layout != Layout::kManifest) {
    throw UsageError(source.in.string() + " is a file, and --layout " + layout_name(source.layout) +
                     " is for directories");
  }
  if (!is_manifest && source.layout == Layout::kManifest) {
    throw UsageError(source.in.string() + " is a directory, and --layout manifest is for files");
  }
  PairList list = is_manifest ? pairs_in_manifest(source) : pairs_in_directory(source);
  if (is_manifest) require_unique_ids(source, list.pairs);
  return list;
}

}  // namespace ccx::pairs
