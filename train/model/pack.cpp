// Rows of a batch: the images' tokens put in place, labels shifted, short rows padded.
#include <algorithm>

#include "core/base/error.h"
#include "train/model/model.h"

namespace ccx::train {

Packed pack(const std::vector<text::TrainingSample>& samples, int64_t visual, int64_t pad_id, int64_t limit) {
  using Ids = std::vector<int64_t>;
  Packed packed;
  if (samples.empty()) throw InputError("a batch holds no samples");

  const auto image_at = [](const Ids& ids, size_t from) {
    return static_cast<size_t>(std::find(ids.begin() + static_cast<std::ptrdiff_t>(from), ids.end(), text::kImageId) -
                               ids.begin());
  };
  const Ids& first = samples[0].ids;
  const size_t image1 = image_at(first, 0);
  const size_t image2 = image1 < first.size() ? image_at(first, image1 + 1) : first.size();
  if (image2 >= first.size()) throw InputError("a training sample must hold two images");
  packed.before_first.assign(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(image1));
  packed.between.assign(first.begin() + static_cast<std::ptrdiff_t>(image1) + 1,
                        first.begin() + static_cast<std::ptrdiff_t>(image2));

  size_t longest = 0;
  for (const text::TrainingSample& sample : samples) {
    if (sample.ids.size() <= image2 ||
        !std::equal(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(image2) + 1, sample.ids.begin())) {
      throw InputError("the samples of a batch must share their prompt up to the second image");
    }
    longest = std::max(longest, sample.ids.size());
  }
  packed.length = static_cast<int64_t>(longest) - 2 + 2 * visual;
  if (packed.length > limit) {
    throw InputError("a sample takes " + std::to_string(packed.length) + " positions, more than the " +
                     std::to_string(limit) + " that training allows; shorten its caption");
  }

  for (size_t row = 0; row < samples.size(); ++row) {
    const text::TrainingSample& sample = samples[row];
    Ids labels;
    for (size_t i = 0; i < sample.ids.size(); ++i) {
      if (sample.ids[i] == text::kImageId) {
        labels.insert(labels.end(), static_cast<size_t>(visual), text::kIgnoredLabel);
      } else {
        labels.push_back(sample.labels[i]);
      }
      if (i > image2) packed.after.push_back(sample.ids[i]);
    }
    packed.after.insert(packed.after.end(), longest - sample.ids.size(), pad_id);
    labels.resize(static_cast<size_t>(packed.length), text::kIgnoredLabel);
    const int64_t start = static_cast<int64_t>(row) * packed.length;
    for (int64_t i = 1; i < packed.length; ++i) {
      const int64_t target = labels[static_cast<size_t>(i)];
      if (target == text::kIgnoredLabel) continue;
      packed.positions.push_back(start + i - 1);
      packed.targets.push_back(target);
    }
    packed.labels.insert(packed.labels.end(), labels.begin(), labels.end());
  }
  return packed;
}

}  // namespace ccx::train
