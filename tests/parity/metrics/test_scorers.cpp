// Every metric against the values of the field's scorers (pycocoevalcap 1.2 with METEOR 1.5), corpus and per sentence.
// Tolerance 1e-6 absolute: the scorers sum in another order; differences seen are below 1e-12.
#include <cmath>
#include <map>

#include "core/metrics/protocol.h"
#include "core/metrics/scores.h"
#include "tests/parity/metrics/vectors.h"
#include "tests/support/needs.h"

using namespace ccx;
using namespace ccx::metrics;

namespace {

constexpr double kTolerance = 1e-6;

// Compares and requires a finite number.
void check_value(const std::string& name, double got, double expected) {
  INFO(name << ": got " << got << ", the scorers give " << expected);
  CHECK(std::isfinite(got));
  CHECK(std::abs(got - expected) <= kTolerance);
}

void check_scores(const ScoredPairs& scored, const nlohmann::json& corpus, const nlohmann::json& per_sentence,
                  const std::map<std::string, std::string>& names) {
  const Scores total = scored.corpus();
  const std::vector<Scores> each = scored.per_pair();
  for (const NamedScore& score : named_scores(total)) {
    if (score.value && names.count(score.name) != 0 && corpus.contains(names.at(score.name))) {
      check_value(score.name, *score.value, corpus.at(names.at(score.name)).get<double>());
    }
  }
  for (std::size_t i = 0; i < each.size(); ++i) {
    for (const NamedScore& score : named_scores(each[i])) {
      const auto name = names.find(score.name);
      if (!score.value || name == names.end() || !per_sentence.contains(name->second)) continue;
      INFO("pair " << i << ": " << scored.pairs()[i].hypothesis.substr(0, 200));
      check_value(score.name, *score.value, per_sentence.at(name->second).at(i).get<double>());
    }
  }
}

const std::map<std::string, std::string> kDevNames = {
    {"bleu_1", "Bleu_1"}, {"bleu_2", "Bleu_2"},   {"bleu_3", "Bleu_3"}, {"bleu_4", "Bleu_4"},
    {"meteor", "METEOR"}, {"rouge_l", "ROUGE_L"}, {"cider_d", "CIDEr"}, {"s_m", "Sm"}};

const std::map<std::string, std::string> kOwnNames = {
    {"bleu_1", "bleu_1"}, {"bleu_2", "bleu_2"},   {"bleu_3", "bleu_3"},   {"bleu_4", "bleu_4"},
    {"meteor", "meteor"}, {"rouge_l", "rouge_l"}, {"cider_d", "cider_d"}, {"s_m", "s_m"}};

void check_dev_set(const nlohmann::json& set) {
  std::vector<EvalPair> pairs;
  for (std::size_t i = 0; i < set.at("hypotheses").size(); ++i) {
    pairs.push_back({std::to_string(i), set["hypotheses"][i], set["references"][i].get<std::vector<std::string>>()});
  }
  const std::vector<EvalPair> prepared = prepare(pairs, Protocol::kCcexpert);
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    CHECK(prepared[i].hypothesis == set["processed_hypotheses"][i].get<std::string>());
    CHECK(prepared[i].references == set["processed_references"][i].get<std::vector<std::string>>());
  }
  const Meteor* meteor = test::needs_meteor();
  check_scores(ScoredPairs(prepared, meteor), set.at("corpus"), set.at("per_sentence"), kDevNames);
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    CHECK(meteor->stats(prepared[i].hypothesis, prepared[i].references).line() ==
          set["per_sentence"]["METEOR_stat_line"][i].get<std::string>());
  }
}

}  // namespace

TEST_CASE("odd and ordinary captions score as the scorers say, prepared as CCExpert prepares them") {
  check_dev_set(test::read_json(test::data_dir() / "metrics" / "scorers_dev.json"));
}

TEST_CASE("sets without odd characters, with one pair and with one reference score as the scorers say") {
  const nlohmann::json dev = test::read_json(test::data_dir() / "metrics" / "scorers_dev.json");
  for (const char* name : {"clean", "single", "one_ref"}) {
    INFO(name);
    check_dev_set(dev.at(name));
  }
}

TEST_CASE("pathological input has the scorers' own values and no NaN") {
  const nlohmann::json sets = test::read_json(test::data_dir() / "metrics" / "scorers_pathological.json");
  REQUIRE(sets.size() >= 10);
  for (const auto& [name, set] : sets.items()) {
    INFO(name);
    std::vector<EvalPair> pairs;
    for (const auto& pair : set.at("pairs")) {
      pairs.push_back({"", pair.at("hypothesis"), pair.at("references").get<std::vector<std::string>>()});
    }
    check_scores(ScoredPairs(pairs, test::needs_meteor()), set.at("corpus"), set.at("per_sentence"), kOwnNames);
  }
}

TEST_CASE("one pair alone scores CIDEr-D with a logarithm of 1, as CCExpert's scorer does") {
  // Three words have no 4-gram: the mean over four orders is 3/4.
  CHECK(score_corpus({{"", "the same words", {"the same words"}}}, nullptr).cider_d == Approx(7.5));
  CHECK(score_corpus({{"", "the same four words", {"the same four words"}}}, nullptr).cider_d == Approx(10.0));
}

TEST_CASE("978 real predictions score as the scorers say") {
  const std::filesystem::path folder = test::needs_shared("eval");
  const nlohmann::json expected = test::read_json(folder / "expected_scores.json");
  std::vector<EvalPair> pairs;
  for (const auto& record : test::read_json(folder / "levir_cc_predictions.json")) {
    pairs.push_back(
        {record.at("filename"), record.at("hypothesis"), record.at("references").get<std::vector<std::string>>()});
  }
  const std::map<std::string, std::string> names = {
      {"bleu_1", "BLEU-1"}, {"bleu_2", "BLEU-2"},   {"bleu_3", "BLEU-3"},   {"bleu_4", "BLEU-4"},
      {"meteor", "METEOR"}, {"rouge_l", "ROUGE_L"}, {"cider_d", "CIDEr-D"}, {"s_m", "S*_m"}};
  const ScoredPairs scored(prepare(pairs, Protocol::kCcexpert), test::needs_meteor());
  check_scores(scored, expected, expected.at("per_sentence"), names);
}

TEST_CASE("a subset scores as if its pairs had come alone") {
  const nlohmann::json dev = test::read_json(test::data_dir() / "metrics" / "scorers_dev.json");
  std::vector<EvalPair> all;
  for (std::size_t i = 0; i < 12; ++i) {
    all.push_back({"", dev["hypotheses"][20 + i], dev["references"][20 + i].get<std::vector<std::string>>()});
  }
  const std::vector<EvalPair> some(all.begin() + 3, all.begin() + 8);
  const Scores subset = ScoredPairs(all, nullptr).corpus({3, 4, 5, 6, 7});
  const Scores alone = score_corpus(some, nullptr);
  CHECK(subset.n == 5);
  CHECK(subset.cider_d == Approx(alone.cider_d).margin(1e-12));
  CHECK(subset.bleu_4 == Approx(alone.bleu_4).margin(1e-12));
  CHECK(subset.cider_d != Approx(ScoredPairs(all, nullptr).corpus().cider_d));
}

TEST_CASE("the bootstrap is reproducible, brackets the score and narrows with more pairs") {
  const nlohmann::json dev = test::read_json(test::data_dir() / "metrics" / "scorers_dev.json");
  std::vector<EvalPair> pairs;
  for (std::size_t i = 0; i < dev["hypotheses"].size(); ++i) {
    pairs.push_back({"", dev["hypotheses"][i], dev["references"][i].get<std::vector<std::string>>()});
  }
  const ScoredPairs scored(prepare(pairs, Protocol::kCcexpert), nullptr);
  std::vector<std::size_t> all(pairs.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const ScoreIntervals intervals = scored.bootstrap(all, 400, 1);
  const ScoreIntervals again = scored.bootstrap(all, 400, 1);
  const ScoreIntervals few = scored.bootstrap({11, 12, 13, 14, 15, 16}, 400, 1);
  const std::vector<NamedScore> scores = named_scores(scored.corpus());
  for (std::size_t s = 0; s < scores.size(); ++s) {
    INFO(scores[s].name);
    CHECK(intervals[s].has_value() == scores[s].value.has_value());
    if (!intervals[s]) continue;
    CHECK(intervals[s]->low == again[s]->low);
    CHECK(intervals[s]->low < *scores[s].value);
    CHECK(*scores[s].value < intervals[s]->high);
    if (std::string(scores[s].name) == "rouge_l") {
      CHECK(few[s]->high - few[s]->low > intervals[s]->high - intervals[s]->low);
    }
  }
}
