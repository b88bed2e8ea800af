// What ids and paths say of where a pair is from: the split and the site. "rome/1" and "paris/A/1.png" are different
// pairs although both are called 1.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/pairs/lists/predictions.h"

namespace ccx::metrics {

using pairs::Prediction;
using pairs::Reference;

// How what a prediction says of its place stands to what a reference says.
enum class Agreement {
  kContradicts,  // another split, or another site
  kUnknown,      // one of them says nothing
  kAgrees
};

class Places {
 public:
  // The references' own splits count as splits, whatever they are called.
  explicit Places(const std::vector<Reference>& references);

  // The split that the prediction names: in its record, its id or the path of its picture. Empty where in none.
  std::string split_of(const Prediction& prediction) const;
  // "train, images": all that the reference is known to lie in.
  std::string described(const Reference& reference) const;

  // Of splits alone: what two pairs of the same id may still differ in.
  Agreement splits(const Prediction& prediction, const Reference& reference) const;
  // A folder of the prediction's picture, however far up, is called like the reference's split.
  bool is_told(const Prediction& prediction, const Reference& reference) const;
  // The pictures lie in folders that have nothing in common, as those of two sites do, or those of two machines.
  bool are_apart(const Prediction& prediction, const Reference& reference) const;
  // Of splits and of the folders in ids and paths.
  Agreement folders(const Prediction& prediction, const Reference& reference) const;

 private:
  bool is_split(const std::string& name) const;
  std::string split_in(const std::vector<std::string>& folders, std::size_t most) const;
  std::string split_of_path(const std::string& path) const;
  std::vector<std::string> splits_of(const Reference& reference) const;
  std::set<std::string> sites_in(const std::string& path) const;

  std::set<std::string> known_;
};

}  // namespace ccx::metrics
