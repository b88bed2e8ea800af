// Beam search, against transformers and against trying every caption.
#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/generate/generator.h"
#include "core/generate/log_softmax.h"
#include "tests/support/catch.h"
#include "tests/support/hash_model.h"
#include "tests/support/paths.h"

using namespace ccx;
using namespace ccx::generate;
using Ids = std::vector<std::int64_t>;
using Keys = std::vector<std::uint64_t>;

namespace {

GenerationConfig config_of(const nlohmann::json& fixture, const nlohmann::json& item) {
  GenerationConfig config = GenerationConfig::from_json(item.dump(), "fixture");
  config.eos_token_ids = fixture.at("eos").get<Ids>();
  config.pad_token_id = fixture.at("pad");
  config.num_beams = item.at("num_beams");
  config.max_new_tokens = item.at("max_new_tokens");
  return config;
}

}  // namespace

TEST_CASE("beam search finds what transformers finds") {
  std::ifstream in(test::data_dir() / "generate/beam_search.json");
  const nlohmann::json fixture = nlohmann::json::parse(in);
  const std::size_t vocabulary = fixture.at("vocabulary");
  const Keys keys = fixture.at("keys");
  REQUIRE(fixture.at("cases").size() == 16);
  for (const nlohmann::json& item : fixture.at("cases")) {
    CAPTURE(item.dump());
    const GenerationConfig config = config_of(fixture, item);
    Generator generator(config, static_cast<std::int64_t>(vocabulary), keys);
    const std::vector<Sequence> sequences = test::HashModel(keys, vocabulary).run(generator);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const Ids expected = item.at("sequences")[i];
      Ids got = sequences[i].ids;
      // transformers writes its first eos id whichever ended the caption, and pads.
      if (sequences[i].finish == FinishReason::kEos) got.back() = config.eos_token_ids.front();
      got.resize(expected.size(), config.pad_token_id);
      CHECK(got == expected);
      // Sums of float32 there, of double here, over up to 24 tokens.
      CHECK(sequences[i].score == Approx(item.at("scores")[i].get<double>()).epsilon(0).margin(2e-5));
    }
  }
}

TEST_CASE("with enough beams the best of all captions is found") {
  constexpr std::size_t kVocabulary = 12;
  constexpr std::size_t kLongest = 3;
  GenerationConfig config;
  config.eos_token_ids = {0};
  config.num_beams = 6;
  config.max_new_tokens = kLongest;
  config.early_stopping = EarlyStopping::kNever;
  // Six beams may lose the best in principle: that they do not is what the comparison with every caption shows here.
  for (std::uint64_t key = 0; key < 20; ++key) {
    Sequence best;
    best.score = -1e30;
    const std::function<void(const Ids&, double)> extend = [&](const Ids& prefix, double sum) {
      const std::vector<float> logits = test::hash_logits(key, prefix, kVocabulary);
      for (std::size_t token = 0; token < kVocabulary; ++token) {
        Ids longer = prefix;
        longer.push_back(static_cast<std::int64_t>(token));
        const double total = sum + log_probability(logits, token);
        if (token != 0 && longer.size() < kLongest) {
          extend(longer, total);
        } else if (const double score = total / static_cast<double>(longer.size()); score > best.score) {
          best.ids = longer;
          best.score = score;
        }
      }
    };
    extend({}, 0);
    Generator generator(config, kVocabulary, Keys{key});
    const Sequence found = test::HashModel({key}, kVocabulary).run(generator).front();
    CHECK(found.ids == best.ids);
    CHECK(found.score == Approx(best.score).margin(1e-6));
  }
}

TEST_CASE("beams start from one row and then have their own, which parents lead back to") {
  GenerationConfig config;
  config.eos_token_ids = {9};
  config.num_beams = 2;
  Generator generator(config, 10, Keys{0, 1});
  CHECK(generator.rows() == 2);
  std::vector<float> logits(20);
  logits[4] = 3;
  logits[5] = 2;
  logits[16] = 3;
  logits[17] = 2;
  const Step first = generator.step(logits);
  CHECK(first.tokens == Ids{4, 5, 6, 7});
  CHECK(first.parents == Ids{0, 0, 1, 1});
  CHECK(first.moved);

  // Both best continuations of the first caption come from its second beam, of the second from its first.
  std::vector<float> next(40);
  next[10 + 1] = 9;
  next[10 + 2] = 9;
  next[20 + 3] = 9;
  next[20 + 8] = 9;
  const Step second = generator.step(next);
  CHECK(second.tokens == Ids{1, 2, 3, 8});
  CHECK(second.parents == Ids{1, 1, 2, 2});
  CHECK(generator.sequence(0).ids == Ids{5, 1});
}

TEST_CASE("log-probabilities of the best beam are those of its tokens") {
  GenerationConfig config;
  config.eos_token_ids = {7};
  config.num_beams = 4;
  config.max_new_tokens = 10;
  config.repetition_penalty = 1.3;
  Generator generator(config, 40, Keys{21});
  const Sequence found = test::HashModel({21}, 40).run(generator).front();
  REQUIRE(found.ids.size() == found.log_probabilities.size());
  Ids prefix;
  for (std::size_t i = 0; i < found.ids.size(); ++i) {
    const double expected = log_probability(test::hash_logits(21, prefix, 40), static_cast<std::size_t>(found.ids[i]));
    CHECK(found.log_probabilities[i] == Approx(expected).margin(1e-9));
    prefix.push_back(found.ids[i]);
  }
}
