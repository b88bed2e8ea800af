// Records as annotation tools and data set libraries write them, with what ccx reads in keys of its own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace ccx::pairs {

// A task of Label Studio's JSON: what people wrote in "annotations"[]."result"[]."value"."text" as "captions", the
// choices of those that say whether something changed as "changed", and the pictures of "data" beside them. Nothing for
// other records.
std::optional<nlohmann::json> label_studio_task(const nlohmann::json& record);

// The path in a dictionary that a table has as text, as Hugging Face's data sets write a picture: "{'bytes': None,
// 'path': 'A/x.png'}". Empty for other texts.
std::string path_in_dictionary(const std::string& text);

// The key under which a record holds a picture itself, as bytes or in base64, and not its path; empty where none does.
std::string embedded_picture(const nlohmann::json& record);

}  // namespace ccx::pairs
