// Seasons and months as people of several languages write them in tables.
#pragma once

#include <string>
#include <string_view>

namespace ccx::pairs {

// 1 for spring to 4 for winter; 0 for other words.
int season_place(std::string_view word);

// A date with a month's name as numbers: "3. Mai 2019", "May 3, 2019" and "2019 May 3" are 2019-05-03, "Dec-98" is
// 1998-12. Other texts stay.
std::string in_numbers(const std::string& text);

}  // namespace ccx::pairs
