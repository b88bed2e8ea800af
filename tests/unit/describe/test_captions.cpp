// Sentences: words of LEVIR-CC, the right direction, lengths as people write them.
#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/describe/captions.h"
#include "core/describe/usual.h"
#include "core/scenes/scenes.h"
#include "tests/support/catch.h"

using ccx::Rng;
using namespace ccx::describe;
using ccx::describe::describe;
using ccx::scenes::generate;
using ccx::scenes::Pair;
using ccx::scenes::Sentences;

namespace {

std::vector<std::string> words(const std::string& sentence) {
  std::istringstream in(sentence);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

Facts one_change(ChangeKind kind, bool added, int count) {
  Change change;
  change.kind = kind;
  change.added = added;
  change.count = count;
  change.area = 0.1f;
  change.place = {1, -1, false, false};
  Facts facts;
  facts.changes = {change};
  return facts;
}

bool any_of_words(const std::string& sentence, const std::set<std::string>& wanted) {
  const std::vector<std::string> all = words(sentence);
  return std::any_of(all.begin(), all.end(), [&](const std::string& w) { return wanted.count(w) != 0; });
}

const std::set<std::string> kBuiltWords = {"built",   "constructed", "erected", "appear",
                                           "appears", "appeared",    "show",    "shows"};
const std::set<std::string> kGoneWords = {"removed",    "disappear", "disappears", "disappeared",
                                          "demolished", "replaced",  "replace"};

}  // namespace

TEST_CASE("an unchanged pair has LEVIR-CC's five sentences in their order") {
  const Sentences expected = {"there is no difference", "the two scenes seem identical",
                              "the scene is the same as before", "no change has occurred",
                              "almost nothing has changed"};
  CHECK(describe(Facts(), Rng(1)) == expected);
  CHECK(generate(1, {64, 0.0f, 0.0f}).sentences == expected);
}

TEST_CASE("every sentence is of many words, lower case and without leftovers of a pattern") {
  std::set<std::string> vocabulary;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    for (const std::string& sentence : generate(seed, {64, 1.0f, 0.3f}).sentences) {
      CAPTURE(seed, sentence);
      CHECK(sentence.find_first_of("{}.,ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
      CHECK(sentence.find("  ") == std::string::npos);
      REQUIRE_FALSE(sentence.empty());
      CHECK(sentence.front() != ' ');
      CHECK(sentence.back() != ' ');
      for (const std::string& word : words(sentence)) vocabulary.insert(word);
    }
  }
  CHECK(vocabulary.size() > 120);  // 132 words
}

TEST_CASE("what was built is told as built and what was removed as removed") {
  for (const ChangeKind kind :
       {ChangeKind::kHouses, ChangeKind::kLargeBuilding, ChangeKind::kRoad, ChangeKind::kParking}) {
    for (const int count : {1, 2, 9}) {
      for (uint64_t seed = 0; seed < 40; ++seed) {
        for (const std::string& sentence : describe(one_change(kind, true, count), Rng(seed))) {
          CAPTURE(sentence);
          CHECK(any_of_words(sentence, kBuiltWords));
          CHECK_FALSE(any_of_words(sentence, kGoneWords));
        }
        for (const std::string& sentence : describe(one_change(kind, false, count), Rng(seed))) {
          CAPTURE(sentence);
          CHECK(any_of_words(sentence, kGoneWords));
          CHECK_FALSE(any_of_words(sentence, kBuiltWords));
        }
      }
    }
  }
}

TEST_CASE("counts and places are told as they are") {
  const std::set<std::string> plural = {"houses", "buildings", "villas"}, singular = {"house", "building", "villa"};
  int corner = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    for (const std::string& sentence : describe(one_change(ChangeKind::kHouses, true, 1), Rng(seed))) {
      CAPTURE(sentence);
      CHECK(any_of_words(sentence, singular));
      CHECK_FALSE(any_of_words(sentence, plural));
      CHECK_FALSE(any_of_words(sentence, {"left", "bottom", "lower"}));  // it is at the top right
      corner += any_of_words(sentence, {"right"}) && any_of_words(sentence, {"top", "upper"}) ? 1 : 0;
    }
    for (const std::string& sentence : describe(one_change(ChangeKind::kHouses, true, 9), Rng(seed))) {
      CAPTURE(sentence);
      CHECK(any_of_words(sentence, plural));
      CHECK_FALSE(any_of_words(sentence, singular));
    }
  }
  CHECK(corner > 60);  // of 300 sentences
}

TEST_CASE("sentences of a pair differ, and are as long as people's") {
  // 20,370 human sentences about changed pairs: mean 11.0 words, deviation 3.7, tenth percentile 7, ninetieth 16.
  double sum = 0.0, squares = 0.0;
  int count = 0, different = 0, pairs = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const Pair pair = generate(seed, {64, 1.0f, 0.0f});
    for (const std::string& sentence : pair.sentences) {
      const double n = static_cast<double>(words(sentence).size());
      CHECK(n >= 3);
      CHECK(n <= 26);
      sum += n;
      squares += n * n;
      ++count;
    }
    different += static_cast<int>(std::set<std::string>(pair.sentences.begin(), pair.sentences.end()).size());
    ++pairs;
  }
  const double mean = sum / count, deviation = std::sqrt(squares / count - mean * mean);
  CHECK(mean == Approx(11.0).margin(1.8));
  CHECK(deviation == Approx(3.7).margin(1.2));
  CHECK(different > 3.8 * pairs);  // the usual sentence comes twice
}

TEST_CASE("two of five sentences are the usual one, which says what the facts say") {
  int told = 0, pairs = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const Pair pair = generate(seed, {64, 1.0f, 0.3f});
    const std::string usual = usual_sentence(pair.facts);
    CAPTURE(seed, usual);
    ++pairs;
    if (usual.empty()) continue;
    ++told;
    CHECK(std::count(pair.sentences.begin(), pair.sentences.end(), usual) == 2);
  }
  CHECK(told > 0.95 * pairs);
  CHECK(usual_sentence(one_change(ChangeKind::kHouses, true, 1)) ==
        "a house is built at the top right corner of the scene");
  Facts estate = one_change(ChangeKind::kHouses, true, 12);
  estate.changes[0].relation = Relation::kBothSides;
  CHECK(usual_sentence(estate) == "many houses are built on both sides of the road");
  estate.trees_lost = 0.4f;
  CHECK(usual_sentence(estate) == "some trees are removed and many houses are built on both sides of the road");
  CHECK(usual_sentence(turned(estate)) == "some trees appear and many houses are removed on both sides of the road");
  CHECK(usual_sentence(Facts()).empty());
}

TEST_CASE("an extension and a widened road are told as such, and the other way round when they go") {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const auto all_say = [&](ChangeKind kind, bool added, const std::set<std::string>& expected) {
      for (const std::string& sentence : describe(one_change(kind, added, 1), Rng(seed))) {
        CAPTURE(sentence);
        CHECK(any_of_words(sentence, expected));
      }
    };
    all_say(ChangeKind::kExtension, true, {"extended", "expanded", "added"});
    all_say(ChangeKind::kExtension, false, {"part"});
    all_say(ChangeKind::kWidening, true, {"widened", "wider"});
    all_say(ChangeKind::kWidening, false, {"narrowed", "narrower"});
  }
}

TEST_CASE("buildings are extended and roads widened now and then") {
  int extended = 0, widened = 0;
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    for (const Change& change : generate(seed, {64, 1.0f, 0.2f}).facts.changes) {
      extended += change.kind == ChangeKind::kExtension;
      widened += change.kind == ChangeKind::kWidening;
    }
  }
  // 10 and 11 of these 1,500.
  CHECK(extended >= 4);
  CHECK(widened >= 4);
}

TEST_CASE("where a wood went, most sentences say so, where a few trees went, some do") {
  const auto share_of = [](float trees_lost) {
    Change change;
    change.count = 9;
    change.area = 0.1f;
    change.relation = Relation::kBothSides;
    change.road_count = 2;
    change.setting = Setting::kForest;
    Facts facts;
    facts.changes = {change};
    facts.trees_lost = trees_lost;
    int naming = 0;
    for (uint64_t seed = 0; seed < 100; ++seed) {
      for (const std::string& sentence : describe(facts, Rng(seed))) {
        naming += any_of_words(sentence, {"trees", "plants", "vegetation", "forest", "woods"}) &&
                  any_of_words(sentence, kGoneWords);
      }
    }
    return naming / 500.0;
  };
  // People name the wood that made way for houses more often than not, and no tree where none went.
  CHECK(share_of(0.4f) > 0.5);
  CHECK(share_of(0.06f) > 0.05);
  CHECK(share_of(0.06f) < 0.4);
  CHECK(share_of(0.0f) == 0.0);
}
