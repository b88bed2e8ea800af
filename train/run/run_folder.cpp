#include "train/run/run_folder.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <sstream>
#include <vector>

#include "core/base/error.h"
#include "core/io/directory_kind.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/safetensors.h"
#include "train/checkpoint/checkpoint_writer.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path state_file(const fs::path& folder, int rank) {
  char name[40];
  std::snprintf(name, sizeof(name), "rank-%05d.safetensors", rank);
  return folder / "training_state" / name;
}

constexpr char kKind[] = "run";
constexpr const char* kLog = "metrics.jsonl";

// run.json of a run from before folders were marked.
bool is_settings_of_a_run(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  try {
    const Json json = io::read_json<Json>(path);
    return json.is_object() && json.contains("total_steps") && json.contains("model_sha256");
  } catch (const InputError&) {
    return false;
  }
}

bool is_checkpoint_name(const std::string& name) {
  return name.size() >= 13 && name.rfind("step-", 0) == 0 &&
         std::all_of(name.begin() + 5, name.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string name_of(size_t bucket, const char* what) {
  return "bucket." + std::to_string(bucket) + "." + what;
}

// Null where the line is not JSON: the last one of a run that was killed is cut.
Json read_line(const std::string& line, const fs::path& path) {
  try {
    return io::parse_json<Json>(line, path.string());
  } catch (const InputError&) {
    return nullptr;
  }
}

}  // namespace

Json to_json(const Progress& p) {
  return {{"step", p.step},
          {"pairs", p.pairs},
          {"bad_samples", p.bad_samples},
          {"skipped_steps", p.skipped_steps},
          {"best_score", p.best_score},
          {"best_step", p.best_step},
          {"best_by", p.best_by}};
}

fs::path RunFolder::checkpoint(int64_t step) const {
  char name[40];
  std::snprintf(name, sizeof(name), "step-%08lld", static_cast<long long>(step));
  return folder_ / "checkpoints" / name;
}

bool RunFolder::has_checkpoint() const {
  return fs::exists(folder_ / "last" / "training_state.json");
}

void RunFolder::write_run_json(const Json& json) {
  io::write_file_atomically(folder_ / "run.json", json.dump(2) + "\n", io::own_place());
}

void RunFolder::check(bool resume) const {
  std::error_code ignored;
  if (!fs::exists(folder_, ignored)) return;
  if (!fs::is_directory(folder_, ignored))
    throw UsageError(folder_.string() + " is a file; --out must name a directory");
  const auto there = [&](const char* name) { return fs::exists(fs::symlink_status(folder_ / name, ignored)); };
  const auto marker = io::read_marker(folder_);
  const bool is_run = marker ? marker->kind == kKind : has_checkpoint() || is_settings_of_a_run(folder_ / "run.json");
  if (!is_run) {
    // A run's own names, and those by which other folders are known.
    for (const char* name : {"run.json", kLog, "checkpoints", "last", "best", "config.json", "manifest.json",
                             "scenes.json", "LevirCCcaptions.json", io::kMarkerFile}) {
      if (there(name)) {
        throw UsageError(folder_.string() + " holds " + name +
                         ", which is not of a run of ccx train; choose another --out");
      }
    }
    return;
  }
  if (resume) return;
  if (has_checkpoint()) {
    throw UsageError(folder_.string() + " holds a run already: go on with --resume auto, or choose another --out");
  }
  if (there(kLog) && fs::file_size(folder_ / kLog, ignored) > 0) {
    throw UsageError(folder_.string() +
                     " holds a run that was begun and has saved no checkpoint yet: begin it again with "
                     "--resume auto, or choose another --out");
  }
}

void RunFolder::open() {
  std::error_code error;
  fs::create_directories(folder_ / "checkpoints", error);
  if (error) throw InputError("cannot create " + folder_.string() + ": " + error.message());
  metrics_ = std::make_unique<io::LineFile>(folder_ / kLog);
  metrics_->keep();
  io::remove_abandoned_directories(folder_ / "checkpoints");
  io::write_file_atomically(folder_ / io::kMarkerFile, io::marker_text({kKind, {}}), io::own_place());
}

void RunFolder::log(const Json& line) {
  metrics_->append(line.dump() + "\n");
}

void RunFolder::rewind_log(int64_t step) {
  std::istringstream in(metrics_->read());
  std::string kept;
  for (std::string line; std::getline(in, line);) {
    const Json json = read_line(line, folder_ / kLog);
    if (json.is_object() && json.contains("step") && json["step"].is_number_integer() &&
        json["step"].get<int64_t>() <= step) {
      kept += line + "\n";
    }
  }
  metrics_->replace(kept);
}

void RunFolder::point_last(int64_t step) {
  io::replace_link(folder_ / "last", (fs::path("checkpoints") / checkpoint(step).filename()).string());
}

void RunFolder::point_best(int64_t step) {
  io::replace_link(folder_ / "best", (fs::path("checkpoints") / checkpoint(step).filename()).string());
}

std::vector<fs::path> RunFolder::prune(int keep, int64_t best_step) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "checkpoints", ignored)) {
    const bool is_folder = fs::is_directory(entry.symlink_status(ignored));
    if (is_folder && is_checkpoint_name(entry.path().filename().string())) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> left;
  const size_t newest = found.size() - std::min(found.size(), static_cast<size_t>(std::max(1, keep)));
  for (size_t i = 0; i < newest; ++i) {
    if (best_step >= 0 && found[i] == checkpoint(best_step)) continue;
    const auto own = io::files_of(checkpoint_directory(), found[i]);
    if (own && !io::remove_own_files(found[i], *own)) left.push_back(found[i]);
  }
  return left;
}

void save_state(const fs::path& folder, const ParameterSet& parameters, AdamW& optimizer, int rank) {
  std::vector<at::Tensor> alive;
  std::vector<io::NamedTensor> tensors;
  const auto add = [&](const std::string& name, const at::Tensor& tensor) {
    alive.push_back(tensor.detach().to(at::kCPU).contiguous());
    const at::Tensor& host = alive.back();
    tensors.push_back(
        {name, {io::DType::kF32, {host.numel()}, static_cast<const std::byte*>(host.const_data_ptr()), host.nbytes()}});
  };
  for (size_t i = 0; i < parameters.buckets().size(); ++i) {
    add(name_of(i, "master"), parameters.buckets()[i].master);
    add(name_of(i, "exp_avg"), optimizer.first_moments()[i]);
    add(name_of(i, "exp_avg_sq"), optimizer.second_moments()[i]);
  }
  std::error_code error;
  fs::create_directories(folder / "training_state", error);
  io::write_safetensors(state_file(folder, rank), tensors, {{"adam_steps", std::to_string(optimizer.steps())}});
}

void load_state(const fs::path& folder, ParameterSet& parameters, AdamW& optimizer, int rank) {
  const c10::AutoGradMode no_grad(false);
  const fs::path path = state_file(folder, rank);
  const io::SafetensorsFile file(path);
  const auto read = [&](const std::string& name, at::Tensor& into) {
    const io::TensorView& view = file.at(name);
    if (view.dtype != io::DType::kF32 || view.elements() != into.numel()) {
      throw CheckpointError(path.string() + ": tensor \"" + name + "\" has shape " + io::shape_text(view.shape) +
                            ", but this run needs [" + std::to_string(into.numel()) + "]");
    }
    into.copy_(at::from_blob(const_cast<std::byte*>(view.data), {into.numel()}, at::TensorOptions().dtype(at::kFloat)));
  };
  for (size_t i = 0; i < parameters.buckets().size(); ++i) {
    read(name_of(i, "master"), parameters.buckets()[i].master);
    read(name_of(i, "exp_avg"), optimizer.first_moments()[i]);
    read(name_of(i, "exp_avg_sq"), optimizer.second_moments()[i]);
    parameters.publish(parameters.buckets()[i]);
  }
  const auto steps = file.metadata().find("adam_steps");
  if (steps == file.metadata().end()) throw CheckpointError(path.string() + ": the count of steps is missing");
  optimizer.set_steps(std::atoll(steps->second.c_str()));
}

void write_progress(const fs::path& folder, const Progress& progress, const Json& identity) {
  const Json json = {{"progress", to_json(progress)}, {"identity", identity}};
  io::write_file_atomically(folder / "training_state.json", json.dump(2) + "\n");
}

Progress read_progress(const fs::path& folder, const Json& identity) {
  const fs::path path = folder / "training_state.json";
  const Json json = io::read_json<Json>(path);
  if (!json.is_object() || !json.contains("progress") || !json.contains("identity")) {
    throw CheckpointError(path.string() + " is not a training state");
  }
  for (const auto& [key, value] : identity.items()) {
    const Json& saved = json["identity"].contains(key) ? json["identity"][key] : Json();
    if (saved != value) {
      throw UsageError("the run in " + folder.string() + " was begun with " + key + " " + saved.dump() + ", not " +
                       value.dump() + "; a run goes on with the settings it was begun with");
    }
  }
  for (const auto& [key, saved] : json["identity"].items()) {
    if (identity.contains(key)) continue;
    throw UsageError("the run in " + folder.string() + " was begun with " + key + " " + saved.dump() +
                     ", which is not asked for now; a run goes on with the settings it was begun with");
  }
  try {
    const Json& p = json["progress"];
    return {p.at("step"),       p.at("pairs"),     p.at("bad_samples"), p.at("skipped_steps"),
            p.at("best_score"), p.at("best_step"), p.at("best_by")};
  } catch (const nlohmann::json::exception&) {
    throw CheckpointError(path.string() + ": the progress is incomplete");
  }
}

}  // namespace ccx::train
