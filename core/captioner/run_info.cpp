// The sidecar of a captions file (run_info.h).
#include "core/captioner/run_info.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/error.h"
#include "core/captioner/caption_options.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/sha256.h"
#include "core/pairs/naming/names.h"

namespace ccx::captioner {
namespace {

using nlohmann::ordered_json;

// Throws UsageError, or what JSON throws, for options that no run can have had.
void require_options(ordered_json options) {
  // What --dtype came to may be a name that cannot be asked for, or empty where no pair had to be captioned.
  static_cast<void>(options.at("dtype").get<std::string>());
  options.erase("dtype");
  CaptionJob job;
  options::OptionSet declared;
  declare_caption_options(declared, job);
  declared.set_recorded(options);
}

double rounded(double value) {
  return std::round(value * 1000) / 1000;
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

io::FileKind sidecar_file() {
  return {"record of a run", [](std::string_view start) {
            return start.starts_with("{\n  \"ccx\": \"") && start.find("\"settings_sha256\"") != std::string_view::npos;
          }};
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
      {"options", info.options},
      {"input",
       {{"path", pairs::utf8_name(info.in)},
        {"layout", info.layout},
        {"split", info.split},
        {"pairs", info.input_pairs},
        {"ids", info.input_ids}}},
      {"shard", {{"index", info.shard.index}, {"count", info.shard.count}, {"name", records::shard_text(info.shard)}}},
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

void read_shard(const ordered_json& shard, records::Shard& out) {
  out = {shard.at("index").get<uint64_t>(), shard.at("count").get<uint64_t>()};
  out.is_named_last = out.index == 0 && shard.value("name", "") == records::shard_text({out.index, out.count, true});
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
    info.options = document.at("options");
    require_options(info.options);
    read_input(document.at("input"), info);
    read_shard(document.at("shard"), info.shard);
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
  CaptionJob job;
  options::OptionSet declared;
  declare_caption_options(declared, job);
  options::Json was = then.options;
  options::Json is = now.options;
  // Not known before the model is loaded.
  if (was.value("dtype", "").empty() || is.value("dtype", "").empty()) {
    was.erase("dtype");
    is.erase("dtype");
  }
  for (std::string& line : options::differences(declared, was, is)) out.push_back(std::move(line));
  if (compare_shards) compare("the shard", records::shard_text(then.shard), records::shard_text(now.shard));
  return out;
}

std::string digest_of_ids(const std::vector<pairs::Pair>& pairs) {
  io::Sha256 hash;
  for (const pairs::Pair& pair : pairs) hash.update(pair.id + '\0');
  return hash.hex().substr(0, 16);
}

}  // namespace ccx::captioner
