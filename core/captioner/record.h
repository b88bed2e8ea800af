// The lines of a captions file: one JSON object a pair, in the schema of docs/architecture.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/captioner/engine.h"
#include "core/pairs/pairs.h"

namespace ccx::captioner {

enum class ErrorCode { kDecodeImage, kMissingBefore, kMissingAfter, kTooLarge, kOutOfMemory, kInternal };

std::string error_name(ErrorCode code);  // "decode_image", ...

// Why a pair has no caption.
struct Failure {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

struct RecordOptions {
  bool timings = true;  // write "ms"
};

// {"id","before","after","caption","changed","p_change","logprob_mean","logprob_min","tokens","ms","heatmap"} without a
// newline. p_change is left out when it was not asked for, heatmap when there is none. Probabilities and natural
// logarithms have four decimals; log-probabilities run over all new tokens, the end of sequence included. ms holds
// milliseconds: read, vision, prefill, decode. Paths are escaped as ids are (names.h); a missing image is null.
std::string caption_record(const pairs::Pair& pair, const Caption& caption, double read_ms,
                           const std::optional<std::filesystem::path>& heatmap, const RecordOptions& options);

// {"id","before","after","error":{"code","message"}}
std::string error_record(const pairs::Pair& pair, const Failure& failure);

// {"id","before","after"}: what a manifest needs.
std::string pair_record(const pairs::Pair& pair);

// What resuming and merging need of a line.
struct RecordSummary {
  std::string id;
  std::string before;  // as written; empty for null
  std::string after;
  std::string error_code;  // empty for a caption
};

// Throws InputError, saying what is wrong with the line, for anything that is no record.
RecordSummary parse_record(std::string_view line);

// What parse_record() gives for a record of this pair, as far as the pair decides it.
std::string written_path(const std::filesystem::path& path);

}  // namespace ccx::captioner
