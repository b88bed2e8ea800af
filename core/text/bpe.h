// Byte-pair encoding of one piece of text: neighbours are merged in the order in which the merges were learnt.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ccx::text {

// A pair of neighbours that becomes one token. Its rank is its place in the list: lower ranks merge first.
struct Merge {
  std::int32_t left;
  std::int32_t right;
  std::int32_t merged;
};

class BytePairEncoder {
 public:
  // `byte_ids` has the token of every single byte. Of a pair listed twice the later rank counts.
  BytePairEncoder(const std::array<std::int32_t, 256>& byte_ids, const std::vector<Merge>& merges);

  // Appends the token ids of a piece. Safe to call from several threads. Takes O(n log n) for n bytes.
  void encode(std::string_view piece, std::vector<std::int64_t>& ids) const;

 private:
  struct Entry {  // of the table of merges
    std::uint64_t pair;
    std::int32_t rank;
    std::int32_t merged;
  };

  const Entry* find(std::int32_t left, std::int32_t right) const;
  std::vector<std::int32_t> merge_all(std::string_view piece) const;

  std::array<std::int32_t, 256> byte_ids_;
  std::vector<Entry> table_;  // open addressing, a power of two in size, at most half full

  // Words repeat: what short ones gave is kept, up to a fixed number of them.
  mutable std::mutex cache_mutex_;
  mutable std::unordered_map<std::string, std::vector<std::int32_t>> cache_;
};

}  // namespace ccx::text
