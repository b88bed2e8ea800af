// Tables that are written as JSON: an object with a list for each column, as programs dump their arrays, or with an
// object of numbered rows for each, or "columns" beside "data" (pandas' "dict", "columns" and "split"); and the
// features of GeoJSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace ccx::pairs {

// Whether every value is a list of the two pictures of a pair: {"pair_1": ["A/1.png", "B/1.png"], ...}; not where they
// may be the columns of as many rows.
bool are_pairs_by_id(const nlohmann::json& object);

// The rows of such an object, as records; nothing where its keys are no columns that name two pictures, or an id and
// captions. Throws InputError where they may be columns as well as ids: {"A": [two paths], "B": [two paths]}.
std::optional<nlohmann::json> rows_of_columns(const nlohmann::json& object, const std::string& name);

// What a feature of GeoJSON says of itself, with its id; nothing for any other record.
std::optional<nlohmann::json> feature_properties(const nlohmann::json& record);

}  // namespace ccx::pairs
