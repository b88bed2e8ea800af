// Pictures that no other differs from in its time alone: pairs of looser kinds among them, and halves of pairs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/pairs/folder/name_reader.h"
#include "core/pairs/folder/pair_builder.h"

namespace ccx::pairs {

struct Leftover {
  uint32_t picture = 0;
  // False where other names showed that the roles in it count things: in files' names, in folders'.
  bool may_have_side = true;
  bool folder_may_have_side = true;
};

// How pairs were found, for a note: "2 pairs of names that ...".
inline constexpr const char* kLooseNames = "of names that differ in capitals, zeros or the word for the time";

// Small letters, and numbers without leading zeros.
std::string loosened(std::string_view text);

class Leftovers {
 public:
  Leftovers(const Pictures& pictures, const NamingOptions& options, PairBuilder& builder, std::vector<Leftover>&& left)
      : pictures_(pictures), options_(options), builder_(builder), left_(std::move(left)) {}

  void run();

 private:
  // Which half of a pair a picture's names say it is, and by which slot.
  struct Half {
    uint32_t picture = 0;
    int side = -1;         // 0 before, 1 after, -1 unknown
    std::size_t name = 0;  // the name that says so: a folder on the way, or the stem
    std::size_t slot = 0;  // its slot, counted over all names
    SlotKind kind = SlotKind::kWord;
    bool is_folder = false;
    bool is_whole = false;  // the name is nothing else
  };

  Half half_of(const Leftover& left, const std::vector<Marked>& names) const;
  std::string id_of(const Half& half, const std::vector<Marked>& names) const;
  void drop_used();

  void pair_other_satellites();  // x_WV02_2019 and x_WV03_2021
  void pair_loose_names();       // x and X, 1 and 0001; x and x_sar
  void pair_by_common_words(const std::vector<Half>& befores, const std::vector<Half>& afters);
  void pair_numbers_along();  // 01_before/x and 02_after/x
  void pair_dated_folders();
  void pair_lone_pictures();  // folders of two dates with one picture each
  void pair_folders();        // one folder a pair
  std::optional<bool> in_order_of_years(uint32_t first, uint32_t second) const;
  std::set<uint32_t> twin_folders(const std::vector<std::pair<std::size_t, std::size_t>>& ranges) const;
  [[noreturn]] void refuse_twins(const std::set<uint32_t>& twins) const;
  void pair_second_names();    // 400 and 400_2
  void pair_numbered_names();  // x_1 and x_2
  // 1/x and 2/x, 18/x and 20/x; `surely`: not where two numbers in each may be the dates.
  void pair_numbered_folders(bool surely);
  void leave_halves();
  void leave_half(const Half& half, const std::vector<Marked>& names);
  std::vector<std::pair<std::size_t, std::size_t>> by_folder();  // ranges of left_ sorted by folder
  void pair(const std::string& id, uint32_t before, uint32_t after, Layout layout, const std::string& how);

  const Pictures& pictures_;
  const NamingOptions& options_;
  PairBuilder& builder_;
  std::vector<Leftover> left_;
  std::map<std::string, std::pair<std::size_t, std::string>> loose_;  // how pairs were found: how many, the first
};

}  // namespace ccx::pairs
