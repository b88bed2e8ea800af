#include "core/report/run_log.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/error.h"
#include "core/io/json.h"

namespace ccx::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kLargest = 1e30;
constexpr std::size_t kLongestLine = 1 << 20;  // bytes; ccx train's lines have a few hundred
constexpr std::size_t kMostScores = 32;
constexpr std::size_t kMostSettings = 200;
constexpr std::size_t kMostText = 300;  // bytes of one setting

double number(const Json& json, const char* key, double otherwise) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number()) return otherwise;
  const double value = found->get<double>();
  return std::abs(value) <= kLargest ? value : otherwise;
}

std::string text(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// -1 where there is no count of steps.
std::int64_t step_of(const Json& json) {
  const auto found = json.find("step");
  if (found == json.end() || !found->is_number_integer()) return -1;
  const double step = found->get<double>();
  return step >= 0 && step <= 1e15 ? static_cast<std::int64_t>(step) : -1;
}

template <typename Line>
void append(std::vector<Line>& lines, Line line) {
  while (!lines.empty() && lines.back().step >= line.step) lines.pop_back();
  lines.push_back(std::move(line));
}

bool take(const Json& json, RunLog& run) {
  const std::int64_t step = json.is_object() ? step_of(json) : -1;
  if (step < 0) return false;
  const auto evaluated = json.find("eval");
  if (evaluated == json.end()) {
    if (json.find("loss") == json.end()) return false;
    // What a run that went on will write again is void, its evaluations too.
    while (!run.evaluations.empty() && run.evaluations.back().step >= step) run.evaluations.pop_back();
    append(run.steps, {step, number(json, "loss", kNone), number(json, "grad_norm", kNone), number(json, "lr", kNone),
                       number(json, "tower_lr", kNone), number(json, "pairs", 0), number(json, "seconds", 0),
                       number(json, "waited_for_data", 0), number(json, "map_loss", kNone)});
    return true;
  }
  if (!evaluated->is_object()) return false;
  EvaluationLine line{step,
                      static_cast<std::int64_t>(std::min(1e15, number(*evaluated, "pairs", 0))),
                      text(*evaluated, "split"),
                      text(*evaluated, "best_by"),
                      {}};
  const auto scores = evaluated->find("scores");
  if (scores != evaluated->end() && scores->is_object()) {
    for (const auto& [name, value] : scores->items()) {
      if (!value.is_number() || line.scores.size() == kMostScores) continue;
      const double score = value.template get<double>();
      if (std::abs(score) <= kLargest) line.scores[name] = score;
    }
  }
  append(run.evaluations, std::move(line));
  return true;
}

bool take_line(std::string_view line, const fs::path& path, RunLog& run) {
  try {
    return take(io::parse_json<Json>(line, path.string()), run);
  } catch (const InputError&) {
    return false;
  }
}

void read_metrics(const fs::path& path, RunLog& run) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError("cannot read " + path.string() + ": " + std::strerror(errno));
  std::vector<char> buffer(kLongestLine);
  std::size_t lines = 0;
  for (;;) {
    in.getline(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto read = static_cast<std::size_t>(in.gcount());
    if (in.eof() && read == 0) break;
    if (in.bad()) throw InputError("cannot read " + path.string());
    ++lines;
    if (in.fail()) {  // longer than the buffer
      if (read + 1 < buffer.size()) throw InputError("cannot read " + path.string());
      in.clear();
      in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
      ++run.unreadable;
      continue;
    }
    const bool ended = !in.eof();
    const char* end = buffer.data() + read - (ended ? 1 : 0);
    if (end == buffer.data()) continue;
    if (take_line({buffer.data(), end}, path, run)) continue;
    if (ended) {
      ++run.unreadable;
    } else {
      run.cut = true;
    }
  }
  if (!run.steps.empty() || !run.evaluations.empty()) return;
  if (run.unreadable != 0) {
    throw InputError(path.string() + ": none of its " + std::to_string(lines) +
                     " lines is a step or an evaluation of ccx train");
  }
  throw InputError(path.string() + " holds no step: the run has not finished its first one");
}

std::string as_text(const Json& value) {
  std::string out;
  if (value.is_string()) {
    out = value.get<std::string>();
  } else if (value.is_array()) {
    for (const Json& one : value) {
      if (out.size() > kMostText) break;
      out += (out.empty() ? "" : ", ") + as_text(one);
    }
    if (value.size() > 8) out = std::to_string(value.size()) + ": " + out;
  } else {
    out = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  if (out.size() > kMostText) out = out.substr(0, kMostText) + " ...";
  return out;
}

void flatten(const Json& json, const std::string& prefix, RunLog& run) {
  for (const auto& [name, value] : json.items()) {
    if (run.settings.size() == kMostSettings) return;
    if (value.is_object()) {
      flatten(value, prefix + name + ".", run);
    } else {
      run.settings.emplace_back((prefix + name).substr(0, kMostText), as_text(value));
    }
  }
}

void read_settings(const fs::path& path, RunLog& run) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    run.settings_problem = "run.json is not there";
    return;
  }
  Json json;
  try {
    json = io::read_json<Json>(path);
  } catch (const InputError& problem) {
    run.settings_problem = std::string("run.json is damaged: ") + problem.what();
    return;
  }
  if (!json.is_object()) {
    run.settings_problem = "run.json is damaged: it holds no JSON object";
    return;
  }
  flatten(json, "", run);
  const double total = number(json, "total_steps", 0);
  if (total >= 1 && total <= 1e15) run.total_steps = static_cast<std::int64_t>(total);
}

std::string target_of(const fs::path& link) {
  std::error_code error;
  const fs::path target = fs::read_symlink(link, error);
  return error ? "" : target.string();
}

}  // namespace

RunLog read_run(const fs::path& folder) {
  RunLog run;
  std::error_code ignored;
  if (!fs::exists(folder / "metrics.jsonl", ignored)) {
    throw InputError(folder.string() + " holds no metrics.jsonl: the run has not finished its first step");
  }
  read_settings(folder / "run.json", run);
  read_metrics(folder / "metrics.jsonl", run);
  run.best = target_of(folder / "best");
  run.last = target_of(folder / "last");
  return run;
}

const EvaluationLine* best_evaluation(const RunLog& run) {
  if (run.evaluations.empty()) return nullptr;
  const std::string& by = run.evaluations.back().best_by;
  const EvaluationLine* best = nullptr;
  double highest = 0;
  for (const EvaluationLine& line : run.evaluations) {
    const auto score = line.scores.find(by);
    if (score == line.scores.end() || line.best_by != by || (best != nullptr && score->second <= highest)) continue;
    best = &line;
    highest = score->second;
  }
  return best;
}

}  // namespace ccx::report
