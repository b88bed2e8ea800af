#include "core/captioner/merge_order.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/pairs/pairs.h"

namespace ccx::captioner {
namespace {

std::vector<std::string> ids_of(const pairs::PairList& list) {
  std::vector<std::string> ids;
  for (const pairs::Pair& pair : list.pairs) ids.push_back(pair.id);
  return ids;
}

// Of the input that the sidecars name, as long as it is what it was.
std::optional<std::vector<std::string>> recorded_ids(const RunInfo& info) {
  pairs::PairSource recorded;
  recorded.in = info.in;
  recorded.split = info.split;
  recorded.series = info.series;
  recorded.before = info.before;
  recorded.after = info.after;
  recorded.pattern = info.pattern;
  // The sidecar tells the layout that was found; most were not asked for.
  for (const pairs::Layout layout : {pairs::Layout::kAuto, pairs::layout_from_name(info.layout)}) {
    recorded.layout = layout;
    try {
      pairs::PairList list = pairs::find_pairs(recorded);
      list.pairs.resize(std::min(list.pairs.size(), info.input_pairs));
      if (digest_of_ids(list.pairs) == info.input_ids) return ids_of(list);
    } catch (const Error&) {
      // Gone, or another by now.
    }
  }
  return std::nullopt;
}

}  // namespace

MergeOrder::MergeOrder(const MergeJob& job, const MergeFiles& files) : job_(job), files_(files) {
  const bool has_info = !files.infos().empty();
  if (job.source) {
    pairs::PairList list = pairs::find_pairs(*job.source);
    if (has_info) list.pairs.resize(std::min(list.pairs.size(), files.infos().begin()->second.input_pairs));
    expected_ = ids_of(list);
  } else if (has_info) {
    expected_ = recorded_ids(files.infos().begin()->second);
  }
}

std::string MergeOrder::input_name() const {
  return job_.source ? job_.source->in.string() : files_.infos().begin()->second.in;
}

std::vector<std::string> MergeOrder::absent() const {
  std::vector<std::string> absent;
  for (const std::string& id : *expected_) {
    if (!files_.has(id)) absent.push_back(id);
  }
  return absent;
}

std::string MergeOrder::missing() const {
  if (!expected_) return " (--in names the missing ids)";
  const std::vector<std::string> ids = absent();
  return ids.empty() ? "" : "; missing: " + named(ids);
}

void MergeOrder::require_the_same() const {
  const std::vector<std::string> missing = absent();
  if (!missing.empty()) {
    throw InputError(std::to_string(missing.size()) + " of the " + std::to_string(expected_->size()) + " pairs of " +
                     input_name() + " have no record: " + named(missing));
  }
  const std::set<std::string_view> known(expected_->begin(), expected_->end());
  std::vector<std::string> unknown;
  for (const auto& [id, line] : files_.lines()) {
    if (known.count(id) == 0) unknown.push_back(id);
  }
  if (!unknown.empty()) {
    throw InputError("there are records of pairs that " + input_name() + " does not hold: " + named(unknown));
  }
}

std::vector<std::string> MergeOrder::ids() const {
  if (expected_) {
    require_the_same();
    return *expected_;
  }
  const bool own_order = files_.infos().begin()->second.layout == pairs::layout_name(pairs::Layout::kManifest);
  if (own_order && files_.count() > 1) {
    throw InputError("the input was the manifest " + files_.infos().begin()->second.in +
                     ", whose order is its own: name it with --in");
  }
  std::vector<std::string> ids;
  if (files_.count() == 1) {
    std::vector<std::pair<const char*, std::string>> placed;
    for (const auto& [id, line] : files_.lines()) placed.emplace_back(line.text.data(), id);
    std::sort(placed.begin(), placed.end());
    for (auto& [place, id] : placed) ids.push_back(std::move(id));
  } else {
    for (const auto& [id, line] : files_.lines()) ids.push_back(id);
  }
  return ids;
}

}  // namespace ccx::captioner
