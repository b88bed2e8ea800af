// METEOR 1.5's English resources: function words, abbreviations, WordNet synonyms and the paraphrase table, read from a
// compact memory-mapped cache that is built at first use.
//
// The folder holds, as `scripts/get_meteor_data.sh` lays them out from the PyPI package pycocoevalcap 1.2:
//   function.words       one function word a line
//   nonbreaking.prefixes abbreviations that keep their full stop
//   synonym.synsets      a word, then its WordNet synset numbers, on alternating lines
//   synonym.exceptions   a base form, then its irregular forms, on alternating lines
//   paraphrase-en.gz     a probability, a phrase and its paraphrase, on three lines each
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/metrics/meteor_normalizer.h"

namespace ccx::metrics {

class MeteorCache;  // the mapped file, core/metrics/meteor_cache.h

// A place in the trie of phrases; the root is the empty phrase.
using PhraseNode = std::uint32_t;
constexpr PhraseNode kPhraseRoot = 0;
constexpr PhraseNode kNoPhrase = 0xFFFFFFFFu;

class MeteorData {
 public:
  // Opens the resources in `folder`. Takes the cache that was built from these very files, or builds it (some seconds)
  // and stores it beside the data, or where that is not writable under $XDG_CACHE_HOME/ccx (~/.cache/ccx). A cache that
  // is truncated, damaged or of another version is ignored and rebuilt. `say` is told before the slow part.
  // Throws InputError naming the file that is missing or malformed.
  static MeteorData open(
      const std::filesystem::path& folder,
      const std::function<void(const std::string&)>& say = [](const std::string&) {});

  const NonbreakingPrefixes& prefixes() const { return prefixes_; }
  bool is_function_word(const std::string& word) const { return function_words_.count(word) != 0; }

  // WordNet synsets of a word and of its base form, ascending, without repeats. The base form is that of the exceptions
  // list; else of the first of WordNet's suffix rules that leads to a known word.
  std::vector<std::uint32_t> synsets(const std::string& word) const;

  // The number of a word in the paraphrase table's vocabulary, -1 where it occurs in no phrase.
  std::int64_t phrase_word(const std::string& word) const;

  // Walks the phrase trie by such a number: kNoPhrase where no phrase goes on like that, or the number is -1.
  PhraseNode next_phrase(PhraseNode node, std::int64_t word) const;

  // The phrases listed as paraphrases of the phrase that ends at `node`, in the order of the table; empty where it is
  // only a prefix.
  std::span<const PhraseNode> paraphrases(PhraseNode node) const;

 private:
  explicit MeteorData(std::shared_ptr<const MeteorCache> cache);

  std::shared_ptr<const MeteorCache> cache_;
  NonbreakingPrefixes prefixes_;
  std::unordered_set<std::string> function_words_;
};

// The folder with METEOR's data: `named` if not empty, else $CCX_METEOR_DATA, else share/ccx/meteor beside the
// program's folder, else .deps/meteor of the source tree it was built in. Empty where none of the last two holds the
// data, and where the variable is set to nothing. Throws InputError where the named folder, or the one in the
// environment, does not hold it.
std::filesystem::path find_meteor_data(const std::filesystem::path& named = {});

}  // namespace ccx::metrics
