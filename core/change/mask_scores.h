// How well masks agree with label pictures: intersection over union and F1 of each class, counted over all pixels of
// all pairs together, as LEVIR-MCI's evaluation does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/change/change_map.h"

namespace ccx::change {

// What the values of label pictures mean.
enum class LabelScheme {
  kAuto,
  kBuilding,  // LEVIR-CD: 0 nothing, all else a building that came or went
  kLevirMci,  // LEVIR-MCI: 0 nothing, 128 road, 255 building
  kKinds,     // ChangeKind's numbers, as `ccx scenes` and `ccx caption --masks` write them
};

// "auto", "building", "levir_mci", "kinds". Throws UsageError for another name.
LabelScheme label_scheme_from_name(const std::string& name);
std::string label_scheme_name(LabelScheme scheme);

struct ClassScore {
  std::string name;
  int64_t predicted = 0, labelled = 0, both = 0;  // pixels
  // Unset where neither masks nor labels have a pixel of the class: nothing was judged.
  std::optional<double> iou() const;
  std::optional<double> f1() const;
};

struct MaskScores {
  LabelScheme scheme = LabelScheme::kAuto;  // never kAuto
  std::size_t pairs = 0;
  std::vector<ClassScore> classes;  // "none" first
  double mean_iou() const;          // over the classes that were judged, none among them
};

// Gathers pairs of masks and labels. Values of both are kept counted until the scheme is known, so that `auto` can
// decide by what all label pictures hold together.
class MaskEvaluation {
 public:
  explicit MaskEvaluation(LabelScheme scheme) : scheme_(scheme) {}

  // `mask` holds kinds, `label` values of the scheme. Throws InputError naming both for pictures of two sizes, and
  // for a mask with a value that is no kind.
  void add(const KindMask& mask, const std::string& mask_name, const KindMask& label, const std::string& label_name);

  // Throws InputError where nothing was added, where a label's value has no meaning in the scheme, and where `auto`
  // cannot tell: 1 and 2 are road and building to some and kinds to others.
  MaskScores scores() const;

 private:
  LabelScheme resolved() const;

  LabelScheme scheme_;
  std::size_t pairs_ = 0;
  std::array<std::array<int64_t, 256>, kChangeKindCount> counts_{};  // [kind][label value] pixels
  std::array<std::string, 256> seen_in_;                             // the first label picture with each value
};

}  // namespace ccx::change
