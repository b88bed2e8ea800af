// Splits and sites in ids and paths (places.h).
#include "core/evaluation/places.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/joined.h"
#include "core/pairs/lists/place_names.h"
#include "core/pairs/lists/values.h"

namespace ccx::metrics {
namespace {

using pairs::place_folders;

bool holds_all(const std::set<std::string>& all, const std::set<std::string>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

Places::Places(const std::vector<Reference>& references) {
  for (const Reference& reference : references) known_.insert(ascii::lower(reference.split));
  known_.erase("");
}

bool Places::is_split(const std::string& name) const {
  return pairs::is_split_name(name) || known_.count(name) != 0;
}

std::string Places::split_in(const std::vector<std::string>& folders, std::size_t most) const {
  for (std::size_t i = 0; i < std::min(most, folders.size()); ++i) {
    if (is_split(folders[i])) return folders[i];
  }
  return "";
}

// Far up in an absolute path "train" may be anything; beside the picture it is its split.
std::string Places::split_of_path(const std::string& path) const {
  const bool is_absolute = !path.empty() && (path[0] == '/' || path[0] == '\\' || path.find(':') == 1);
  return split_in(place_folders(path), is_absolute ? 1 : 3);
}

std::string Places::split_of(const Prediction& prediction) const {
  if (!prediction.split.empty()) return prediction.split;
  const std::string named = split_in(place_folders(prediction.id), prediction.id.size());
  return named.empty() ? split_of_path(prediction.before) : named;
}

std::vector<std::string> Places::splits_of(const Reference& reference) const {
  std::vector<std::string> out;
  for (const std::string& split :
       {reference.split, is_split(ascii::lower(reference.folder)) ? reference.folder : std::string(),
        split_in(place_folders(reference.id), reference.id.size()),
        split_in(place_folders(reference.other_id), reference.other_id.size()), split_of_path(reference.before)}) {
    if (!split.empty() && std::find(out.begin(), out.end(), split) == out.end()) out.push_back(split);
  }
  return out;
}

std::set<std::string> Places::sites_in(const std::string& path) const {
  std::set<std::string> out;
  for (std::string& folder : place_folders(path)) {
    if (!is_split(folder)) out.insert(std::move(folder));
  }
  return out;
}

std::string Places::described(const Reference& reference) const {
  const std::vector<std::string> splits = splits_of(reference);
  if (!splits.empty()) return "of the split " + joined_text(splits, ", ");
  std::set<std::string> sites = sites_in(reference.id);
  if (sites.empty()) sites = sites_in(reference.before);
  return "in " + joined_text(sites, ", ");
}

Agreement Places::splits(const Prediction& prediction, const Reference& reference) const {
  const std::string said = split_of(prediction);
  const std::vector<std::string> known = splits_of(reference);
  if (said.empty() || known.empty()) return Agreement::kUnknown;
  const bool agrees =
      std::any_of(known.begin(), known.end(), [&](const std::string& split) { return pairs::same_split(split, said); });
  return agrees ? Agreement::kAgrees : Agreement::kContradicts;
}

bool Places::is_told(const Prediction& prediction, const Reference& reference) const {
  if (folders(prediction, reference) == Agreement::kAgrees) return true;
  const std::vector<std::string> above = place_folders(prediction.before);
  return std::any_of(above.begin(), above.end(),
                     [&](const std::string& folder) { return pairs::same_split(folder, reference.split); });
}

bool Places::are_apart(const Prediction& prediction, const Reference& reference) const {
  const std::set<std::string> seen = sites_in(prediction.before);
  const std::set<std::string> known = sites_in(reference.before);
  return !seen.empty() && !known.empty() &&
         std::none_of(known.begin(), known.end(), [&](const std::string& site) { return seen.count(site) != 0; });
}

Agreement Places::folders(const Prediction& prediction, const Reference& reference) const {
  const Agreement by_split = splits(prediction, reference);
  if (by_split == Agreement::kContradicts) return by_split;
  const std::set<std::string> said = sites_in(prediction.id);
  std::set<std::string> known = sites_in(reference.id);
  known.merge(sites_in(reference.other_id));
  known.merge(sites_in(reference.before));
  if (said.empty()) {
    // An id without folders is of no site; its picture may be.
    const std::set<std::string> seen = sites_in(prediction.before);
    const bool is_same = !known.empty() && !seen.empty() && (holds_all(seen, known) || holds_all(known, seen));
    return is_same ? Agreement::kAgrees : by_split;
  }
  if (known.empty()) return by_split;
  return holds_all(known, said) || holds_all(said, known) ? Agreement::kAgrees : Agreement::kContradicts;
}

}  // namespace ccx::metrics
