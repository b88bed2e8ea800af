#include "core/metrics/meteor_matchers.h"

#include <libstemmer.h>

#include <memory>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace ccx::metrics {
namespace {

constexpr int kStem = 1;
constexpr int kSynonym = 2;
constexpr int kParaphrase = 3;

// METEOR compares words by Java's 32-bit string hash, so that "an" equals "c0" there and here.
std::int32_t java_hash(const std::string& word) {
  std::uint32_t hash = 0;
  for (char32_t c : decode_utf8(word)) {
    if (c >= 0x10000 && !is_raw_byte(c)) {
      hash = hash * 31 + (0xD800 + ((c - 0x10000) >> 10));
      hash = hash * 31 + (0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
      hash = hash * 31 + c;
    }
  }
  return static_cast<std::int32_t>(hash);
}

class Stemmer {
 public:
  Stemmer() : stemmer_(sb_stemmer_new("english", "UTF_8")) {
    if (stemmer_ == nullptr) throw Error("libstemmer has no English stemmer");
  }
  ~Stemmer() { sb_stemmer_delete(stemmer_); }
  Stemmer(const Stemmer&) = delete;
  Stemmer& operator=(const Stemmer&) = delete;

  std::string stem(const std::string& word) {
    const sb_symbol* text = reinterpret_cast<const sb_symbol*>(word.data());
    const sb_symbol* result = sb_stemmer_stem(stemmer_, text, static_cast<int>(word.size()));
    if (result == nullptr) throw OutOfMemoryError("no memory to stem a word");
    return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(sb_stemmer_length(stemmer_))};
  }

 private:
  sb_stemmer* stemmer_;
};

// What the single-word stages compare.
struct WordKeys {
  std::vector<std::int32_t> words;
  std::vector<std::int32_t> stems;
  std::vector<std::vector<std::uint32_t>> synsets;
};

WordKeys word_keys(const std::vector<std::string>& words, const MeteorData& data) {
  thread_local Stemmer stemmer;
  WordKeys keys;
  for (const std::string& word : words) {
    keys.words.push_back(java_hash(word));
    keys.stems.push_back(java_hash(stemmer.stem(word)));
    keys.synsets.push_back(data.synsets(word));
  }
  return keys;
}

bool share(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i] == b[j]) return true;
    if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return false;
}

// A phrase of the table found in a sentence.
struct Span {
  int start;
  int length;
  PhraseNode node;
};

std::vector<Span> find_phrases(const std::vector<std::string>& words, const MeteorData& data) {
  std::vector<std::int64_t> numbers;
  for (const std::string& word : words) numbers.push_back(data.phrase_word(word));
  std::vector<Span> spans;
  for (std::size_t start = 0; start < words.size(); ++start) {
    PhraseNode node = kPhraseRoot;
    for (std::size_t end = start; end < words.size(); ++end) {
      node = data.next_phrase(node, numbers[end]);
      if (node == kNoPhrase) break;
      spans.push_back({static_cast<int>(start), static_cast<int>(end - start + 1), node});
    }
  }
  return spans;
}

// Calls take(phrase, paraphrase) for every span of `phrases` that has a paraphrase among `others`.
template <typename Take>
void for_each_paraphrase(const std::vector<Span>& phrases, const std::vector<Span>& others, const MeteorData& data,
                         Take take) {
  std::unordered_map<PhraseNode, std::vector<const Span*>> by_node;
  for (const Span& other : others) by_node[other.node].push_back(&other);
  for (const Span& phrase : phrases) {
    for (PhraseNode node : data.paraphrases(phrase.node)) {
      const auto at = by_node.find(node);
      if (at == by_node.end()) continue;
      for (const Span* other : at->second) take(phrase, *other);
    }
  }
}

}  // namespace

MeteorCandidates meteor_candidates(const std::vector<std::string>& hypothesis,
                                   const std::vector<std::string>& reference, const MeteorData& data) {
  const WordKeys ours = word_keys(hypothesis, data);
  const WordKeys theirs = word_keys(reference, data);
  MeteorCandidates candidates(reference.size());
  const auto for_each_word_pair = [&](int stage, auto matches) {
    for (std::size_t j = 0; j < reference.size(); ++j) {
      for (std::size_t i = 0; i < hypothesis.size(); ++i) {
        if (matches(i, j)) candidates[j].push_back({static_cast<int>(i), 1, static_cast<int>(j), 1, stage});
      }
    }
  };
  const auto same_word = [&](std::size_t i, std::size_t j) { return ours.words[i] == theirs.words[j]; };
  for_each_word_pair(kMeteorExact, same_word);
  if (ours.words == theirs.words) return candidates;  // of equal sentences METEOR asks the first stage alone
  for_each_word_pair(
      kStem, [&](std::size_t i, std::size_t j) { return ours.stems[i] == theirs.stems[j] && !same_word(i, j); });
  for_each_word_pair(kSynonym, [&](std::size_t i, std::size_t j) {
    return !same_word(i, j) && share(ours.synsets[i], theirs.synsets[j]);
  });

  const std::vector<Span> our_phrases = find_phrases(hypothesis, data);
  const std::vector<Span> their_phrases = find_phrases(reference, data);
  const auto propose = [&](const Span& ours_span, const Span& theirs_span) {
    candidates[theirs_span.start].push_back(
        {ours_span.start, ours_span.length, theirs_span.start, theirs_span.length, kParaphrase});
  };
  for_each_paraphrase(their_phrases, our_phrases, data,
                      [&](const Span& phrase, const Span& paraphrase) { propose(paraphrase, phrase); });
  for_each_paraphrase(our_phrases, their_phrases, data, propose);
  return candidates;
}

}  // namespace ccx::metrics
