// What programs leave around a caption and no reference has: marks of a tokenizer or a chat, "<start> a house is built
// <end>", and quotes around the whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// The caption without marks at its ends, and without "assistant" where a chat says who speaks. Marks within are words.
std::string without_marks(std::string_view caption);

// The caption without quotes that stand around all of it; the same text where none do.
std::string without_quotes(const std::string& caption);

// Leaves marks out of all captions of a file, and quotes where nearly all stand in quotes. Returns what a person should
// know.
std::vector<std::string> take_dress_off(const std::vector<std::string*>& captions);

}  // namespace ccx::pairs
