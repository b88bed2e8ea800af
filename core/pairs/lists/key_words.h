// The words of a key or a column's name: one that says which date, and words such as "image" or "path" that say nothing
// more.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

using Words = std::vector<std::string>;

struct RoleWord {
  std::string_view word;
  int family;
  int side;  // 0 before, 1 after
};

// "preImage_T1" is pre, image, t, 1. Bytes beyond ASCII are parts of words.
Words key_words(const std::string& key);

bool is_number(const std::string& word);
// Nothing for a word that is no role.
std::optional<RoleWord> role_of(std::string_view word);
bool is_picture_word(std::string_view word);  // "a picture" or "where it lies", and nothing else
bool is_wrapper_word(std::string_view word);  // what stands around the two pictures: "pair", "data"
bool is_order_word(std::string_view word);    // says which, with a number or a role beside it: "time", "date"

// Whether a key says "pictures" and nothing else, so that a list of two paths under it is a pair: "image", "img_pair".
bool is_pictures_key(const std::string& key);

// What a text says of the date by its words alone: 0 "before", 1 "after", the number of "t2". Nothing where it says
// none.
std::optional<long long> role_side(const std::string& text);

}  // namespace ccx::pairs
