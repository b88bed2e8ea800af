// The lines of a captions file: one JSON object a pair, in the schema of docs/architecture.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change/places.h"
#include "core/engine/engine.h"
#include "core/image/pair_checks.h"
#include "core/pairs/pairs.h"

namespace ccx::records {

enum class ErrorCode {
  kDecodeImage,
  kMissingBefore,
  kMissingAfter,
  kTooLarge,
  kOutOfMemory,
  kInternal,
  kDifferentPlace,
  // Warnings that --strict-pairs makes errors, in the order of image::WarningCode.
  kFirstWarning
};

std::string error_name(ErrorCode code);  // "decode_image", ...
ErrorCode error_of(image::WarningCode code);

// Why a pair has no caption.
struct Failure {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

// What was read, where it was read at all.
struct Reading {
  image::ReadInfo before;
  image::ReadInfo after;
  std::vector<image::PairWarning> warnings;
  bool aligned = false;  // cropped or warped to the ground that the dates share
};

// What a record says beside the caption, where it was asked for and where the model can say it.
struct Extras {
  std::optional<std::filesystem::path> heatmap = {};      // where its picture lies
  std::optional<std::filesystem::path> mask = {};         // likewise
  std::optional<std::vector<change::Place>> places = {};  // of a model with a change head
  std::optional<change::KindMask> lengths = {};           // to be written as run lengths
};

struct RecordOptions {
  bool timings = true;  // write "ms"
};

// {"id","before","after","caption","changed","p_change","p_parts","logprob_mean","logprob_min","tokens","ms","places",
// "mask","mask_rle","heatmap","read","warnings"} without a newline. p_change is left out when it was not asked for,
// places, mask, mask_rle and heatmap when there are none, read where both dates are plain (image::ReadInfo), warnings
// where there are none. Probabilities and natural logarithms have four decimals; log-probabilities run over all new
// tokens, the end of sequence included. ms holds milliseconds: read, vision, prefill, decode. places:
// [{"kind","box":[x,y,width,height], "area","p"}]; mask_rle: COCO's {"size":[height,width],"counts"} of each kind that
// is there. Paths are escaped as ids are (names.h); a missing image is null.
std::string caption_record(const pairs::Pair& pair, const engine::Caption& caption, double read_ms,
                           const Extras& extras, const RecordOptions& options, const Reading* reading = nullptr);

// {"id","before","after","error":{"code","message"}}
std::string error_record(const pairs::Pair& pair, const Failure& failure);

// {"id","before","after"}: what a manifest needs; then "read" and "warnings" as above.
std::string pair_record(const pairs::Pair& pair, const Reading* reading = nullptr);

// What resuming and merging need of a line.
struct RecordSummary {
  std::string id;
  std::string before;  // as written; empty for null
  std::string after;
  std::string error_code;                  // empty for a caption
  std::vector<std::string> warnings = {};  // codes
};

// Throws InputError, saying what is wrong with the line, for anything that is no record.
RecordSummary parse_record(std::string_view line);

// What parse_record() gives for a record of this pair, as far as the pair decides it.
std::string written_path(const std::filesystem::path& path);

}  // namespace ccx::records
