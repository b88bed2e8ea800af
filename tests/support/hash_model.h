// A model without weights: the logits after a prefix are a hash of it. The same as in tests/data/generate's script.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/generate/generator.h"

namespace ccx::test {

inline std::vector<float> hash_logits(std::uint64_t key, const std::vector<std::int64_t>& prefix,
                                      std::size_t vocabulary) {
  std::uint64_t state = ccx::splitmix64(key);
  for (const std::int64_t token : prefix) state = ccx::splitmix64(state ^ (static_cast<std::uint64_t>(token) + 1));
  std::vector<float> logits;
  for (std::uint64_t token = 0; token < vocabulary; ++token) {
    const auto bits = static_cast<double>(ccx::splitmix64(state ^ (token << 32)) >> 40);
    logits.push_back(static_cast<float>(8.0 * (bits / 16777216.0) - 4.0));
  }
  return logits;
}

// Drives a generator as a backend with a cache would: each row keeps its own prefix, moved as the steps say.
class HashModel {
 public:
  HashModel(std::vector<std::uint64_t> keys, std::size_t vocabulary, std::size_t columns = 0)
      : vocabulary_(vocabulary), columns_(columns == 0 ? vocabulary : columns) {
    for (const std::uint64_t key : keys) rows_.push_back({key, {}});
  }

  // [rows, columns]; columns beyond the vocabulary hold the largest values of all, which must never be chosen.
  std::vector<float> logits() const {
    std::vector<float> all;
    for (const Row& row : rows_) {
      std::vector<float> one = hash_logits(row.key, row.prefix, vocabulary_);
      one.resize(columns_, 100.0f);
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }

  void follow(const generate::Step& step) {
    std::vector<Row> next;
    for (std::size_t row = 0; row < step.tokens.size(); ++row) {
      next.push_back(rows_.at(static_cast<std::size_t>(step.parents[row])));
      next.back().prefix.push_back(step.tokens[row]);
    }
    rows_ = next;
  }

  // Runs to the end; the sequences.
  std::vector<generate::Sequence> run(generate::Generator& generator) {
    while (!generator.done()) follow(generator.step(logits()));
    std::vector<generate::Sequence> sequences;
    for (std::size_t i = 0; i < generator.captions(); ++i) sequences.push_back(generator.sequence(i));
    return sequences;
  }

 private:
  struct Row {
    std::uint64_t key;
    std::vector<std::int64_t> prefix;
  };
  std::size_t vocabulary_;
  std::size_t columns_;
  std::vector<Row> rows_;
};

}  // namespace ccx::test
