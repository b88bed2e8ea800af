// Zones behind the time of a day: "2018-05-01T10:00:00+02:00", "10:30 UTC".
#pragma once

#include <optional>
#include <string_view>

#include "core/pairs/naming/dates.h"

namespace ccx::pairs {

// How many minutes the clock at the end of a text is ahead of UTC: 120 of "2018-05-01T10:00:00+02:00", 0 of "10:30Z".
// Nothing where it names no zone.
std::optional<int> zone_in(std::string_view text);

// The day and time of UTC, of a date with a year, a month, a day and a time.
Date in_utc(const Date& date, int minutes_ahead);

}  // namespace ccx::pairs
