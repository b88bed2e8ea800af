// Keys that are called by a word for captions and others that say no more: "caption_list", "all_captions",
// "long_caption"; and values that hold sentences, whatever their key is called.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/pairs/lists/key_words.h"

namespace ccx::pairs {

// "caption", "sentences", "description", "text": one or several.
bool is_caption_word(std::string_view name);
// "caption", "text", "summary": a column's whole name, of one caption.
bool is_one_caption(std::string_view name);
// "captions", "texts", "change_descriptions": of several.
bool is_caption_list(std::string_view name);

// Whether a key says "captions" by all of its words: one for captions, and others for a list, for which of them, for
// the pair or its change.
bool is_caption_key(const Words& plain);
// Whether such a key names captions by their length: "long_caption", "short_description".
bool is_caption_of_length(const Words& plain);

// Whether a value is a caption, or a list of captions, as sentences_value() reads them; of numbers, paths and words
// apart there are none.
bool are_captions(const nlohmann::json& value);
// Whether a value is a list of lists of words, which are no captions as they are.
bool are_in_words(const nlohmann::json& value);
// Whether a value holds whole sentences somewhere: in itself, in a list, in objects.
bool holds_sentences(const nlohmann::json& value);

// What is said of the keys of a list without captions that hold sentences; there is one at least.
std::string note_of_unread(const std::vector<std::string>& keys);

// The record with the captions of {"annotation": {"caption": ...}} in keys of its own, "annotation.caption"; nothing
// where it has none, or a key for captions itself.
std::optional<nlohmann::json> with_flat_captions(const nlohmann::json& record);

}  // namespace ccx::pairs
