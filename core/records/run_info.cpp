// The sidecar of a captions file (run_info.h).
#include "core/records/run_info.h"

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/sha256.h"
#include "core/pairs/names.h"

namespace ccx::records {
namespace {

using nlohmann::ordered_json;

// 0.9F as 0.9, not as the double nearest to it.
ordered_json or_null(const std::optional<float>& value) {
  if (!value) return nullptr;
  char text[32];
  std::snprintf(text, sizeof text, "%.7g", static_cast<double>(*value));
  return std::strtod(text, nullptr);
}

// The options that decide the captions. One place, for writing and for comparing.
ordered_json options_json(const RunInfo& info) {
  const engine::GenerationOverrides& g = info.generation;
  return {{"dtype", info.dtype},
          {"max_new_tokens", g.max_new_tokens},
          {"num_beams", g.num_beams},
          {"top_p", or_null(g.top_p)},
          {"temperature", or_null(g.temperature)},
          {"repetition_penalty", or_null(g.repetition_penalty)},
          {"seed", g.seed},
          {"p_change", g.p_change},
          {"min_p_change", or_null(g.min_p_change)},
          {"no_change_sentences", g.no_change_sentences.empty() ? ordered_json() : ordered_json(g.no_change_sentences)},
          {"bands", image::bands_text(info.bands)},
          {"stretch", image::stretch_text(info.stretch)},
          {"strict_pairs", info.strict_pairs},
          {"heatmaps", info.heatmaps},
          {"masks", info.masks},
          {"mask_rle", info.mask_lengths},
          {"timings", info.timings}};
}

std::optional<float> float_or_null(const ordered_json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<float>();
}

double rounded(double value) {
  return static_cast<double>(static_cast<int64_t>(value * 1000 + 0.5)) / 1000;
}

}  // namespace

std::size_t RunInfo::failed() const {
  std::size_t sum = 0;
  for (const auto& [code, count] : errors) sum += count;
  return sum;
}

std::filesystem::path sidecar_path(const std::filesystem::path& records) {
  return records.string() + ".run.json";
}

std::string to_json(const RunInfo& info) {
  ordered_json out = {
      {"ccx", info.version},
      {"status", info.status},
      {"model",
       {{"name", info.model.name},
        {"path", pairs::utf8_name(info.model_path)},
        {"sha256", info.model.sha256},
        {"settings_sha256", info.model.settings_sha256}}},
      {"options", options_json(info)},
      {"input",
       {{"path", pairs::utf8_name(info.in)},
        {"layout", info.layout},
        {"split", info.split},
        {"pairs", info.input_pairs},
        {"ids", info.input_ids}}},
      {"shard", {{"index", info.shard.index}, {"count", info.shard.count}}},
      {"device", {{"name", info.device}, {"batch", info.batch}, {"workers", info.workers}, {"threads", info.threads}}},
      {"counts",
       {{"pairs", info.selected},
        {"captioned", info.captioned},
        {"failed", info.failed()},
        {"errors", ordered_json::object()},
        {"warnings", ordered_json::object()}}},
      {"seconds", rounded(info.seconds)},
      {"pairs_per_second", rounded(info.pairs_per_second)}};
  // Only where they were asked for.
  ordered_json& input = out["input"];
  if (info.series != pairs::Series::kRefuse) input["series"] = pairs::series_name(info.series);
  if (!info.before.empty()) input["before"] = pairs::utf8_name(info.before);
  if (!info.after.empty()) input["after"] = pairs::utf8_name(info.after);
  if (!info.pattern.empty()) input["pair_pattern"] = pairs::utf8_name(info.pattern);
  for (const auto& [code, count] : info.errors) out["counts"]["errors"][code] = count;
  for (const auto& [code, count] : info.warnings) out["counts"]["warnings"][code] = count;
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

namespace {

void read_model(const ordered_json& model, RunInfo& info) {
  info.model.name = model.at("name").get<std::string>();
  info.model_path = model.at("path").get<std::string>();
  info.model.sha256 = model.at("sha256").get<std::string>();
  info.model.settings_sha256 = model.at("settings_sha256").get<std::string>();
}

void read_options(const ordered_json& options, RunInfo& info) {
  info.dtype = options.at("dtype").get<std::string>();
  info.generation.max_new_tokens = options.at("max_new_tokens").get<int>();
  info.generation.num_beams = options.at("num_beams").get<int>();
  info.generation.top_p = float_or_null(options.at("top_p"));
  info.generation.temperature = float_or_null(options.at("temperature"));
  info.generation.repetition_penalty = float_or_null(options.at("repetition_penalty"));
  info.generation.seed = options.at("seed").get<uint64_t>();
  info.generation.p_change = options.at("p_change").get<bool>();
  if (options.contains("min_p_change")) info.generation.min_p_change = float_or_null(options["min_p_change"]);
  if (const auto own = options.find("no_change_sentences"); own != options.end() && !own->is_null()) {
    info.generation.no_change_sentences = own->get<std::vector<std::string>>();
  }
  const std::string bands = options.value("bands", std::string());
  if (!bands.empty()) info.bands = image::parse_bands(bands);
  info.stretch = image::parse_stretch(options.value("stretch", std::string("auto")));
  info.strict_pairs = options.value("strict_pairs", false);
  info.heatmaps = options.at("heatmaps").get<bool>();
  info.masks = options.value("masks", false);
  info.mask_lengths = options.value("mask_rle", false);
  info.timings = options.at("timings").get<bool>();
}

void read_input(const ordered_json& input, RunInfo& info) {
  info.in = pairs::bytes_of(input.at("path").get<std::string>());
  info.layout = input.at("layout").get<std::string>();
  info.split = input.at("split").get<std::string>();
  info.series = pairs::series_from_name(input.value("series", ""));
  info.before = pairs::bytes_of(input.value("before", ""));
  info.after = pairs::bytes_of(input.value("after", ""));
  info.pattern = pairs::bytes_of(input.value("pair_pattern", ""));
  info.input_pairs = input.at("pairs").get<std::size_t>();
  info.input_ids = input.at("ids").get<std::string>();
}

void read_device(const ordered_json& device, RunInfo& info) {
  info.device = device.at("name").get<std::string>();
  info.batch = device.at("batch").get<std::size_t>();
  info.threads = device.at("threads").get<int>();
  info.workers = device.value("workers", std::size_t{1});
}

void read_counts(const ordered_json& counts, RunInfo& info) {
  info.selected = counts.at("pairs").get<std::size_t>();
  info.captioned = counts.at("captioned").get<std::size_t>();
  for (const auto& [code, count] : counts.at("errors").items()) info.errors[code] = count.get<std::size_t>();
  if (counts.contains("warnings")) {
    for (const auto& [code, count] : counts["warnings"].items()) info.warnings[code] = count.get<std::size_t>();
  }
}

}  // namespace

RunInfo run_info_from_json(std::string_view text, const std::string& where) {
  try {
    const ordered_json document = io::parse_json<ordered_json>(text, where);
    RunInfo info;
    info.version = document.at("ccx").get<std::string>();
    info.status = document.at("status").get<std::string>();
    read_model(document.at("model"), info);
    read_options(document.at("options"), info);
    read_input(document.at("input"), info);
    const ordered_json& shard = document.at("shard");
    info.shard = {shard.at("index").get<uint64_t>(), shard.at("count").get<uint64_t>()};
    read_device(document.at("device"), info);
    read_counts(document.at("counts"), info);
    info.seconds = document.at("seconds").get<double>();
    info.pairs_per_second = document.at("pairs_per_second").get<double>();
    return info;
  } catch (const UsageError& error) {  // of the text of an option
    throw InputError(where + " is no record of a run: " + error.what());
  } catch (const ordered_json::exception& error) {
    throw InputError(where + " is no record of a run: " + error.what());
  }
}

std::optional<RunInfo> read_run_info(const std::filesystem::path& records) {
  const std::filesystem::path path = sidecar_path(records);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  return run_info_from_json(io::read_file(path, io::JsonLimits{}.bytes), path.string());
}

std::vector<std::string> differences(const RunInfo& then, const RunInfo& now, bool compare_shards) {
  std::vector<std::string> out;
  const auto compare = [&](const std::string& what, const std::string& was, const std::string& is) {
    if (!is.empty() && was != is) out.push_back(what + " was " + was + " and is " + is);
  };
  compare("the model's weights (sha256)", then.model.sha256, now.model.sha256);
  if (!now.model.settings_sha256.empty() && then.model.settings_sha256 != now.model.settings_sha256) {
    out.push_back("the model's configuration, generation configuration or tokenizer is another (model " +
                  then.model_path + ", now " + now.model_path + ")");
  }
  const ordered_json before = options_json(then);
  const ordered_json after = options_json(now);
  for (const auto& [key, value] : after.items()) {
    const bool is_unknown = key == "dtype" && (now.dtype.empty() || then.dtype.empty());
    if (!is_unknown) compare(key, before.at(key).dump(), value.dump());
  }
  if (compare_shards) compare("the shard", shard_text(then.shard), shard_text(now.shard));
  return out;
}

std::string digest_of_ids(const std::vector<pairs::Pair>& pairs) {
  io::Sha256 hash;
  for (const pairs::Pair& pair : pairs) hash.update(pair.id + '\0');
  return hash.hex().substr(0, 16);
}

}  // namespace ccx::records
