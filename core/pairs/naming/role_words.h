// Words of many languages for before and after, and words beside them that say no more. No file system.
#pragma once

#include <cstddef>
#include <string_view>

namespace ccx::pairs {

// 0 for a word in small letters that says before, 1 for one that says after, -1 for another; with an event in one word
// too ("predisaster").
int word_side(std::string_view word);

// The same of words that mean other things too: of registration and radar ("ref", "sec"), of other languages ("alt",
// "neu"). They must stand at the end of a name or before a number, and need a partner.
int weak_word_side(std::string_view word);

// The same of words that need a partner of the other date and mean other things without (needs_partner() of roles.h);
// `is_at_edge`: it begins or ends its name.
int short_word_side(std::string_view word, bool is_at_edge);

// What makes a place of the letter behind it: site, area, zone, ...
bool is_place_word(std::string_view word);

// What follows pre and post: disaster, event, flood, ...
bool is_event(std::string_view word);

// Where the first of two words ends that stand together without a space, as Chinese has it ("T1影像", "影像T1"); the
// end of the whole where it is one word.
std::size_t end_of_first_word(std::string_view word);

// im, img, image, picture, photo and more of them.
bool is_word_for_pictures(std::string_view word);

}  // namespace ccx::pairs
