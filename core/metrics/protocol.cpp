#include "core/metrics/protocol.h"

#include <unordered_map>

#include "core/base/error.h"
#include "core/metrics/ptb.h"
#include "core/metrics/text.h"

namespace ccx::metrics {
namespace {

std::string without_stops(const std::string& text) {
  std::string out;
  for (char c : lower(text)) {
    if (c != '.') out += c;
  }
  return out;
}

// The vocabulary of the references: word to number, by first appearance.
class WordNumbers {
 public:
  void learn(const std::string& text) {
    for (const std::string& word : split_whitespace(lower(text))) {
      numbers_.emplace(word, static_cast<int>(numbers_.size()) + 1);
    }
  }

  std::string encode(const std::string& text) const {
    std::string out;
    for (const std::string& word : split_whitespace(lower(text))) {
      const auto found = numbers_.find(word);
      const int number = found != numbers_.end() ? found->second : static_cast<int>(numbers_.size()) + 1;
      out += (out.empty() ? "" : " ") + std::to_string(number);
    }
    return out;
  }

 private:
  std::unordered_map<std::string, int> numbers_;
};

template <typename Rewrite>
std::vector<EvalPair> rewrite_all(std::vector<EvalPair> pairs, Rewrite rewrite) {
  for (EvalPair& pair : pairs) {
    pair.hypothesis = rewrite(pair.hypothesis);
    for (std::string& reference : pair.references) reference = rewrite(reference);
  }
  return pairs;
}

}  // namespace

Protocol parse_protocol(const std::string& name) {
  if (name == "ccexpert") return Protocol::kCcexpert;
  if (name == "rsicc-ids") return Protocol::kRsiccIds;
  if (name == "coco-ptb") return Protocol::kCocoPtb;
  throw UsageError("--protocol " + name + ": choose ccexpert, rsicc-ids or coco-ptb");
}

std::string protocol_name(Protocol protocol) {
  switch (protocol) {
    case Protocol::kRsiccIds:
      return "rsicc-ids";
    case Protocol::kCocoPtb:
      return "coco-ptb";
    default:
      return "ccexpert";
  }
}

std::vector<EvalPair> prepare(const std::vector<EvalPair>& pairs, Protocol protocol) {
  if (protocol == Protocol::kCcexpert) return rewrite_all(pairs, without_stops);
  if (protocol == Protocol::kCocoPtb) return rewrite_all(pairs, ptb_tokenize);
  WordNumbers numbers;
  for (const EvalPair& pair : pairs) {
    for (const std::string& reference : pair.references) numbers.learn(reference);
  }
  return rewrite_all(pairs, [&](const std::string& text) { return numbers.encode(text); });
}

}  // namespace ccx::metrics
