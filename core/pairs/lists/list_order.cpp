// Roles in the two paths of a pair (list_order.h).
#include "core/pairs/lists/list_order.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "core/pairs/lists/values.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

std::vector<std::string_view> components_of(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of("/\\"), path.size());
    out.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  if (!out.empty()) out.back() = out.back().substr(0, out.back().rfind('.'));
  return out;
}

// The difference of the roles of two names that are equal but for them; 0 where there is none.
int role_difference(std::string_view a, std::string_view b) {
  for (const RoleSpan& first : roles_in(a)) {
    for (const RoleSpan& second : roles_in(b)) {
      const bool is_same_place = first.family == second.family &&
                                 a.substr(0, first.begin) == b.substr(0, second.begin) &&
                                 a.substr(first.end) == b.substr(second.end);
      if (is_same_place && first.value != second.value) return second.value - first.value;
    }
  }
  return 0;
}

// -1 where the dates of two names say that the second is earlier, 1 where it is later, 0 where they do not say.
int date_difference(std::string_view a, std::string_view b) {
  const auto last_date = [](std::string_view name) {
    std::optional<Date> found;
    for (const DateSpan& span : dates_in(name)) {
      if (!span.is_noise) found = span.date;
    }
    return found;
  };
  const std::optional<Date> first = last_date(a);
  const std::optional<Date> second = last_date(b);
  return first && second ? compare(*second, *first) : 0;
}

}  // namespace

bool names_say_reverse(const std::string& before, const std::string& after) {
  const auto first = components_of(before), second = components_of(after);
  if (first.size() != second.size()) return false;
  int sign = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] == second[i]) continue;
    const int role = role_difference(first[i], second[i]);
    const int difference = role != 0 ? role : date_difference(first[i], second[i]);
    if (difference >= 0) return false;
    sign = -1;
  }
  return sign < 0;
}

bool names_say_two_splits(const std::string& before, const std::string& after) {
  const auto first = components_of(before), second = components_of(after);
  if (first.size() != second.size() || first.empty()) return false;
  for (std::size_t i = 0; i + 1 < first.size(); ++i) {
    if (is_split_name(first[i]) && is_split_name(second[i]) && !same_split(first[i], second[i])) return true;
  }
  return false;
}

}  // namespace ccx::pairs
