// Numbers of records, and sums of them (counted_records.h).
#include "core/pairs/lists/counted_records.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "core/base/one_of.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 22> kSums = {
    "total",  "totals", "totale", "totaal", "subtotal", "sum",  "summe",      "suma",  "somme", "soma", "somma",
    "gesamt", "count",  "anzahl", "grand",  "average",  "mean", "mittelwert", "итого", "合计",  "总计", "合計"};

bool is_count(const json& value) {
  if (value.is_number()) return true;
  return value.is_string() &&
         value.get_ref<const std::string&>().find_first_not_of("0123456789.,%-+ ") == std::string::npos;
}

bool says_sum(const json& value) {
  constexpr std::size_t kLongest = 40;
  if (!value.is_string() || value.get_ref<const std::string&>().size() > kLongest) return false;
  const Words words = key_words(value.get_ref<const std::string&>());
  return !words.empty() && is_one_of(words[0], kSums);
}

}  // namespace

void take_numbers_for_ids(List& list) {
  std::set<std::string> numbers, pictures;
  for (const ListedPair& pair : list.pairs) {
    const bool may_have = pair.id.empty() && !pair.own_number.empty() && !pair.before.empty() && !pair.after.empty();
    if (!may_have || !numbers.insert(pair.split + '\0' + pair.own_number).second) return;
    if (!pictures.insert(pair.before + '\0' + pair.after).second) return;
  }
  for (ListedPair& pair : list.pairs) pair.id = pair.own_number;
}

bool is_sum(const ListRow& row) {
  const Columns& columns = row.columns;
  if (!columns.names_pictures()) return false;
  bool says = false;
  for (const auto& [key, value] : row.value.items()) {
    if (is_missing(value)) continue;
    if (key == columns.before || key == columns.after || key == columns.both) return false;
    if (!is_count(value) && !says_sum(value)) return false;
    says = says || says_sum(value);
  }
  return says;
}

}  // namespace ccx::pairs
