// Seasons and months as people of several languages write them in tables.
#pragma once

#include <string>
#include <string_view>

namespace ccx::pairs {

// 1 for spring to 4 for winter; 0 for other words.
int season_place(std::string_view word);

// A date with its month in English and its year in four digits: "3. Mai 2019" is "3 may 2019", "Dec-98" is "dec 1998".
// Other texts stay.
std::string in_english(const std::string& text);

}  // namespace ccx::pairs
