// The captions of a record, of which a cell of a table may hold several.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ccx::pairs {

// As sentences_value(); and one text is several captions where line breaks or bars stand between them, which sets
// `is_split`. What holds neither letter nor digit ("-", "?") stands for nothing and is left out. Throws InputError for
// what is no text and no list.
std::vector<std::string> captions_value(const nlohmann::json& value, const std::string& key, const std::string& where,
                                        bool* is_split = nullptr);

}  // namespace ccx::pairs
