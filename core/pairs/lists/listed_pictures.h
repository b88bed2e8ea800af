// Where the pictures of a list's pairs lie: the places its paths start from, the folders its names stand for.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "core/pairs/lists/list.h"
#include "core/pairs/lists/pair_set.h"

namespace ccx::pairs {

// Puts the pairs of the list that was read from `in` ("-" is stdin) into `set`, with where their pictures were found
// and what was not as the list writes it. Throws InputError, naming the line, for paths that lead outside the root and
// for two names that lead to one picture, and naming the list where it names no pictures and none are found.
// `in_several_splits`: names that more than one split of the whole list has.
void find_listed_pictures(List&& list, const std::filesystem::path& in, const PairSetOptions& options,
                          const std::set<std::string>& in_several_splits, PairSet& set);

}  // namespace ccx::pairs
