// The sentences that say that nothing changed, from a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ccx::pairs {

// The sentences of a file: a line each, a JSON list of them, or the "no_change_sentences" of a model's config.json.
// Throws InputError naming the file where it cannot be read or holds none.
std::vector<std::string> read_no_change_sentences(const std::filesystem::path& path);

}  // namespace ccx::pairs
