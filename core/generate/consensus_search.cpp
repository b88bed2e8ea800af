// Several captions of one pair, and of them the one of least expected loss.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/random.h"
#include "core/generate/search.h"
#include "core/generate/search_common.h"
#include "core/metrics/bleu.h"
#include "core/metrics/rouge_l.h"

namespace ccx::generate {

namespace {

// A candidate as the metrics read it, a token being a word.
struct Said {
  std::size_t candidate;
  double weight;  // its probability, but for a factor common to all
  metrics::Words words;
  std::string text;
};

// Without its end token.
void read(const Sequence& sequence, const GenerationConfig& config, Said& said) {
  for (const std::int64_t id : sequence.ids) {
    if (is_eos(config, id)) break;
    said.words.push_back(std::to_string(id));
    said.text += (said.text.empty() ? "" : " ") + said.words.back();
  }
}

double likeness(const Said& caption, const Said& reference) {
  return metrics::bleu_score(metrics::bleu_stats(caption.words, {reference.words})).back() +
         metrics::rouge_l(caption.text, {reference.text});
}

class ConsensusSearch final : public Search {
 public:
  ConsensusSearch(const GenerationConfig& config, std::size_t vocabulary, std::uint64_t key) : config_(config) {
    GenerationConfig drawn = config;
    drawn.do_sample = true;
    for (std::size_t i = 0; i < static_cast<std::size_t>(config.candidates); ++i) {
      searches_.push_back(i == 0 ? make_token_search(config.greedy(), vocabulary, key)
                                 : make_token_search(drawn, vocabulary, derive_seed(key, i)));
      running_.push_back({i, 0});
    }
  }

  std::vector<Continuation> advance(std::span<const float> logits, std::size_t columns) override {
    std::vector<Continuation> next;
    std::vector<Row> still;
    for (const Row& row : running_) {
      Search& search = *searches_[row.candidate];
      const std::vector<Continuation> one = search.advance(logits.subspan(row.given * columns, columns), columns);
      if (search.sequence().finish == FinishReason::kInvalidLogits) {
        chosen_ = search.sequence();
        return {};
      }
      if (one.empty()) continue;
      still.push_back({row.candidate, next.size()});
      next.push_back({row.given, one.front().token});
    }
    running_ = std::move(still);
    if (next.empty()) chosen_ = searches_[consensus()]->sequence();
    return next;
  }

  // Nothing while candidates run: which of them it will be is not known.
  const Sequence& sequence() const override { return chosen_; }

 private:
  struct Row {
    std::size_t candidate;
    std::size_t given;  // which of the rows of logits is its own
  };

  // Those that differ, the first of those that do not.
  std::vector<Said> distinct() const {
    double likeliest = -std::numeric_limits<double>::infinity();
    for (const auto& search : searches_) likeliest = std::max(likeliest, search->sequence().score);
    std::vector<Said> all;
    for (std::size_t i = 0; i < searches_.size(); ++i) {
      const Sequence& sequence = searches_[i]->sequence();
      Said said{i, std::exp((sequence.score - likeliest) / config_.temperature), {}, {}};
      read(sequence, config_, said);
      const bool known = std::any_of(all.begin(), all.end(), [&](const Said& o) { return o.words == said.words; });
      if (!known) all.push_back(std::move(said));
    }
    return all;
  }

  // Each counts as likely as the model finds it: how often it was drawn tells the same less exactly. The first of those
  // that tie.
  std::size_t consensus() const {
    const std::vector<Said> all = distinct();
    std::size_t best = 0;
    double most = -std::numeric_limits<double>::infinity();
    for (const Said& one : all) {
      double sum = 0;
      for (const Said& reference : all) sum += reference.weight * likeness(one, reference);
      if (sum > most) {
        most = sum;
        best = one.candidate;
      }
    }
    return best;
  }

  GenerationConfig config_;
  std::vector<std::unique_ptr<Search>> searches_;
  std::vector<Row> running_;  // ascending
  Sequence chosen_;
};

}  // namespace

std::unique_ptr<Search> make_consensus_search(const GenerationConfig& config, std::size_t vocabulary,
                                              std::uint64_t key) {
  return std::make_unique<ConsensusSearch>(config, vocabulary, key);
}

}  // namespace ccx::generate
