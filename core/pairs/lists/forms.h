// What lists are called, and what is said of a file that is none.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ccx::pairs {

struct Columns;

// The name of a list's form by its first record: the data set or program that writes such records, else what they are.
std::string form_name(const nlohmann::json& record, const Columns& columns, const std::string& container, bool has_key);

// "WHERE: this is no list that ccx knows: found ...; known are ...; do ...".
std::string refusal(const std::string& where, const std::string& found);

}  // namespace ccx::pairs
