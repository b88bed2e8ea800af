#include "train/checkpoint/fresh_config.h"

#include <optional>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/describe/captions.h"
#include "core/io/file.h"

namespace ccx::train {
namespace {

int padded_vocabulary(const text::Tokenizer& tokenizer) {
  return static_cast<int>((tokenizer.size() + 63) / 64 * 64);
}

// Of the size of a test: seconds to train to a handful of captions.
model::ModelConfig tiny() {
  model::ModelConfig config;
  config.vision = {.hidden_size = 128,
                   .intermediate_size = 192,
                   .num_hidden_layers = 3,
                   .num_attention_heads = 2,
                   .image_size = 64,
                   .patch_size = 16,
                   .layer_norm_eps = 1e-6f,
                   .select_layers = {1, 2},
                   .conv = std::nullopt};
  config.difference = {.embedding_dim = 128, .mlp_dim = 192, .depth = 1};
  config.text = {.hidden_size = 96,
                 .intermediate_size = 192,
                 .num_hidden_layers = 2,
                 .num_attention_heads = 4,
                 .num_key_value_heads = 2,
                 .vocab_size = 0,
                 .max_position_embeddings = 4096,
                 .rope_theta = 1e4f,
                 .rms_norm_eps = 1e-6f,
                 .tie_word_embeddings = true};
  return config;
}

// docs/training.md says what each of these numbers buys and costs.
model::ModelConfig mini() {
  model::ModelConfig config;
  config.vision = {.hidden_size = 128,
                   .intermediate_size = 384,
                   .num_hidden_layers = 5,
                   .num_attention_heads = 4,
                   .image_size = 256,
                   .patch_size = 16,
                   .layer_norm_eps = 1e-6f,
                   .select_layers = {2, 4},
                   .conv = std::nullopt};
  config.difference = {.embedding_dim = 128, .mlp_dim = 384, .depth = 1};
  config.text = {.hidden_size = 192,
                 .intermediate_size = 512,
                 .num_hidden_layers = 3,
                 .num_attention_heads = 6,
                 .num_key_value_heads = 2,
                 .vocab_size = 0,
                 .max_position_embeddings = 4096,
                 .rope_theta = 1e4f,
                 .rms_norm_eps = 1e-6f,
                 .tie_word_embeddings = true};
  return config;
}

}  // namespace

model::ModelConfig fresh_config(const std::string& shape, const text::Tokenizer& tokenizer) {
  model::ModelConfig config;
  if (shape == "tiny") {
    config = tiny();
  } else if (shape == "mini") {
    config = mini();
  } else if (shape == "0.5b" || shape == "7b") {
    config = model::ModelConfig::preset(shape);
    if (tokenizer.size() > config.text.vocab_size) config.text.vocab_size = padded_vocabulary(tokenizer);
  } else {
    throw UsageError("--init is tiny, mini, 0.5b, 7b or a config.json, not \"" + shape + "\"");
  }
  const bool small = shape == "tiny" || shape == "mini";
  if (config.text.vocab_size <= 0 || small) config.text.vocab_size = padded_vocabulary(tokenizer);
  config.no_change_sentences = levir_cc_no_change_sentences();
  if (small) {  // these learn from scenes, whose captions have no full stop
    config.no_change_sentences.assign(describe::no_change_sentences().begin(), describe::no_change_sentences().end());
  }
  return config;
}

model::ModelConfig read_config(const std::filesystem::path& path) {
  return model::ModelConfig::from_json(io::read_file(path), path.string());
}

model::ModelConfig fresh_config_from_file(const std::string& path, const text::Tokenizer& tokenizer) {
  model::ModelConfig config = model::ModelConfig::from_json(io::read_file(path), path);
  config.difference.present = true;
  if (config.text.vocab_size < tokenizer.size()) config.text.vocab_size = padded_vocabulary(tokenizer);
  return config;
}

}  // namespace ccx::train
