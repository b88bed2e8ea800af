// Which words of a name say "before" and which "after". No file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// How a role is written. Words of one family tell before from after by themselves; numbers and letters also count
// things, so that more of the names must be seen.
enum class RoleFamily : uint8_t {
  kWord,       // before/after, pre/post (disaster, event, ...), old/new, first/second, ...
  kTime,       // t1/t2, t0/t1, time1/2, date1/2, phase1/2, ...: there may be a third
  kPicture,    // im1/im2, img_1/img_2, image1/2, imgs_1/2, ...: they may count pictures
  kLetter,     // a/b, image_A/image_B
  kLetterTail  // 012a/012b
};

// A role in a name: where it stands, and which.
struct RoleSpan {
  std::size_t begin = 0;  // bytes of the name, without separators around
  std::size_t end = 0;
  RoleFamily family = RoleFamily::kWord;
  int value = 0;  // of words 0 before and 1 after; the number of the others; of letters 0 for a
};

// Every role of one name (no '/', no extension), whatever its case: parts between separators, parts that a capital
// begins ("tileBefore"), and words behind digits ("012before").
std::vector<RoleSpan> roles_in(std::string_view name);

// Whether a role's text says a date only beside a name that says the other one: "po", "na", which as whole names say it
// by themselves, and "pos", "pos_evento", "pré".
bool needs_partner(std::string_view text, bool is_whole);

// Whether a role's text counts weeks, months or days: "Week 12". They may count within each of two years.
bool is_span_of_time(std::string_view text);

// The name without the words of `role` and a separator beside them; words for pictures that go with it stay:
// "images_after" is "images".
std::string without_role(std::string_view name, const RoleSpan& role);

// What a word of a language says by itself: which words are its partners (a number that they share), and its side, 0
// before and 1 after. `family` is -1 for a word that is none.
struct RoleMeaning {
  int family = -1;
  int side = 0;
};
RoleMeaning role_meaning(std::string_view word);

// A name cut into its parts: at everything that is neither letter nor digit, and before a capital that follows a small
// letter. Bytes above 127 count as letters.
struct NamePart {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<NamePart> parts_of(std::string_view name);

// The text of these parts.
std::vector<std::string_view> words_of(std::string_view name);

// Order of names in which runs of digits count as numbers: 2 before 10.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace ccx::pairs
