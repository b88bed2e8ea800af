// Talks about a pair of pictures, as instruction data has them: LLaVA's {"from", "value"} and chat's {"role",
// "content"}.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ccx::pairs {

// The answers that describe the change. Answers to other questions (how many, where, is there one: numbers,
// coordinates, yes and no) are no captions; they are left out and counted in `others` where it is not null. Throws
// InputError naming `where` for turns that are not as expected.
std::vector<std::string> answers_of(const nlohmann::json& turns, const std::string& where, std::size_t* others);

}  // namespace ccx::pairs
