// From what became of pairs to lines of the captions file, with the pictures that go with them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/captioner/caption_job.h"
#include "core/captioner/ledger.h"
#include "core/captioner/picture_folder.h"
#include "core/captioner/pipeline.h"
#include "core/records/record.h"
#include "core/records/record_format.h"

namespace ccx::captioner {

class RecordWriter {
 public:
  // Creates the folders of heat maps and masks that the job names. Throws UsageError and InputError as PictureFolder.
  RecordWriter(const CaptionJob& job, const std::vector<pairs::Pair>& pairs, RunObserver& observer);

  // Before the first record. `reading`: as the pairs are read; `format`: of the lines.
  void begin(const ReadingOptions& reading, records::RecordFormat format);
  // The lines of a batch; its pictures are written, its warnings go to the ledger.
  std::string lines(std::vector<Outcome>& outcomes, Ledger& ledger);
  // Pictures written last through a power cut.
  void sync() const;

  std::size_t aligned() const { return aligned_; }
  std::size_t empty_maps() const { return empty_maps_; }

 private:
  void draw_heatmap(const pairs::Pair& pair, Outcome& outcome, records::Extras& extras);
  void tell_changes(const pairs::Pair& pair, const Outcome& outcome, records::Extras& extras);
  std::string line(const pairs::Pair& pair, const Outcome& outcome, const records::Extras& extras);

  const CaptionJob& job_;
  const std::vector<pairs::Pair>& pairs_;
  RunObserver& observer_;
  ReadingOptions reading_;
  records::RecordFormat format_ = records::RecordFormat::kJsonLines;
  std::optional<PictureFolder> heatmaps_, masks_;
  std::size_t aligned_ = 0;     // pairs that were brought to what their dates share
  std::size_t empty_maps_ = 0;  // heat maps without a picture
};

}  // namespace ccx::captioner
