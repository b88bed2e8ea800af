// A command line over CLI11: which words belong to which option. What they mean is core/options'.
#pragma once

#include <string>
#include <vector>

#include "core/options/option_set.h"

namespace ccx::cli {

// What stands on a command line behind the command's name, for OptionSet::set(). Throws UsageError, naming the nearest
// option, for one that there is not, for words that belong to none, and for an option where a value must stand.
std::vector<options::Given> parse_words(const options::OptionSet& options, const std::vector<std::string>& words);

// Whether `words` ask for help, or for the version, wherever that stands and whatever is wrong beside it.
bool asks_for(const std::vector<std::string>& words, const std::string& name, const std::string& letter = "");

}  // namespace ccx::cli
