#include "train/evaluation/examiner.h"

namespace ccx::train {

Batch pictures_of(const ValidationPairs& pairs) {
  Batch batch;
  batch.samples.resize(pairs.size());
  for (const SampleReader::Pair& pair : pairs) {
    batch.ids.push_back(pair.id);
    batch.pixels.insert(batch.pixels.end(), pair.before.begin(), pair.before.end());
    batch.pixels.insert(batch.pixels.end(), pair.after.begin(), pair.after.end());
    batch.maps.push_back(pair.maps);
    if (pair.changes) batch.changes.push_back(*pair.changes);
  }
  return batch;
}

}  // namespace ccx::train
