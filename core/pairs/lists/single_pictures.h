// Lists that name one picture a row, which are pairs only together: what `find` prints, tables whose column of times
// has a name that is not known.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/pairs/lists/list.h"

namespace ccx::pairs {

// Puts the pictures of a list together by the rules of names (by_names.h) where each row names one that is there, below
// `root`, nothing else is said of them and the rules find a partner for each. Returns what a person should know;
// nothing where the list stays as it is.
std::optional<std::string> pair_single_pictures(List& list, const std::filesystem::path& root);

// For a name that no two pictures share. Throws InputError where it is itself a picture below `root`, saying what to do
// with rows of one picture each, and which columns may say when it was taken.
void require_no_single(const List& list, const ListedPair& listed, const std::filesystem::path& root);

// The same for two names that lead to one pair.
void require_no_singles(const List& list, const ListedPair& listed, const std::string& other,
                        const std::filesystem::path& root);

}  // namespace ccx::pairs
