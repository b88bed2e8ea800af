// The lines of a captions file (record.h).
#include "core/records/record.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/error.h"
#include "core/change/rle.h"
#include "core/io/json.h"
#include "core/pairs/naming/names.h"

namespace ccx::records {
namespace {

using nlohmann::json;

std::string json_text(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

// nlohmann/json prints as many digits as a double needs; records have a fixed number of decimals.
std::string decimal(double value, int decimals) {
  if (!std::isfinite(value)) return "null";
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  std::string out = buffer;
  const bool is_negative_zero = out[0] == '-' && out.find_first_of("123456789") == std::string::npos;
  return is_negative_zero ? out.substr(1) : out;
}

std::string path_json(const std::filesystem::path& path) {
  return path.empty() ? "null" : json_text(written_path(path));
}

std::string head(const pairs::Pair& pair) {
  return "{\"id\":" + json_text(pair.id) + ",\"before\":" + path_json(pair.before) +
         ",\"after\":" + path_json(pair.after);
}

// A number with as many digits as it needs, and few of them.
std::string short_number(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.7g", value);
  return std::isfinite(value) ? buffer : "null";
}

// What the bands were chosen by, where a reader cannot take that for granted.
std::string bands_by_json(const image::ReadInfo& info) {
  using By = image::BandsBy;
  const bool is_guess = !info.bands_doubt.empty() || (info.has_other_bands && info.bands.size() == 3);
  const bool tells = info.bands_by == By::kNames || info.bands_by == By::kWavelengths;
  if (!tells && !(info.bands_by == By::kOrder && is_guess)) return "";
  return ",\"bands_by\":" + json_text(image::bands_by_name(info.bands_by));
}

// {"type","bands","bands_by","stretch","nodata","window","warped","north_up"}, all after the bands only where they say
// something.
std::string date_json(const image::ReadInfo& info) {
  std::string out = "{\"type\":" + json_text(image::sample_type_name(info.type)) + ",\"bands\":[" +
                    image::bands_text(info.bands) + "]" + bands_by_json(info);
  if (info.levels) {
    out += ",\"stretch\":[" + short_number(info.levels->low) + "," + short_number(info.levels->high) + "]";
  }
  if (info.nodata > 0) out += ",\"nodata\":" + decimal(info.nodata, 4);
  if (info.window) {
    const image::Window& window = *info.window;
    out += ",\"window\":[" + std::to_string(window.left) + "," + std::to_string(window.top) + "," +
           std::to_string(window.width) + "," + std::to_string(window.height) + "]";
  }
  if (info.warped) out += ",\"warped\":true";
  if (info.turned != 1) out += ",\"north_up\":true";
  return out + "}";
}

// ,"read":{...},"warnings":[...] or what there is of it.
std::string reading_json(const Reading* reading) {
  if (reading == nullptr) return "";
  std::string out;
  const bool plain[] = {reading->before.is_plain(), reading->after.is_plain()};
  if (!plain[0] || !plain[1]) {
    out += ",\"read\":{";
    if (!plain[0]) out += "\"before\":" + date_json(reading->before);
    if (!plain[1]) out += (plain[0] ? "\"after\":" : ",\"after\":") + date_json(reading->after);
    out += "}";
  }
  std::string warnings;
  for (const image::PairWarning& warning : reading->warnings) {
    warnings += (warnings.empty() ? "" : ",") + std::string("{\"code\":") +
                json_text(image::warning_name(warning.code)) + ",\"message\":" + json_text(warning.message);
    if (warning.shift) {
      warnings += ",\"shift\":[" + decimal((*warning.shift)[0], 1) + "," + decimal((*warning.shift)[1], 1) + "]";
    }
    warnings += "}";
  }
  if (!warnings.empty()) out += ",\"warnings\":[" + warnings + "]";
  return out;
}

// Areas have six decimals: the least place of a large picture is a small share of it.
std::string places_json(const std::vector<change::Place>& places) {
  std::string out;
  for (const change::Place& place : places) {
    const auto& [x, y, width, height] = place.box;
    out += (out.empty() ? "" : ",") + std::string("{\"kind\":") + json_text(change_kind_name(place.kind)) +
           ",\"box\":[" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(width) + "," +
           std::to_string(height) + "],\"area\":" + decimal(place.area, 6) + ",\"p\":" + decimal(place.p, 4) + "}";
  }
  return "[" + out + "]";
}

std::string mask_rle_json(const change::KindMask& mask) {
  std::string out;
  for (int k = 1; k < kChangeKindCount; ++k) {
    const auto kind = static_cast<ChangeKind>(k);
    if (std::find(mask.kinds.begin(), mask.kinds.end(), static_cast<uint8_t>(k)) == mask.kinds.end()) continue;
    out += (out.empty() ? "" : ",") + json_text(change_kind_name(kind)) + ":{\"size\":[" + std::to_string(mask.height) +
           "," + std::to_string(mask.width) +
           "],\"counts\":" + json_text(change::coco_counts(change::run_lengths(mask, kind))) + "}";
  }
  return "{" + out + "}";
}

std::string text_or_null(const json& record, const char* key) {
  const auto found = record.find(key);
  if (found == record.end()) throw InputError("no \"" + std::string(key) + "\"");
  if (found->is_null()) return "";
  if (!found->is_string()) throw InputError("\"" + std::string(key) + "\" is no string");
  return found->get<std::string>();
}

}  // namespace

std::string error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kDecodeImage:
      return "decode_image";
    case ErrorCode::kMissingBefore:
      return "missing_before";
    case ErrorCode::kMissingAfter:
      return "missing_after";
    case ErrorCode::kTooLarge:
      return "too_large";
    case ErrorCode::kOutOfMemory:
      return "out_of_memory";
    case ErrorCode::kInternal:
      return "internal";
    case ErrorCode::kDifferentPlace:
      return "different_place";
    case ErrorCode::kFirstWarning:
      break;
  }
  const int warning = static_cast<int>(code) - static_cast<int>(ErrorCode::kFirstWarning);
  return image::warning_name(static_cast<image::WarningCode>(warning));
}

ErrorCode error_of(image::WarningCode code) {
  return static_cast<ErrorCode>(static_cast<int>(ErrorCode::kFirstWarning) + static_cast<int>(code));
}

std::string written_path(const std::filesystem::path& path) {
  return pairs::utf8_name(path.string());
}

std::string caption_record(const pairs::Pair& pair, const engine::Caption& caption, double read_ms,
                           const Extras& extras, const RecordOptions& options, const Reading* reading) {
  const auto& logprobs = caption.logprobs;
  const double sum = std::accumulate(logprobs.begin(), logprobs.end(), 0.0);
  const double mean = logprobs.empty() ? 0.0 : sum / static_cast<double>(logprobs.size());
  const double least = logprobs.empty() ? 0.0 : *std::min_element(logprobs.begin(), logprobs.end());
  std::string out = head(pair);
  out += ",\"caption\":" + json_text(caption.text);
  out += std::string(",\"changed\":") + (caption.changed ? "true" : "false");
  if (caption.p_change) out += ",\"p_change\":" + decimal(*caption.p_change, 4);
  if (caption.language_p_change && caption.change_logit) {
    out += ",\"p_parts\":{\"language\":" + decimal(*caption.language_p_change, 6) +
           ",\"head\":" + decimal(*caption.change_logit, 4) + "}";
  }
  out += ",\"logprob_mean\":" + decimal(mean, 4) + ",\"logprob_min\":" + decimal(least, 4);
  out += ",\"tokens\":" + std::to_string(caption.ids.size());
  if (options.timings) {
    out += ",\"ms\":{\"read\":" + decimal(read_ms, 1) + ",\"vision\":" + decimal(caption.ms.vision, 1) +
           ",\"prefill\":" + decimal(caption.ms.prefill, 1) + ",\"decode\":" + decimal(caption.ms.decode, 1) + "}";
  }
  if (extras.places) out += ",\"places\":" + places_json(*extras.places);
  if (extras.mask) out += ",\"mask\":" + path_json(*extras.mask);
  if (extras.lengths) out += ",\"mask_rle\":" + mask_rle_json(*extras.lengths);
  if (extras.heatmap) out += ",\"heatmap\":" + path_json(*extras.heatmap);
  return out + reading_json(reading) + "}";
}

std::string error_record(const pairs::Pair& pair, const Failure& failure) {
  return head(pair) + ",\"error\":{\"code\":" + json_text(error_name(failure.code)) +
         ",\"message\":" + json_text(failure.message) + "}}";
}

std::string pair_record(const pairs::Pair& pair, const Reading* reading) {
  return head(pair) + reading_json(reading) + "}";
}

RecordSummary parse_record(std::string_view line) {
  const json record = io::parse_json(line, "the record");
  if (!record.is_object()) throw InputError("not a JSON object");
  RecordSummary summary;
  summary.id = text_or_null(record, "id");
  summary.before = text_or_null(record, "before");
  summary.after = text_or_null(record, "after");
  if (summary.id.empty()) throw InputError("the id is empty");
  if (const auto error = record.find("error"); error != record.end()) {
    if (!error->is_object()) throw InputError("\"error\" is no object");
    summary.error_code = text_or_null(*error, "code");
    if (summary.error_code.empty()) throw InputError("the error has no code");
  } else {
    text_or_null(record, "caption");
  }
  if (const auto warnings = record.find("warnings"); warnings != record.end() && warnings->is_array()) {
    for (const json& warning : *warnings) {
      if (warning.is_object()) summary.warnings.push_back(text_or_null(warning, "code"));
    }
  }
  return summary;
}

}  // namespace ccx::records
