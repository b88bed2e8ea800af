// Scores of masks (mask_scores.h).
#include "core/change/mask_scores.h"

#include <algorithm>
#include <cstddef>

#include "core/base/error.h"

namespace ccx::change {
namespace {

constexpr int kRoadValue = 128;
constexpr int kBuildingValue = 255;

std::vector<std::string> class_names(LabelScheme scheme) {
  if (scheme == LabelScheme::kBuilding) return {"none", "building"};
  if (scheme == LabelScheme::kLevirMci) return {"none", "road", "building"};
  return {kChangeKindNames.begin(), kChangeKindNames.end()};
}

// The class of a kind. What the scheme does not know, trees that went say, is nothing to it.
std::size_t class_of_kind(LabelScheme scheme, std::size_t kind) {
  const auto is = [kind](ChangeKind wanted) { return kind == static_cast<std::size_t>(wanted); };
  const bool building = is(ChangeKind::kBuildingBuilt) || is(ChangeKind::kBuildingRemoved);
  switch (scheme) {
    case LabelScheme::kBuilding:
      return building ? 1 : 0;
    case LabelScheme::kLevirMci:
      return building ? 2 : is(ChangeKind::kRoad) ? 1 : 0;
    default:
      return kind;
  }
}

std::optional<std::size_t> class_of_label(LabelScheme scheme, int value) {
  switch (scheme) {
    case LabelScheme::kBuilding:
      return value == 0 ? 0 : 1;
    case LabelScheme::kLevirMci:
      if (value == 0) return 0;
      if (value == kRoadValue) return 1;
      return value == kBuildingValue ? std::optional<std::size_t>(2) : std::nullopt;
    default:
      return value < kChangeKindCount ? std::optional<std::size_t>(static_cast<std::size_t>(value)) : std::nullopt;
  }
}

}  // namespace

LabelScheme label_scheme_from_name(const std::string& name) {
  for (const LabelScheme scheme :
       {LabelScheme::kAuto, LabelScheme::kBuilding, LabelScheme::kLevirMci, LabelScheme::kKinds}) {
    if (label_scheme_name(scheme) == name) return scheme;
  }
  throw UsageError("'" + name + "' says nothing of label pictures: expected auto, building, levir_mci or kinds");
}

std::string label_scheme_name(LabelScheme scheme) {
  switch (scheme) {
    case LabelScheme::kBuilding:
      return "building";
    case LabelScheme::kLevirMci:
      return "levir_mci";
    case LabelScheme::kKinds:
      return "kinds";
    default:
      return "auto";
  }
}

std::optional<double> ClassScore::iou() const {
  const int64_t either = predicted + labelled - both;
  if (either == 0) return std::nullopt;
  return static_cast<double>(both) / static_cast<double>(either);
}

std::optional<double> ClassScore::f1() const {
  if (predicted + labelled == 0) return std::nullopt;
  return 2.0 * static_cast<double>(both) / static_cast<double>(predicted + labelled);
}

double MaskScores::mean_iou() const {
  double sum = 0;
  int count = 0;
  for (const ClassScore& score : classes) {
    if (const std::optional<double> iou = score.iou()) {
      sum += *iou;
      ++count;
    }
  }
  return count == 0 ? 0 : sum / count;
}

void MaskEvaluation::add(const KindMask& mask, const std::string& mask_name, const KindMask& label,
                         const std::string& label_name) {
  if (mask.width != label.width || mask.height != label.height) {
    throw InputError(mask_name + " has " + std::to_string(mask.width) + "x" + std::to_string(mask.height) +
                     " pixels and " + label_name + " " + std::to_string(label.width) + "x" +
                     std::to_string(label.height) + ": a mask and its label are of one size");
  }
  for (std::size_t i = 0; i < mask.kinds.size(); ++i) {
    if (mask.kinds[i] >= kChangeKindCount) {
      throw InputError(mask_name + " holds the value " + std::to_string(mask.kinds[i]) +
                       ", and kinds of change end at " + std::to_string(kChangeKindCount - 1) +
                       "; masks are what `ccx caption --masks` writes");
    }
    ++counts_[mask.kinds[i]][label.kinds[i]];
    if (seen_in_[label.kinds[i]].empty()) seen_in_[label.kinds[i]] = label_name;
  }
  ++pairs_;
}

LabelScheme MaskEvaluation::resolved() const {
  if (scheme_ != LabelScheme::kAuto) return scheme_;
  std::vector<int> values;
  for (int value = 1; value < 256; ++value) {
    if (!seen_in_[static_cast<std::size_t>(value)].empty()) values.push_back(value);
  }
  if (values.empty()) {
    throw InputError(
        "no label picture shows any change, so nothing tells what their values mean; name it with "
        "--label-scheme");
  }
  if (values == std::vector<int>{kBuildingValue}) return LabelScheme::kBuilding;
  if (std::all_of(values.begin(), values.end(), [](int v) { return v == kRoadValue || v == kBuildingValue; })) {
    return LabelScheme::kLevirMci;
  }
  if (values.back() < kChangeKindCount && values.back() > 2) return LabelScheme::kKinds;
  std::string found;
  for (std::size_t i = 0; i < values.size() && i < 8; ++i) found += (i == 0 ? "" : ", ") + std::to_string(values[i]);
  throw InputError("label pictures hold the values " + found + (values.size() > 8 ? ", ..." : "") + " (such as " +
                   seen_in_[static_cast<std::size_t>(values.front())] +
                   "), which can be read in several ways; name one with --label-scheme building, levir_mci or kinds");
}

MaskScores MaskEvaluation::scores() const {
  if (pairs_ == 0) throw InputError("there is no pair of a mask and a label to score");
  MaskScores out;
  out.scheme = resolved();
  out.pairs = pairs_;
  for (const std::string& name : class_names(out.scheme)) out.classes.push_back({name, 0, 0, 0});
  for (int value = 0; value < 256; ++value) {
    const auto v = static_cast<std::size_t>(value);
    if (seen_in_[v].empty()) continue;
    const std::optional<std::size_t> labelled = class_of_label(out.scheme, value);
    if (!labelled) {
      throw InputError(seen_in_[v] + " holds the value " + std::to_string(value) +
                       ", which means nothing in --label-scheme " + label_scheme_name(out.scheme));
    }
    for (std::size_t kind = 0; kind < counts_.size(); ++kind) {
      const int64_t pixels = counts_[kind][v];
      const std::size_t predicted = class_of_kind(out.scheme, kind);
      out.classes[predicted].predicted += pixels;
      out.classes[*labelled].labelled += pixels;
      if (predicted == *labelled) out.classes[predicted].both += pixels;
    }
  }
  return out;
}

}  // namespace ccx::change
