// Months as people of several languages write them in tables.
#pragma once

#include <string>

namespace ccx::pairs {

// A date with a month's name as numbers: "3. Mai 2019", "May 3, 2019" and "2019 May 3" are 2019-05-03, "Dec-98" is
// 1998-12. Other texts stay.
std::string in_numbers(const std::string& text);

}  // namespace ccx::pairs
