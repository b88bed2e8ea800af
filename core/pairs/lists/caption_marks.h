// Marks of a tokenizer or a chat around a caption: "<start> a house is built <end>". Programs write them where they
// forget to leave them out, and no reference has them.
#pragma once

#include <string>
#include <string_view>

namespace ccx::pairs {

// The caption without marks at its ends, and without "assistant" where a chat says who speaks. Marks within are words.
std::string without_marks(std::string_view caption);

}  // namespace ccx::pairs
