// Records without keys: two paths, before and after, and the mask of the change or what else may follow them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ccx::pairs {

// The strings of a JSON list (or the one string) of nothing but names of pictures; empty for everything else.
std::vector<std::string> paths_in(const nlohmann::json& value);

// {"before", "after", "mask"} of two or three paths. The mask is the last, but where one path alone lies in a folder or
// has a name of labels, that is the mask wherever it stands. Throws InputError, naming `where`, for a picture and its
// label, which are no two dates.
nlohmann::json record_of_paths(std::vector<std::string> paths, const std::string& where);

// The record of [before, after], of which a third is the mask, a caption, captions or whether something changed, or of
// [id, caption]; null for anything else.
nlohmann::json record_of_list(const nlohmann::json& list, const std::string& where);

}  // namespace ccx::pairs
