// What a JSON document is by its shape: an object with an entry for each id, with a list for each split, or one that
// holds a list beside what is said of it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace ccx::pairs {

// Every value is a sentence, sentences, or a record.
bool is_dictionary(const nlohmann::json& object);

// With the pictures of {"images": {"pre": ..., "post": ...}} in keys of its own; entries of ids stay as they are.
nlohmann::json as_record(const nlohmann::json& object);

// {"id": ..., "images": [{"role": "before", "path": ...}, ...]}: the two pictures of one record.
bool is_record_of_two(const nlohmann::json& object, const nlohmann::json& images);
bool is_pair_of_paths(const nlohmann::json& value);

// {"train": ..., "test": ...}
bool is_by_split(const nlohmann::json& object);

// {"results": [{...}], "model": "..."}: the one list of records that an object holds; null where there is none.
const nlohmann::json* only_list(const nlohmann::json& object);

// {"captions": {"ID": "..."}, "model": "..."}: the one object that is a list of any kind; null where there is none.
const nlohmann::json* inner_object(const nlohmann::json& object);

// {"res": {"ID": ["..."]}, "gts": {"ID": ["...", "..."]}} as an object with a record for each id.
std::optional<nlohmann::json> predictions_with_references(const nlohmann::json& object);

// [["id", "caption"], ["1", "..."], ...] as records.
std::optional<nlohmann::json> rows_under_a_header(const nlohmann::json& list);

// The id of {"ID": "a sentence"}, a record of its own; nothing for other records.
std::optional<std::string> only_id(const nlohmann::json& record);

}  // namespace ccx::pairs
