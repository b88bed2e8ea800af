#include "core/metrics/meteor_data.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/metrics/meteor_builder.h"
#include "core/metrics/meteor_cache.h"
#include "core/metrics/text.h"

#ifndef CCX_METEOR_BUILD_DIR
#define CCX_METEOR_BUILD_DIR ""
#endif

namespace ccx::metrics {
namespace {

constexpr const char* kCacheName = "ccx-meteor.cache";
constexpr const char* kFiles[] = {"function.words", "nonbreaking.prefixes", "synonym.synsets", "synonym.exceptions",
                                  "paraphrase-en.gz"};

// WordNet's rules of detachment, nouns before verbs before adjectives: the first that leads to a known word is taken.
struct SuffixRule {
  const char* suffix;
  const char* replacement;
};
constexpr SuffixRule kSuffixRules[] = {{"s", ""},      {"ses", "s"},   {"xes", "x"}, {"zes", "z"}, {"ches", "ch"},
                                       {"shes", "sh"}, {"men", "man"}, {"ies", "y"}, {"es", "e"},  {"es", ""},
                                       {"ed", "e"},    {"ed", ""},     {"ing", "e"}, {"ing", ""},  {"er", ""},
                                       {"est", ""},    {"er", "e"},    {"est", "e"}};

std::string missing_file(const std::filesystem::path& folder) {
  for (const char* name : kFiles) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(folder / name, ignored)) return name;
  }
  return "";
}

std::filesystem::path user_cache_folder() {
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg == '/') {
    return std::filesystem::path(xdg) / "ccx";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::filesystem::path(home) / ".cache" / "ccx";
  }
  return {};
}

// Where a cache of this folder may lie, best first.
std::vector<std::filesystem::path> cache_places(const std::filesystem::path& folder, std::uint64_t fingerprint) {
  std::vector<std::filesystem::path> places{folder / kCacheName};
  if (const std::filesystem::path user = user_cache_folder(); !user.empty()) {
    places.push_back(user / ("meteor-" + std::to_string(fingerprint) + ".cache"));
  }
  return places;
}

std::shared_ptr<const MeteorCache> build_and_store(const std::filesystem::path& folder, std::uint64_t fingerprint,
                                                   const std::vector<std::filesystem::path>& places,
                                                   const std::function<void(const std::string&)>& say) {
  say("building METEOR's tables from " + folder.string() + " (once, some seconds)");
  std::string image = MeteorCache::serialise(build_meteor_tables(folder), fingerprint);
  std::string refusal;
  for (const std::filesystem::path& place : places) {
    try {
      std::error_code ignored;
      if (place != places.front()) std::filesystem::create_directories(place.parent_path(), ignored);
      io::write_file_atomically(place, image, MeteorCache::file());
      if (auto cache = MeteorCache::map(place, fingerprint)) return cache;
    } catch (const Error& error) {
      refusal = error.what();
    }
  }
  say("METEOR's tables could not be kept for the next run: " + refusal);
  return MeteorCache::adopt(std::move(image), fingerprint);
}

}  // namespace

MeteorData MeteorData::open(const std::filesystem::path& folder, const std::function<void(const std::string&)>& say) {
  if (const std::string name = missing_file(folder); !name.empty()) {
    throw InputError("METEOR's data in " + folder.string() + " lacks " + name +
                     "; scripts/get_meteor_data.sh fetches all of it");
  }
  const std::uint64_t fingerprint = meteor_sources_fingerprint(folder);
  const std::vector<std::filesystem::path> places = cache_places(folder, fingerprint);
  for (const std::filesystem::path& place : places) {
    if (auto cache = MeteorCache::map(place, fingerprint)) return MeteorData(std::move(cache));
  }
  return MeteorData(build_and_store(folder, fingerprint, places, say));
}

MeteorData::MeteorData(std::shared_ptr<const MeteorCache> cache) : cache_(std::move(cache)) {
  prefixes_ = NonbreakingPrefixes::parse(cache_->text(kPrefixes));
  for (std::string& word : split_whitespace(cache_->text(kFunctionWords))) function_words_.insert(std::move(word));
}

std::vector<std::uint32_t> MeteorData::synsets(const std::string& word) const {
  std::vector<std::uint32_t> found;
  const auto add = [&](Section offsets, Section begin, Section sets, std::string_view key) {
    const std::int64_t at = cache_->find_word(offsets, key);
    if (at < 0) return false;
    const auto range = cache_->numbers(begin);
    const auto ids = cache_->numbers(sets).subspan(range[at], range[at + 1] - range[at]);
    found.insert(found.end(), ids.begin(), ids.end());
    return true;
  };
  const auto add_word = [&](std::string_view key) { return add(kSynonymOffsets, kSynonymSetBegin, kSynonymSets, key); };
  add_word(word);
  const bool irregular = add(kExceptionOffsets, kExceptionSetBegin, kExceptionSets, word);
  // Words of one or two letters and words in "ss" are their own base forms.
  const bool regular = !irregular && word.size() > 2 && !word.ends_with("ss");
  for (const SuffixRule& rule : kSuffixRules) {
    if (!regular) break;
    const std::size_t length = std::strlen(rule.suffix);
    if (word.ends_with(rule.suffix) && add_word(word.substr(0, word.size() - length) + rule.replacement)) break;
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::int64_t MeteorData::phrase_word(const std::string& word) const {
  return cache_->find_word(kPhraseOffsets, word);
}

PhraseNode MeteorData::next_phrase(PhraseNode node, std::int64_t word) const {
  if (word < 0) return kNoPhrase;
  const auto begin = cache_->numbers(kTrieChildBegin);
  const auto words = cache_->numbers(kTrieWord);
  const auto first = words.begin() + begin[node];
  const auto last = words.begin() + begin[node + 1];
  const auto at = std::lower_bound(first, last, static_cast<std::uint32_t>(word));
  return at == last || *at != word ? kNoPhrase : static_cast<PhraseNode>(at - words.begin());
}

std::span<const PhraseNode> MeteorData::paraphrases(PhraseNode node) const {
  const auto nodes = cache_->numbers(kParaphraseNodes);
  const auto at = std::lower_bound(nodes.begin(), nodes.end(), node);
  if (at == nodes.end() || *at != node) return {};
  const auto begin = cache_->numbers(kParaphraseBegin);
  const std::size_t entry = static_cast<std::size_t>(at - nodes.begin());
  return cache_->numbers(kParaphraseTargets).subspan(begin[entry], begin[entry + 1] - begin[entry]);
}

std::filesystem::path find_meteor_data(const std::filesystem::path& named) {
  const auto insist = [](const std::filesystem::path& folder, const std::string& origin) {
    const std::string missing = missing_file(folder);
    if (missing.empty()) return folder;
    throw InputError(origin + " " + folder.string() + " does not hold METEOR's data (" + missing +
                     " is missing); scripts/get_meteor_data.sh DIR fetches it");
  };
  if (!named.empty()) return insist(named, "--meteor-data:");
  if (const char* env = std::getenv("CCX_METEOR_DATA"); env != nullptr) {
    if (*env == '\0') return {};
    return insist(env, "CCX_METEOR_DATA:");
  }
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  for (const std::filesystem::path& folder : {program.parent_path().parent_path() / "share" / "ccx" / "meteor",
                                              std::filesystem::path(CCX_METEOR_BUILD_DIR)}) {
    if (!folder.empty() && missing_file(folder).empty()) return folder;
  }
  return {};
}

}  // namespace ccx::metrics
