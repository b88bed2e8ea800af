#include "core/metrics/meteor.h"

#include <cmath>

#include "core/base/error.h"
#include "core/metrics/meteor_aligner.h"
#include "core/metrics/meteor_normalizer.h"
#include "core/metrics/split.h"

namespace ccx::metrics {
namespace {

constexpr std::string_view kDivider = "|||";  // of references on METEOR's input line

constexpr double kAlpha = 0.85;  // weight of recall in the harmonic mean
constexpr double kBeta = 0.2;    // shape of the fragmentation penalty
constexpr double kGamma = 0.6;   // the largest penalty
constexpr double kDelta = 0.75;  // weight of content words; function words weigh 1 - delta

double weighted(double content, double function) {
  return kDelta * content + (1 - kDelta) * function;
}

// Line breaks would end METEOR's input line; they are spaces here.
std::string one_line(std::string text) {
  for (char& c : text) c = c == '\n' || c == '\r' ? ' ' : c;
  return text;
}

std::vector<std::string> divide_references(const std::vector<std::string>& references) {
  std::vector<std::string> divided;
  for (const std::string& reference : references) {
    for (const std::string_view part : split<char>(reference, kDivider)) divided.emplace_back(part);
  }
  return divided;
}

MeteorStats pair_stats(const std::vector<std::string>& hypothesis, const std::vector<std::string>& reference,
                       const MeteorData& data) {
  const auto flags = [&](const std::vector<std::string>& words) {
    std::vector<bool> is_function;
    for (const std::string& word : words) is_function.push_back(data.is_function_word(word));
    return is_function;
  };
  const std::vector<bool> hypothesis_function = flags(hypothesis);
  const std::vector<bool> reference_function = flags(reference);
  MeteorStats stats;
  stats.hypothesis_length = static_cast<double>(hypothesis.size());
  stats.reference_length = static_cast<double>(reference.size());
  for (bool is_function : hypothesis_function) stats.hypothesis_function_words += is_function ? 1 : 0;
  for (bool is_function : reference_function) stats.reference_function_words += is_function ? 1 : 0;

  const MeteorAlignment alignment = meteor_align(hypothesis, reference, data);
  stats.chunks = alignment.chunks;
  for (const MeteorMatch& m : alignment.matches) {
    MeteorStats::Stage& stage = stats.stages[m.stage];
    for (int i = 0; i < m.hypothesis_length; ++i) {
      ++(hypothesis_function[m.hypothesis_start + i] ? stage.hypothesis_function : stage.hypothesis_content);
    }
    for (int i = 0; i < m.reference_length; ++i) {
      ++(reference_function[m.reference_start + i] ? stage.reference_function : stage.reference_content);
    }
    stats.hypothesis_matches += m.hypothesis_length;
    stats.reference_matches += m.reference_length;
  }
  return stats;
}

}  // namespace

MeteorStats& MeteorStats::operator+=(const MeteorStats& pair) {
  hypothesis_length += pair.hypothesis_length;
  reference_length += pair.reference_length;
  hypothesis_function_words += pair.hypothesis_function_words;
  reference_function_words += pair.reference_function_words;
  for (int s = 0; s < kStages; ++s) {
    stages[s].hypothesis_content += pair.stages[s].hypothesis_content;
    stages[s].reference_content += pair.stages[s].reference_content;
    stages[s].hypothesis_function += pair.stages[s].hypothesis_function;
    stages[s].reference_function += pair.stages[s].reference_function;
  }
  if (!pair.is_whole()) chunks += pair.chunks;
  hypothesis_matches += pair.hypothesis_matches;
  reference_matches += pair.reference_matches;
  return *this;
}

bool MeteorStats::is_whole() const {
  return chunks == 1 && hypothesis_matches == hypothesis_length && reference_matches == reference_length;
}

std::string MeteorStats::line() const {
  std::vector<double> values = {hypothesis_length, reference_length, hypothesis_function_words,
                                reference_function_words};
  for (const Stage& stage : stages) {
    values.insert(values.end(), {stage.hypothesis_content, stage.reference_content, stage.hypothesis_function,
                                 stage.reference_function});
  }
  values.insert(values.end(), {chunks, hypothesis_matches, reference_matches});
  std::string text;
  for (double value : values) {
    if (!text.empty()) text += ' ';
    text += std::to_string(static_cast<long long>(value));
  }
  return text;
}

double meteor_score(const MeteorStats& stats) {
  double hypothesis = 0;
  double reference = 0;
  for (int s = 0; s < MeteorStats::kStages; ++s) {
    const MeteorStats::Stage& stage = stats.stages[s];
    hypothesis += kMeteorStageWeights[s] * weighted(stage.hypothesis_content, stage.hypothesis_function);
    reference += kMeteorStageWeights[s] * weighted(stage.reference_content, stage.reference_function);
  }
  if (hypothesis == 0 || reference == 0) return 0;
  const double precision =
      hypothesis / weighted(stats.hypothesis_length - stats.hypothesis_function_words, stats.hypothesis_function_words);
  const double recall =
      reference / weighted(stats.reference_length - stats.reference_function_words, stats.reference_function_words);
  const double mean = precision * recall / (kAlpha * precision + (1 - kAlpha) * recall);

  const double fragmentation =
      stats.is_whole() ? 0 : stats.chunks / ((stats.hypothesis_matches + stats.reference_matches) / 2);
  return mean * (1 - kGamma * std::pow(fragmentation, kBeta));
}

MeteorStats Meteor::stats(const std::string& hypothesis, const std::vector<std::string>& references) const {
  if (references.empty()) throw InputError("METEOR needs at least one reference for every hypothesis");
  const std::string cleaned = replaced<char>(replaced<char>(one_line(hypothesis), kDivider, ""), "  ", " ");
  const std::vector<std::string> words = meteor_words(cleaned, data_.prefixes());
  MeteorStats best;
  double best_score = -1;
  for (const std::string& reference : divide_references(references)) {
    const MeteorStats candidate = pair_stats(words, meteor_words(one_line(reference), data_.prefixes()), data_);
    const double score = meteor_score(candidate);
    if (score > best_score) {
      best_score = score;
      best = candidate;
    }
  }
  return best;
}

}  // namespace ccx::metrics
