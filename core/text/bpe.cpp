// Byte-pair encoding with a priority queue of possible merges.
#include "core/text/bpe.h"

#include <functional>
#include <queue>

#include "core/base/hash.h"

namespace ccx::text {

namespace {

constexpr std::size_t kCachedWords = 16384;
constexpr std::size_t kLongestCachedWord = 48;  // bytes
constexpr std::uint64_t kNoPair = ~std::uint64_t{0};

std::uint64_t pair_key(std::int32_t left, std::int32_t right) {
  return (std::uint64_t{static_cast<std::uint32_t>(left)} << 32) | static_cast<std::uint32_t>(right);
}

std::size_t slot_of(std::uint64_t key, std::size_t mask) {
  key *= kGoldenGamma;  // Fibonacci hashing: the high bits are the mixed ones
  return static_cast<std::size_t>(key >> 32) & mask;
}

// One token of the piece being merged, linked to its neighbours by index; -1 ends the list.
struct Symbol {
  std::int32_t id;
  std::int32_t previous;
  std::int32_t next;
};

struct Candidate {
  std::int32_t rank;
  std::int32_t position;  // of the left symbol
  std::int32_t left;      // the ids it was made for: neighbours may have merged since
  std::int32_t right;
  std::int32_t merged;
  bool operator>(const Candidate& other) const {
    return rank != other.rank ? rank > other.rank : position > other.position;
  }
};

constexpr std::int32_t kMergedAway = -1;

}  // namespace

BytePairEncoder::BytePairEncoder(const std::array<std::int32_t, 256>& byte_ids, const std::vector<Merge>& merges)
    : byte_ids_(byte_ids) {
  std::size_t capacity = 16;
  while (capacity < 2 * merges.size()) capacity *= 2;
  table_.assign(capacity, {kNoPair, 0, 0});
  for (std::size_t rank = 0; rank < merges.size(); ++rank) {
    const Merge& merge = merges[rank];
    const std::uint64_t key = pair_key(merge.left, merge.right);
    std::size_t slot = slot_of(key, capacity - 1);
    while (table_[slot].pair != kNoPair && table_[slot].pair != key) slot = (slot + 1) & (capacity - 1);
    table_[slot] = {key, static_cast<std::int32_t>(rank), merge.merged};
  }
}

const BytePairEncoder::Entry* BytePairEncoder::find(std::int32_t left, std::int32_t right) const {
  const std::size_t mask = table_.size() - 1;
  const std::uint64_t key = pair_key(left, right);
  for (std::size_t slot = slot_of(key, mask);; slot = (slot + 1) & mask) {
    if (table_[slot].pair == key) return &table_[slot];
    if (table_[slot].pair == kNoPair) return nullptr;
  }
}

std::vector<std::int32_t> BytePairEncoder::merge_all(std::string_view piece) const {
  const auto count = static_cast<std::int32_t>(piece.size());
  std::vector<Symbol> symbols(piece.size());
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto consider = [&](std::int32_t position) {
    if (position < 0 || symbols[static_cast<std::size_t>(position)].next < 0) return;
    const Symbol& symbol = symbols[static_cast<std::size_t>(position)];
    const std::int32_t right = symbols[static_cast<std::size_t>(symbol.next)].id;
    if (const Entry* entry = find(symbol.id, right)) {
      queue.push({entry->rank, position, symbol.id, right, entry->merged});
    }
  };

  for (std::int32_t i = 0; i < count; ++i) {
    const auto byte = static_cast<unsigned char>(piece[static_cast<std::size_t>(i)]);
    symbols[static_cast<std::size_t>(i)] = {byte_ids_[byte], i - 1, i + 1 < count ? i + 1 : -1};
  }
  for (std::int32_t i = 0; i < count; ++i) consider(i);

  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    Symbol& left = symbols[static_cast<std::size_t>(best.position)];
    if (left.id != best.left || left.next < 0) continue;
    Symbol& right = symbols[static_cast<std::size_t>(left.next)];
    if (right.id != best.right) continue;
    left.id = best.merged;
    left.next = right.next;
    right.id = kMergedAway;
    if (left.next >= 0) symbols[static_cast<std::size_t>(left.next)].previous = best.position;
    consider(left.previous);
    consider(best.position);
  }

  std::vector<std::int32_t> ids;
  for (std::int32_t i = 0; i >= 0 && i < count; i = symbols[static_cast<std::size_t>(i)].next) {
    ids.push_back(symbols[static_cast<std::size_t>(i)].id);
  }
  return ids;
}

void BytePairEncoder::encode(std::string_view piece, std::vector<std::int64_t>& ids) const {
  if (piece.size() > kLongestCachedWord) {
    const std::vector<std::int32_t> merged = merge_all(piece);
    ids.insert(ids.end(), merged.begin(), merged.end());
    return;
  }
  const std::string word(piece);
  {
    const std::lock_guard lock(cache_mutex_);
    if (const auto found = cache_.find(word); found != cache_.end()) {
      ids.insert(ids.end(), found->second.begin(), found->second.end());
      return;
    }
  }
  std::vector<std::int32_t> merged = merge_all(piece);
  ids.insert(ids.end(), merged.begin(), merged.end());
  const std::lock_guard lock(cache_mutex_);
  if (cache_.size() < kCachedWords) cache_.emplace(word, std::move(merged));
}

}  // namespace ccx::text
