// Fills sentence patterns with words.
#include "core/describe/captions.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "core/base/no_change.h"
#include "core/describe/grammar.h"
#include "core/describe/usual.h"
#include "core/describe/words.h"

namespace ccx::describe {

namespace {

std::string choose(const Words& words, Rng& rng) {
  float total = 0.0f;
  for (const Word& word : words) total += word.weight;
  float at = rng.uniform() * total;
  for (const Word& word : words) {
    if (at < word.weight) return word.text;
    at -= word.weight;
  }
  return words.back().text;
}

// A kind of change with what was found beside it: the pattern's context.
class Teller {
 public:
  Teller(const Facts& facts, const Change& change, Rng& rng) : facts_(facts), change_(change), rng_(rng) {
    for (const Change& other : facts.changes) {
      if (other.added != change.added) continue;
      if (other.kind == ChangeKind::kRoad) road_ = &other;
      if (other.kind == ChangeKind::kParking) parking_ = &other;
    }
  }

  uint32_t conditions() const {
    uint32_t c = change_.count == 1 ? kOne : kMany;
    if (change_.count >= 7) c |= kCrowd;
    if (road_ != nullptr) c |= kNewRoad | kRoad;
    if (change_.relation != Relation::kNone) c |= kRoad;
    if (change_.relation == Relation::kBothSides || (change_.relation >= Relation::kCorner && change_.count >= 5))
      c |= kBothSides;
    if (change_.relation == Relation::kCrossroad) c |= kAtCrossroad;
    if (change_.relation == Relation::kCorner) c |= kAtCorner;
    if (change_.relation == Relation::kRoadEnd) c |= kAtRoadEnd;
    if (change_.rows >= 1) c |= kInRows;
    if (change_.rows >= 2) c |= kTwoRows;
    if (!change_.place.everywhere &&
        !(change_.place.horizontal == 0 && change_.place.vertical == 0 && !change_.place.central))
      c |= kPlaced;
    const float trees = (change_.added ? 1.0f : -1.0f) * facts_.trees_lost;
    if (trees > kTreesWorthAWord) c |= kTreesLost;
    if (trees > 0.12f) c |= kManyTrees;
    if (std::abs(facts_.trees_lost) > 0.25f) c |= kMostTrees;
    if (change_.among_houses) c |= kAmong;
    if (change_.with_pool) c |= kPool;
    if (change_.surrounding_trees) c |= kTreesAround;
    if (parking_ != nullptr && &change_ != parking_) c |= kParking;
    c |= change_.setting == Setting::kForest || change_.setting == Setting::kTrees ? kWooded : kOpen;
    if (change_.road_count >= 1 && change_.count >= 5) c |= kStreet;
    if (road_ != nullptr && road_->shape == RoadShape::kWinding) c |= kWinding;
    return c;
  }

  // `more` asks for a word on the place or the ground where the pattern has none.
  std::string fill(std::string pattern, bool more) {
    const bool has_place = pattern.find("{at}") != std::string::npos,
               has_ground = pattern.find("{on") != std::string::npos;
    if (more && !has_place && (conditions() & kPlaced) != 0) {
      pattern += " {at}";
    } else if (more && !has_place && !has_ground && change_.added && pattern.find("{ground}") == std::string::npos) {
      pattern += " {on}";
    }
    std::string sentence;
    // Nouns and the number of the road's verb stay the same within a sentence.
    nouns_ = choose(kHouses, rng_);
    noun_ = choose(kHouse, rng_);
    trees_ = choose(kTreesAny, rng_);
    new_road_ = draw_new_road();
    for (std::string_view rest(pattern); !rest.empty();) {
      const size_t open = rest.find('{');
      sentence += rest.substr(0, open);
      if (open == std::string_view::npos) break;
      const size_t close = rest.find('}', open);
      sentence += slot(rest.substr(open + 1, close - open - 1));
      rest.remove_prefix(close + 1);
    }
    sentence = tidy(sentence);
    for (const char* clash : {"original new ", "more new "}) {
      const size_t at = sentence.find(clash);
      if (at != std::string::npos) sentence.erase(at + std::string_view(clash).size() - 4, 4);
    }
    return sentence;
  }

 private:
  static std::string tidy(const std::string& text) {  // slots may be empty
    std::string out;
    for (const char c : text) {
      if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
      out += c;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
  }

  bool road_plural() const { return new_road_.compare(0, 2, "a ") != 0 && new_road_.compare(0, 3, "an ") != 0; }

  std::string draw_new_road() {
    const Change* road = road_ != nullptr ? road_ : &change_;
    if (road->kind != ChangeKind::kRoad) return choose(kStraightRoad, rng_);
    switch (road->shape) {
      case RoadShape::kStraight:
        return choose(kStraightRoad, rng_);
      case RoadShape::kWinding:
        return choose(kWindingRoad, rng_);
      case RoadShape::kTShaped:
        return choose(kTRoad, rng_);
      case RoadShape::kCross:
        return choose(kCrossRoad, rng_);
      case RoadShape::kSeveral:
        break;
    }
    return choose(kSeveralRoads, rng_);
  }

  std::string slot(std::string_view name) {
    if (name == "q") return quantity();
    if (name == "ns") return nouns_;
    if (name == "n") return noun_;
    if (name == "a") return "a " + noun_;
    if (name == "rows")
      return choose(change_.rows == 1   ? kRows1
                    : change_.rows == 2 ? kRows2
                    : change_.rows == 3 ? kRows3
                                        : kRows4,
                    rng_) +
             " " + nouns_;
    if (name == "are") return built(kManyAux);
    if (name == "is") return built(kOneAux);
    if (name == "are_row") return built(change_.rows == 1 ? kOneAux : kManyAux);
    if (name == "go_row") return choose(change_.rows == 1 ? kIsRemoved : kAreRemoved, rng_);
    if (name == "appear") return choose(kAppear, rng_);
    if (name == "appears") return choose(kAppears, rng_);
    if (name == "near") return choose(kNear, rng_);
    if (name == "near_it") return choose(kNearIt, rng_);
    if (name == "the_road")
      // Several roads are "the road" to most people.
      return (change_.road_count >= 2 || (road_ != nullptr && road_->count >= 2)) && rng_.chance(0.35f) ? "the roads"
                                                                                                        : "the road";
    if (name == "roads") return change_.road_count >= 2 ? "roads" : "road";
    if (name == "new_road") return new_road_;
    if (name == "road_is") return built(road_plural() ? kManyAux : kOneAux);
    if (name == "appears_road") return choose(road_plural() ? kAppear : kAppears, rng_);
    if (name == "road_goes") return choose(road_plural() ? kAreRemoved : kIsRemoved, rng_);
    if (name == "go") return choose(kAreRemoved, rng_);
    if (name == "goes") return choose(kIsRemoved, rng_);
    if (name == "have_gone") return choose(kHaveGone, rng_);
    if (name == "has_gone") return choose(kHasGone, rng_);
    if (name == "has") return "has";
    if (name == "have") return trees_plural() ? "have" : "has";
    if (name == "are_gone") return trees_plural() ? "are removed" : "is removed";
    if (name == "trees") return trees_;
    if (name == "trees_go")
      return choose(std::abs(facts_.trees_lost) > 0.12f || change_.kind == ChangeKind::kTrees ? kTreesGo : kFewTreesGo,
                    rng_);
    if (name == "trees_grow") return choose(kTreesGrow, rng_);
    if (name == "large") return choose(kLarge, rng_);
    if (name == "big") return choose(kBig, rng_);
    if (name == "on" || name == "on_now") return choose(setting(), rng_);
    if (name == "ground") return choose(change_.setting == Setting::kBareland ? kBareGround : kGrassGround, rng_);
    if (name == "at") return position();
    return std::string();
  }

  // "are built", "has been constructed": one of the auxiliaries with a participle.
  std::string built(const Words& auxiliaries) {
    const std::string participle = choose(kBuilt, rng_);
    return choose(auxiliaries, rng_) + " " + participle;
  }

  bool trees_plural() const { return trees_ == "trees" || trees_ == "plants" || trees_ == "woods"; }

  const Words& setting() const {
    switch (change_.setting) {
      case Setting::kBareland:
        return kOnBareland;
      case Setting::kMeadow:
        return kOnMeadow;
      case Setting::kForest:
        return kOnForest;
      case Setting::kTrees:
        return kOnTrees;
      case Setting::kField:
        break;
    }
    return kOnField;
  }

  std::string quantity() {
    const int n = change_.count;
    if (n <= 1) return "a";
    return choose(n == 2 ? kQ2 : n == 3 ? kQ3 : n == 4 ? kQ4 : n < 8 ? kQ5 : n < 12 ? kQ8 : kQ12, rng_);
  }

  std::string position() {
    const Place& p = change_.place;
    if (p.horizontal != 0 && p.vertical != 0) {
      if (rng_.chance(0.22f)) return choose(kSomeCorner, rng_);
      const std::string end = choose(kCornerEnd, rng_);
      const std::string edge = choose(p.vertical < 0 ? kTop : kBottom, rng_);
      return choose(kCornerOpening, rng_) + " " + edge + " " + (p.horizontal < 0 ? "left" : "right") + " " + end;
    }
    if (p.vertical != 0) return choose(p.vertical < 0 ? kAtTop : kAtBottom, rng_);
    if (p.horizontal != 0) return choose(p.horizontal < 0 ? kAtLeft : kAtRight, rng_);
    if (p.central) return choose(kInMiddle, rng_);
    return choose(setting(), rng_);
  }

  const Facts& facts_;
  const Change& change_;
  Rng& rng_;
  const Change* road_ = nullptr;
  const Change* parking_ = nullptr;
  std::string nouns_, noun_, trees_, new_road_;
};

// A pattern whose conditions hold, by weight; those that name the road or the trees that went are more likely, as
// people name them where they can: where a wood made way for houses, more than half of the sentences say so.
const Pattern& draw_pattern(std::span<const Pattern> table, uint32_t conditions, Rng& rng,
                            const std::set<const Pattern*>& used) {
  float total = 0.0f;
  const auto weight = [&](const Pattern& p) {
    if ((p.needs & conditions) != p.needs) return 0.0f;
    float more = (p.needs & (kRoad | kNewRoad)) != 0 ? 1.2f : 1.0f;
    if ((p.needs & kTreesLost) != 0)
      more *= (conditions & kMostTrees) != 0 ? 4.0f : (conditions & kManyTrees) != 0 ? 2.5f : 1.3f;
    return (used.count(&p) != 0 ? 0.15f : 1.0f) * more * p.weight;
  };
  for (const Pattern& p : table) total += weight(p);
  float at = rng.uniform() * total;
  for (const Pattern& p : table) {
    const float w = weight(p);
    if (w > 0.0f && at < w) return p;
    at -= w;
  }
  for (const Pattern& p : table) {
    if (weight(p) > 0.0f) return p;
  }
  return table.front();
}

// So many of the five are the usual sentence: it must stand out for a model that says what is likeliest word by word.
constexpr size_t kUsual = 2;

}  // namespace

const std::array<std::string, 5>& no_change_sentences() {
  static const std::array<std::string, 5> kSentences = [] {
    std::array<std::string, 5> sentences;
    const std::vector<std::string>& written = ccx::levir_cc_no_change_sentences();
    std::transform(written.begin(), written.end(), sentences.begin(), ccx::normalise_sentence);
    return sentences;
  }();
  return kSentences;
}

std::array<std::string, 5> describe(const Facts& facts, Rng rng) {
  if (!facts.changed()) return no_change_sentences();
  std::array<std::string, 5> sentences;
  std::set<const Pattern*> used;
  std::set<std::string> said;
  size_t told = 0;
  if (const std::string usual = usual_sentence(facts); !usual.empty()) {
    for (; told < kUsual; ++told) sentences[told] = usual;
    said.insert(usual);
  }
  for (; told < sentences.size(); ++told) {
    std::string& sentence = sentences[told];
    for (int attempt = 0; attempt < 6; ++attempt) {
      // Mostly about what stands out; the road that belongs to houses is told with them.
      size_t topic = 0;
      if (facts.changes.size() > 1 && rng.chance(facts.changes[1].kind == ChangeKind::kRoad ? 0.06f : 0.25f)) topic = 1;
      const Change& change = facts.changes[topic];
      Teller teller(facts, change, rng);
      const Pattern& pattern = draw_pattern(patterns(change.kind, change.added), teller.conditions(), rng, used);
      sentence = teller.fill(pattern.text, rng.chance(0.4f));
      if (said.insert(sentence).second) {
        used.insert(&pattern);
        break;
      }
    }
  }
  return sentences;
}

}  // namespace ccx::describe
