// Finding the reference of a prediction: by the same id, by the file's name, by COCO's number, or else by the last part
// of the id, where nothing speaks against it.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/evaluation/places.h"
#include "core/pairs/lists/predictions.h"

namespace ccx::metrics {

// What was found, or why nothing was.
struct FoundReference {
  const Reference* reference = nullptr;
  bool by_last_part = false;  // "rome/1" with "1", or two pictures of one name: nothing else says that they are one
  const Reference* other = nullptr;  // one of the same name in another split or place, which is not the prediction's
  std::size_t rivals = 0;            // how many could be meant, where it is more than one
};

class ReferenceIndex {
 public:
  // Of one split, or of all where it is empty. Throws InputError where the references have no such split.
  ReferenceIndex(const std::vector<Reference>& references, const std::vector<Prediction>& predictions,
                 const std::string& split);

  // Throws InputError where an id is in two splits and nothing says which, where the references hold it for two pairs,
  // and where it is the number of one image and the name of another.
  FoundReference find(const Prediction& prediction) const;

  const Places& places() const { return places_; }
  // What a person should know.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  using Index = std::unordered_map<std::string, std::vector<const Reference*>>;
  using References = std::vector<const Reference*>;

  void add(const Reference& reference);
  void look_at_numbers(const std::vector<Prediction>& predictions);
  bool may_be_number(const Prediction& prediction, const Reference& reference) const;
  References by_number(const Prediction& prediction) const;
  References by_name(const Prediction& prediction) const;
  References by_id_or_number(const Prediction& prediction) const;
  FoundReference one_of(const References& found, const Prediction& prediction) const;
  FoundReference by_last_part(const Prediction& prediction) const;

  Places places_;
  Index by_id_, by_file_, by_number_, by_last_part_;
  bool numbers_alone_ = false;  // "image_id" of the predictions is "id" of COCO's images
  std::vector<std::string> notes_;
};

}  // namespace ccx::metrics
