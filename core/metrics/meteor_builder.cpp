#include "core/metrics/meteor_builder.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/metrics/checksum.h"
#include "core/metrics/gzip_lines.h"
#include "core/metrics/text.h"

namespace ccx::metrics {
namespace {

using Ids = std::vector<std::uint32_t>;
using SynsetTable = std::map<std::string, Ids>;

constexpr const char* kTextFiles[] = {"function.words", "nonbreaking.prefixes", "synonym.synsets",
                                      "synonym.exceptions"};
constexpr const char* kParaphraseFile = "paraphrase-en.gz";
constexpr std::uint32_t kNone = 0xFFFFFFFFu;

std::string bytes_of(const Ids& ids) {
  return {reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(std::uint32_t)};
}

std::vector<std::string_view> lines_of(const std::string& file) {
  std::vector<std::string_view> lines;
  std::size_t start = 0;
  while (start < file.size()) {
    const std::size_t end = std::min(file.find('\n', start), file.size());
    lines.push_back(std::string_view(file).substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

// Lines in pairs: a key, then its values.
template <typename Take>
void read_pairs(const std::filesystem::path& path, Take take) {
  const std::string file = io::read_file(path);
  const std::vector<std::string_view> lines = lines_of(file);
  if (lines.empty() || lines.size() % 2 != 0) {
    throw InputError(path.string() + ": expected pairs of lines and found " + std::to_string(lines.size()) +
                     " lines; fetch METEOR's data again");
  }
  for (std::size_t i = 0; i < lines.size(); i += 2) take(lines[i], split_whitespace(lines[i + 1]), i + 2);
}

SynsetTable read_synsets(const std::filesystem::path& path) {
  SynsetTable table;
  read_pairs(path, [&](std::string_view word, const Words& numbers, std::size_t line) {
    Ids& ids = table[std::string(word)];
    for (const std::string& number : numbers) {
      std::uint32_t id = 0;
      const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
      if (error != std::errc() || end != number.data() + number.size()) {
        throw InputError(path.string() + ": line " + std::to_string(line) + ": \"" + number +
                         "\" is no synset number; fetch METEOR's data again");
      }
      ids.push_back(id);
    }
  });
  return table;
}

// Irregular forms with the synsets of all of their base forms.
SynsetTable read_exceptions(const std::filesystem::path& path, const SynsetTable& synsets) {
  SynsetTable table;
  read_pairs(path, [&](std::string_view base, const Words& forms, std::size_t) {
    const auto found = synsets.find(std::string(base));
    for (const std::string& form : forms) {
      Ids& ids = table[form];
      if (found != synsets.end()) ids.insert(ids.end(), found->second.begin(), found->second.end());
    }
  });
  return table;
}

// Writes the four sections of a synset table, the first of which is `first`.
void store(const SynsetTable& table, MeteorTables& tables, int first) {
  Ids offsets{0};
  Ids begin{0};
  Ids sets;
  std::string text;
  for (const auto& [word, ids] : table) {
    text += word;
    offsets.push_back(static_cast<std::uint32_t>(text.size()));
    sets.insert(sets.end(), ids.begin(), ids.end());
    begin.push_back(static_cast<std::uint32_t>(sets.size()));
  }
  tables.sections[first] = bytes_of(offsets);
  tables.sections[first + 1] = std::move(text);
  tables.sections[first + 2] = bytes_of(begin);
  tables.sections[first + 3] = bytes_of(sets);
}

// Phrases as they come, in a trie whose nodes are numbered by first sight.
class GrowingTrie {
 public:
  GrowingTrie() : parent_{kNone}, word_{kNone} { children_.reserve(std::size_t{1} << 22); }

  std::uint32_t insert(std::string_view phrase) {
    std::uint32_t node = 0;
    std::size_t start = 0;
    while (start < phrase.size()) {
      const std::size_t end = std::min(phrase.find(' ', start), phrase.size());
      if (end > start) node = child(node, word_id(phrase.substr(start, end - start)));
      start = end + 1;
    }
    return node;
  }

  // Sorted vocabulary, nodes renumbered breadth first with children ascending by word; gives the new number of each
  // node.
  Ids store(MeteorTables& tables) const {
    std::vector<std::pair<std::string, std::uint32_t>> sorted(vocabulary_.begin(), vocabulary_.end());
    std::sort(sorted.begin(), sorted.end());
    Ids rank(sorted.size());
    Ids offsets{0};
    std::string text;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      rank[sorted[i].second] = static_cast<std::uint32_t>(i);
      text += sorted[i].first;
      offsets.push_back(static_cast<std::uint32_t>(text.size()));
    }

    std::vector<Ids> children(parent_.size());
    for (std::uint32_t node = 1; node < parent_.size(); ++node) children[parent_[node]].push_back(node);
    const auto by_word = [&](std::uint32_t a, std::uint32_t b) { return rank[word_[a]] < rank[word_[b]]; };
    Ids order{0};
    Ids number(parent_.size(), 0);
    Ids begin;
    Ids words;
    for (std::size_t i = 0; i < order.size(); ++i) {
      Ids& own = children[order[i]];
      std::sort(own.begin(), own.end(), by_word);
      begin.push_back(static_cast<std::uint32_t>(order.size()));
      words.push_back(i == 0 ? 0 : rank[word_[order[i]]]);
      for (std::uint32_t node : own) {
        number[node] = static_cast<std::uint32_t>(order.size());
        order.push_back(node);
      }
    }
    begin.push_back(static_cast<std::uint32_t>(order.size()));
    tables.sections[kPhraseOffsets] = bytes_of(offsets);
    tables.sections[kPhraseText] = std::move(text);
    tables.sections[kTrieChildBegin] = bytes_of(begin);
    tables.sections[kTrieWord] = bytes_of(words);
    return number;
  }

 private:
  std::uint32_t word_id(std::string_view word) {
    key_.assign(word);
    return vocabulary_.emplace(key_, static_cast<std::uint32_t>(vocabulary_.size())).first->second;
  }

  std::uint32_t child(std::uint32_t node, std::uint32_t word) {
    const std::uint64_t key = static_cast<std::uint64_t>(node) << 32 | word;
    const auto [at, fresh] = children_.emplace(key, static_cast<std::uint32_t>(parent_.size()));
    if (fresh) {
      parent_.push_back(node);
      word_.push_back(word);
    }
    return at->second;
  }

  std::string key_;
  std::unordered_map<std::string, std::uint32_t> vocabulary_;
  std::unordered_map<std::uint64_t, std::uint32_t> children_;
  Ids parent_;
  Ids word_;
};

void store_paraphrases(const std::filesystem::path& path, MeteorTables& tables) {
  GrowingTrie trie;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  GzipLines lines(path);
  std::string_view line;
  std::string last_phrase;
  std::uint32_t last_node = 0;
  while (lines.next(line)) {  // the probability, which takes no part in the score
    if (!lines.next(line)) throw InputError(path.string() + ": ends after a probability; fetch METEOR's data again");
    if (line != last_phrase) {
      last_phrase.assign(line);
      last_node = trie.insert(line);
    }
    if (!lines.next(line)) throw InputError(path.string() + ": ends inside a pair; fetch METEOR's data again");
    pairs.emplace_back(last_node, trie.insert(line));
  }
  if (pairs.empty()) throw InputError(path.string() + ": holds no paraphrases; fetch METEOR's data again");

  const Ids number = trie.store(tables);
  for (auto& [phrase, paraphrase] : pairs) {
    phrase = number[phrase];
    paraphrase = number[paraphrase];
  }
  // By phrase, and the paraphrases of a phrase in the order of the table: ties in the alignment depend on it.
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Ids nodes;
  Ids begin;
  Ids targets;
  for (const auto& [phrase, paraphrase] : pairs) {
    if (nodes.empty() || nodes.back() != phrase) {
      nodes.push_back(phrase);
      begin.push_back(static_cast<std::uint32_t>(targets.size()));
    }
    targets.push_back(paraphrase);
  }
  begin.push_back(static_cast<std::uint32_t>(targets.size()));
  tables.sections[kParaphraseNodes] = bytes_of(nodes);
  tables.sections[kParaphraseBegin] = bytes_of(begin);
  tables.sections[kParaphraseTargets] = bytes_of(targets);
}

}  // namespace

std::uint64_t meteor_sources_fingerprint(const std::filesystem::path& folder) {
  std::uint64_t print = 0;
  for (const char* name : kTextFiles) print = checksum(io::read_file(folder / name), print);
  const std::filesystem::path table = folder / kParaphraseFile;
  return checksum(gzip_trailer(table), print);
}

MeteorTables build_meteor_tables(const std::filesystem::path& folder) {
  MeteorTables tables;
  tables.sections[kFunctionWords] = io::read_file(folder / "function.words");
  tables.sections[kPrefixes] = io::read_file(folder / "nonbreaking.prefixes");
  const SynsetTable synsets = read_synsets(folder / "synonym.synsets");
  store(synsets, tables, kSynonymOffsets);
  store(read_exceptions(folder / "synonym.exceptions", synsets), tables, kExceptionOffsets);
  store_paraphrases(folder / kParaphraseFile, tables);
  return tables;
}

}  // namespace ccx::metrics
