// Which two columns of a record are its pictures (columns.h).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/key_words.h"

namespace ccx::pairs {

// A column that may name the picture of one date.
struct Candidate {
  std::string key;
  int family = 0;
  long long side = 0;  // of numbers the number itself
  int score = 0;       // how much speaks for a picture
};

// Of a column with these words and this value in it; nothing where it names no picture of a date.
std::optional<Candidate> candidate_of(const std::string& key, const Words& words, const nlohmann::json& value);

// Sets before and after to the two columns that most speaks for, and others of their meaning as rivals. Throws
// InputError, naming the columns, where two could equally be meant, and where there are three pictures.
void choose_pictures(std::vector<Candidate> candidates, const std::string& where, Columns& out);

// Where one column says the earlier date and the record's picture is another: "reference_image" beside "image". True
// where both became the pair.
bool choose_reference(const std::vector<Candidate>& candidates, const nlohmann::json& record, Columns& out);

}  // namespace ccx::pairs
