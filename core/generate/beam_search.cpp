// Beam search, by the rules of transformers 4.40 (BeamSearchScorer), so that it finds the captions the reference would.
#include <cmath>
#include <limits>

#include "core/generate/log_softmax.h"
#include "core/generate/score_processing.h"
#include "core/generate/search.h"
#include "core/generate/search_common.h"

namespace ccx::generate {

namespace {

// A caption that is still growing, or was when it ended.
struct Beam {
  std::vector<std::int64_t> ids;
  std::vector<double> log_probabilities;
  double sum = 0;  // of the penalised log-probabilities

  Beam with(std::int64_t token, double log_probability, double new_sum) const {
    Beam longer = *this;
    longer.ids.push_back(token);
    longer.log_probabilities.push_back(log_probability);
    longer.sum = new_sum;
    return longer;
  }
};

struct Extension {
  double sum;
  double log_probability;  // of the token, unpenalised
  std::size_t beam;
  std::int64_t token;
};

// Best first; of equal ones the earlier beam, then the lower token.
bool better(const Extension& a, const Extension& b) {
  if (a.sum != b.sum) return a.sum > b.sum;
  if (a.beam != b.beam) return a.beam < b.beam;
  return a.token < b.token;
}

// The n best of those offered.
class Best {
 public:
  explicit Best(std::size_t n) : n_(n) {}

  // Whether an extension with this sum, later than all before it, could still be among them.
  bool wants(double sum) const { return heap_.size() < n_ || sum > heap_.front().sum; }

  void offer(const Extension& extension) {
    if (heap_.size() == n_) {
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.pop_back();
    }
    heap_.push_back(extension);
    std::push_heap(heap_.begin(), heap_.end(), better);
  }

  std::vector<Extension> sorted() && {
    std::sort(heap_.begin(), heap_.end(), better);
    return std::move(heap_);
  }

 private:
  std::size_t n_;
  std::vector<Extension> heap_;  // the worst in front
};

class BeamSearch final : public Search {
 public:
  BeamSearch(const GenerationConfig& config, std::size_t vocabulary)
      : config_(config), num_beams_(static_cast<std::size_t>(config.num_beams)), scores_(vocabulary) {
    // All beams would begin alike, so there is one until the first logits part them.
    beams_.resize(1);
  }

  std::vector<Continuation> advance(std::span<const float> logits, std::size_t columns) override {
    Best best(candidates_per_step());
    for (std::size_t beam = 0; beam < beams_.size(); ++beam) {
      if (!collect(logits.subspan(beam * columns, scores_.size()), beam, best)) return fail();
    }
    const std::vector<Extension> extensions = std::move(best).sorted();
    const std::vector<Extension> running = split_off_finished(extensions);

    std::vector<Beam> next;
    std::vector<Continuation> continuations;
    for (const Extension& extension : running) {
      next.push_back(beams_[extension.beam].with(extension.token, extension.log_probability, extension.sum));
      continuations.push_back({extension.beam, extension.token});
    }
    beams_ = std::move(next);
    const std::size_t length = beams_.front().ids.size();
    // As in transformers, the best candidate counts here even where it was an eos.
    if (nothing_better_can_come(extensions.front().sum, length)) return finish();
    if (length >= static_cast<std::size_t>(config_.max_new_tokens)) {
      for (Beam& beam : beams_) keep_finished(std::move(beam), length, FinishReason::kLength);
      return finish();
    }
    show(beams_.front(), FinishReason::kRunning, beams_.front().sum / scaled(length));
    return continuations;
  }

  const Sequence& sequence() const override { return sequence_; }

 private:
  struct Finished {
    double score;
    Beam beam;
    FinishReason reason;
  };

  // Enough that num_beams of them are no eos.
  std::size_t candidates_per_step() const {
    return std::max<std::size_t>(2, 1 + config_.eos_token_ids.size()) * num_beams_;
  }

  double scaled(std::size_t length) const { return std::pow(static_cast<double>(length), config_.length_penalty); }

  // Offers a beam's extensions. False if its logits are not finite.
  bool collect(std::span<const float> row, std::size_t beam, Best& best) {
    const double normalizer = log_sum_exp(row);
    if (!std::isfinite(normalizer)) return false;
    for (std::size_t i = 0; i < row.size(); ++i) {
      scores_[i] = static_cast<float>(static_cast<double>(row[i]) - normalizer);
    }
    apply_repetition_penalty(scores_, beams_[beam].ids, config_.repetition_penalty);
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      const double sum = beams_[beam].sum + static_cast<double>(scores_[i]);
      if (best.wants(sum)) {
        best.offer({sum, static_cast<double>(row[i]) - normalizer, beam, static_cast<std::int64_t>(i)});
      }
    }
    return true;
  }

  // Puts extensions that end the caption aside, and returns the num_beams best others.
  std::vector<Extension> split_off_finished(const std::vector<Extension>& extensions) {
    std::vector<Extension> running;
    for (std::size_t rank = 0; rank < extensions.size() && running.size() < num_beams_; ++rank) {
      const Extension& extension = extensions[rank];
      if (!is_eos(config_, extension.token)) {
        running.push_back(extension);
      } else if (rank < num_beams_) {
        Beam ended = beams_[extension.beam].with(extension.token, extension.log_probability, extension.sum);
        const std::size_t length = ended.ids.size();
        keep_finished(std::move(ended), length, FinishReason::kEos);
      }
    }
    return running;
  }

  void keep_finished(Beam beam, std::size_t length, FinishReason reason) {
    const double score = beam.sum / scaled(length);
    if (finished_.size() >= num_beams_ && !(score > worst_score_)) return;
    finished_.push_back({score, std::move(beam), reason});
    const auto lower = [](const Finished& a, const Finished& b) { return a.score < b.score; };
    if (finished_.size() > num_beams_) finished_.erase(std::min_element(finished_.begin(), finished_.end(), lower));
    worst_score_ = std::min_element(finished_.begin(), finished_.end(), lower)->score;
  }

  bool nothing_better_can_come(double best_sum, std::size_t length) const {
    if (finished_.size() < num_beams_) return false;
    switch (config_.early_stopping) {
      case EarlyStopping::kAlways:
        return true;
      case EarlyStopping::kHeuristic:
        return worst_score_ >= best_sum / scaled(length);
      case EarlyStopping::kNever:
        break;
    }
    // Longer is better under a positive penalty: then the length that counts is the largest possible.
    const bool longest = config_.length_penalty > 0;
    return worst_score_ >= best_sum / scaled(longest ? static_cast<std::size_t>(config_.max_new_tokens) : length);
  }

  std::vector<Continuation> finish() {
    const Finished* best = &finished_.front();
    for (const Finished& finished : finished_) {
      if (finished.score >= best->score) best = &finished;  // the later of equal ones
    }
    show(best->beam, best->reason, best->score);
    beams_.clear();
    return {};
  }

  std::vector<Continuation> fail() {
    sequence_.error = invalid_logits_message(beams_.front().ids.size());
    sequence_.finish = FinishReason::kInvalidLogits;
    beams_.clear();
    return {};
  }

  void show(const Beam& beam, FinishReason reason, double score) {
    sequence_.ids = beam.ids;
    sequence_.log_probabilities = beam.log_probabilities;
    sequence_.score = score;
    sequence_.finish = reason;
  }

  GenerationConfig config_;
  std::size_t num_beams_;
  std::vector<float> scores_;  // of the beam at hand; its size is the vocabulary's
  std::vector<Beam> beams_;    // running, best first
  std::vector<Finished> finished_;
  double worst_score_ = std::numeric_limits<double>::infinity();
  Sequence sequence_;
};

}  // namespace

std::unique_ptr<Search> make_beam_search(const GenerationConfig& config, std::size_t vocabulary) {
  return std::make_unique<BeamSearch>(config, vocabulary);
}

}  // namespace ccx::generate
