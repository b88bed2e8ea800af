// What of a name tells the time and what the place: roles and dates are taken out, and the rest is the key by which the
// pictures of one place find each other. No file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {

enum class SlotKind : uint8_t { kWord, kTime, kPicture, kLetter, kLetterTail, kDate };

// A part of a name that may tell the time.
struct Slot {
  SlotKind kind = SlotKind::kWord;
  bool is_folder = false;  // of a folder's name
  bool is_edge = false;    // at the beginning or the end of the name
  bool is_whole = false;   // the whole name
  int64_t value = 0;       // orders: 0 and 1 of words, numbers, a packed date
  Date date;
  std::vector<Date> dates;  // where the name holds several: all of them, of which `date` is the latest
  std::string text;         // as written
  // How surely it tells the time where several do; higher wins.
  int strength() const;
};

// A name taken apart.
struct Marked {
  std::string key;          // with a placeholder for each slot, noise left out, composed (NFC), never with '/'
  std::vector<Slot> slots;  // in the order of their placeholders; several dates of one name are one slot
};

// Placeholders are the characters 1 to 6, one a kind, and 7 for a further date of the same name. Control characters of
// the name itself are escaped in keys.
Marked marked(std::string_view name, bool is_folder, const DateRules& rules);

// The key with the slots of `restore` written out again and the others taken away together with a separator beside
// them.
std::string filled(const Marked& name, const std::vector<bool>& restore);

// Learns from all names of one folder which numbers count something instead of being dates.
class NumberSense {
 public:
  // The names that stand side by side; may be called with a part of them at a time, first() for all before second().
  void first(std::string_view name);
  void second(std::string_view name);
  // What holds for one of them.
  DateRules rules(std::string_view name, bool month_first) const;
  bool empty() const { return runs_.empty(); }
  bool counts() const;  // whether it knows of any number that counts

 private:
  struct Run {
    bool is_date = false;
    bool is_other = false;
  };
  std::unordered_map<uint64_t, std::vector<Run>> runs_;  // by the name without its digits, hashed
};

// A date as a number that grows with it.
int64_t packed_value(const Date& date);

// The name as it is compared: composed (NFC) where it is valid UTF-8.
std::string composed(std::string_view name);

}  // namespace ccx::pairs
