#include "wasm/caption_session.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "core/base/change_kinds.h"
#include "core/base/error.h"
#include "core/engine/told_caption.h"
#include "core/generate/log_softmax.h"
#include "core/pairs/naming/names.h"
#include "core/records/found_changes.h"
#include "wasm/manifest_reader.h"

namespace ccx::wasm {
namespace {

// The channels of a change head's map must be the kinds that this core knows.
void require_known_kinds(const ManifestReader& manifest) {
  if (!manifest.has("change_head")) return;
  const std::vector<std::string> kinds = manifest.object("change_head").texts("kinds");
  if (std::equal(kinds.begin(), kinds.end(), kChangeKindNames.begin(), kChangeKindNames.end())) return;
  throw InputError(
      "manifest.json: change_head.kinds are not the kinds of change that this page knows; a newer one may");
}

void require_size(std::span<const float> values, std::int64_t expected, const char* what) {
  if (values.size() == static_cast<std::size_t>(expected)) return;
  throw std::invalid_argument(std::string(what) + " holds " + std::to_string(values.size()) + " numbers, expected " +
                              std::to_string(expected));
}

}  // namespace

CaptionSession::CaptionSession(const SessionFiles& files, std::int64_t max_new_tokens)
    : config_(model::ModelConfig::from_json(files.config, "config.json")),
      embeddings_(EmbeddingTable::from_manifest(files.manifest)),
      tokenizer_(text::Tokenizer::from_json(files.tokenizer, "tokenizer.json")),
      prompt_(text::build_prompt(tokenizer_)),
      generation_(generate::GenerationConfig::from_json(files.generation_config, "generation_config.json")) {
  generation_.candidates = 1;  // a page shows each word as it comes
  const ManifestReader manifest = ManifestReader::parse(files.manifest);
  const ManifestReader language = manifest.object("language");
  vocabulary_ = std::min<std::int64_t>(tokenizer_.size(), language.integer("vocabulary", 1, 1 << 22));
  masked_ = static_cast<float>(language.number("masked"));
  if (embeddings_.columns() != hidden_size()) {
    throw InputError("manifest.json: the embedding table has " + std::to_string(embeddings_.columns()) +
                     " columns, config.json says hidden_size " + std::to_string(hidden_size()));
  }
  if (manifest.object("image").integer("size", 1, 1 << 14) != image_size()) {
    throw InputError("manifest.json and config.json give the model different image sizes");
  }
  require_known_kinds(manifest);
  if (manifest.has("change_head") != draws_changes()) {
    throw InputError("manifest.json and config.json differ in whether the model has a change head");
  }
  generation_.max_new_tokens = max_new_tokens;
  generation_.validate(vocabulary_);
  generation_.require_room(prompt_length(), config_.text.max_position_embeddings);
  rule_ = generate::ChangeRule(generate::encode_all(tokenizer_, config_.no_change_sentences), generation_.eos_token_ids,
                               config_.p_change_fit, config_.min_p_change);
}

std::int64_t CaptionSession::prompt_length() const {
  return static_cast<std::int64_t>(prompt_.text_length()) + 2 * visual_tokens();
}

std::vector<DecoderInputs> CaptionSession::prompt_inputs(std::span<const float> before_tokens,
                                                         std::span<const float> after_tokens, std::int64_t rows,
                                                         const EmbeddingTable::Read& read) const {
  require_size(before_tokens, visual_tokens() * hidden_size(), "before_tokens");
  require_size(after_tokens, visual_tokens() * hidden_size(), "after_tokens");
  if (rows < 1) throw std::invalid_argument("a run of the prompt has one position at least");
  std::vector<float> embeddings;
  const auto append = [&](std::span<const float> more) {
    embeddings.insert(embeddings.end(), more.begin(), more.end());
  };
  append(embeddings_.look_up(prompt_.before_first, read));
  append(before_tokens);
  append(embeddings_.look_up(prompt_.between, read));
  append(after_tokens);
  append(embeddings_.look_up(prompt_.after, read));
  std::vector<DecoderInputs> runs;
  for (std::int64_t first = 0; first < prompt_length(); first += rows) {
    const std::int64_t count = std::min(rows, prompt_length() - first);
    const auto from = embeddings.begin() + first * hidden_size();
    runs.push_back(lean::text_inputs({from, from + count * hidden_size()}, hidden_size(), first, masked_));
  }
  return runs;
}

DecoderInputs CaptionSession::no_change_inputs(const EmbeddingTable::Read& read) const {
  const generate::PackedSentences& sentences = rule_.no_change();
  if (sentences.empty()) return {};
  const std::vector<float> embeddings = embeddings_.look_up(sentences.ids(), read);
  return lean::packed_inputs({embeddings.begin(), embeddings.end()}, sentences.positions(prompt_length()),
                             prompt_length(), masked_,
                             [&](std::size_t row, std::size_t column) { return sentences.sees(row, column); });
}

DecoderInputs CaptionSession::token_inputs(std::int64_t token, std::int64_t past,
                                           const EmbeddingTable::Read& read) const {
  const std::vector<float> embedding = embeddings_.look_up({&token, 1}, read);
  return lean::token_inputs({embedding.begin(), embedding.end()}, past);
}

void CaptionSession::begin(std::string_view id) {
  const std::uint64_t key = pairs::stable_hash(id);
  writer_.emplace(generation_, vocabulary_, std::span(&key, 1), rule_);
  decoder_.emplace(tokenizer_);
  flag_.reset();
  map_ = {};
}

void CaptionSession::hear_head(double flag, change::ChangeMap map) {
  if (!writer_ || writer_->opinion(0))
    throw std::logic_error("hear_head() belongs between begin() and score_no_change()");
  flag_ = flag;
  map_ = std::move(map);
}

float CaptionSession::score_no_change(std::span<const float> prompt_logits, std::span<const float> logits) {
  if (!writer_) throw std::logic_error("score_no_change() belongs behind begin()");
  if (rule_.no_change().empty()) throw std::invalid_argument("the model has no sentences of no change");
  const std::size_t rows = rule_.no_change().tokens(), width = static_cast<std::size_t>(vocabulary_);
  std::vector<float> said;  // [rows, width]; none where the sizes do not fit, which the rule refuses
  if (logits.size() % rows == 0 && logits.size() / rows >= width)
    said = generate::log_probabilities(logits, rows, width);
  writer_->judge(0, prompt_logits, said, flag_);
  return *result().p_change;
}

StepResult CaptionSession::step(std::span<const float> logits) {
  if (!writer_) throw std::logic_error("step() belongs behind begin()");
  writer_->step(logits);
  const generate::Sequence& sequence = writer_->sequence(0);
  StepResult result;
  result.done = writer_->done();
  result.token = sequence.ids.back();
  result.logprob = sequence.log_probabilities.back();
  result.text = decoder_->push(result.token);
  if (result.done) result.text += decoder_->finish();
  return result;
}

std::string CaptionSession::finish() {
  return decoder_ ? decoder_->finish() : std::string();
}

double CaptionSession::logprob_mean() const {
  if (!writer_ || writer_->sequence(0).ids.empty()) return 0;
  const std::vector<double>& all = writer_->sequence(0).log_probabilities;
  return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
}

engine::Caption CaptionSession::result() const {
  if (!writer_) throw std::logic_error("a result belongs behind begin()");
  const generate::ChangeOpinion* opinion = writer_->opinion(0);
  engine::Caption result;
  engine::set_words(result, writer_->sequence(0), opinion, tokenizer_, config_.no_change_sentences);
  if (opinion) engine::set_probabilities(result, *opinion);
  result.change_map = map_;
  return result;
}

std::vector<change::Place> CaptionSession::places(int width, int height) const {
  if (map_.empty()) return {};
  return records::found_places(result(), {width, height, {0, 0, width, height}});
}

std::string CaptionSession::record(const RecordFacts& facts) const {
  engine::Caption caption = result();
  caption.ms = {facts.times.vision, facts.times.prefill, facts.times.decode};
  pairs::Pair pair;
  pair.id = facts.id;
  pair.before = facts.before;
  pair.after = facts.after;
  records::Extras extras;
  if (!map_.empty()) extras.places = records::found_places(caption, records::mask_grid(facts.reading));
  return records::caption_record(pair, caption, facts.times.read, extras, {}, &facts.reading);
}

}  // namespace ccx::wasm
