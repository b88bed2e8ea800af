#include "core/captioner/record_writer.h"

#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/captioner/heatmap.h"
#include "core/change/mask_png.h"
#include "core/image/decode.h"
#include "core/io/file.h"
#include "core/records/found_changes.h"

namespace ccx::captioner {

RecordWriter::RecordWriter(const CaptionJob& job, const std::vector<pairs::Pair>& pairs, RunObserver& observer)
    : job_(job), pairs_(pairs), observer_(observer) {
  if (job_.heatmaps) heatmaps_.emplace(*job_.heatmaps, heatmap_pictures(), pairs);
  if (job_.masks) masks_.emplace(*job_.masks, mask_pictures(), pairs);
  std::error_code ignored;
  if (heatmaps_ && masks_ && std::filesystem::equivalent(heatmaps_->path(), masks_->path(), ignored)) {
    throw UsageError("--heatmaps and --masks name one folder, and their pictures have the same names: name two");
  }
}

void RecordWriter::begin(const ReadingOptions& reading, records::RecordFormat format) {
  reading_ = reading;
  format_ = format;
  if (heatmaps_) heatmaps_->begin();
  if (masks_) masks_->begin();
}

void RecordWriter::sync() const {
  if (heatmaps_) heatmaps_->sync();
  if (masks_) masks_->sync();
}

std::string RecordWriter::lines(std::vector<Outcome>& outcomes, Ledger& ledger) {
  std::string lines;
  for (Outcome& outcome : outcomes) {
    const pairs::Pair& pair = pairs_[outcome.index];
    aligned_ += outcome.reading.aligned ? 1 : 0;
    records::Extras extras;
    if (outcome.caption && heatmaps_ && outcome.caption->grid > 0) draw_heatmap(pair, outcome, extras);
    if (outcome.caption && !outcome.caption->change_map.empty()) tell_changes(pair, outcome, extras);
    for (const image::PairWarning& warning : outcome.reading.warnings) {
      ledger.warn(image::warning_name(warning.code));
      if (job_.captions_only) observer_.note(warning.message);
    }
    lines += line(pair, outcome, extras);
  }
  return lines;
}

std::string RecordWriter::line(const pairs::Pair& pair, const Outcome& outcome, const records::Extras& extras) {
  if (outcome.failure) observer_.failed(pair.id, *outcome.failure);
  if (job_.captions_only) return outcome.failure ? "" : outcome.caption->text + "\n";
  const std::string record = outcome.failure ? records::error_record(pair, *outcome.failure)
                                             : records::caption_record(pair, *outcome.caption, outcome.read_ms, extras,
                                                                       {job_.timings}, &outcome.reading);
  return records::formatted_record(record, format_) + "\n";
}

void RecordWriter::draw_heatmap(const pairs::Pair& pair, Outcome& outcome, records::Extras& extras) {
  try {
    extras.heatmap = write_heatmap(heatmaps_->path(), pair, *outcome.caption, reading_);
    empty_maps_ += extras.heatmap ? 0 : 1;
    heatmaps_->wrote(picture_base(heatmaps_->path(), pair));
  } catch (const image::DecodeError& error) {
    // The image was readable a moment ago.
    outcome.failure = {records::ErrorCode::kDecodeImage, error.what()};
  }
}

// Places and masks of a caption whose model has a change head.
void RecordWriter::tell_changes(const pairs::Pair& pair, const Outcome& outcome, records::Extras& extras) {
  if (job_.captions_only && !masks_) return;
  const records::MaskGrid grid = records::mask_grid(outcome.reading);
  extras.places = records::found_places(*outcome.caption, grid);
  if (!masks_ && !job_.mask_lengths) return;
  change::KindMask mask = records::found_mask(*outcome.caption, grid);
  if (masks_) {
    extras.mask = picture_base(masks_->path(), pair).string() + ".png";
    create_folder_of(*extras.mask);
    io::write_file_atomically(*extras.mask, change::mask_png(mask), io::own_place(), io::Durability::kContent);
    masks_->wrote(*extras.mask);
  }
  if (job_.mask_lengths) extras.lengths = std::move(mask);
}

}  // namespace ccx::captioner
