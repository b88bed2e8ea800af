// Taking a cell of captions apart (caption_cells.h).
#include "core/pairs/lists/caption_cells.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/ascii.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

bool says_nothing(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
  });
}

// "-", not what is merely empty, which is a fault of the list.
bool stands_for_nothing(const std::string& text) {
  return says_nothing(text) && !ascii::trimmed(text).empty();
}

// The parts between line breaks, or else between bars; one part where neither stands between two that say something.
std::vector<std::string> parts_of_cell(const std::string& text) {
  for (const char separator : {'\n', '|'}) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(separator, at), text.size());
      if (const std::string_view part = ascii::trimmed(std::string_view(text).substr(at, end - at));
          !says_nothing(part)) {
        parts.emplace_back(part);
      }
      at = end + 1;
    }
    if (parts.size() > 1) return parts;
  }
  return {text};
}

}  // namespace

std::vector<std::string> captions_value(const nlohmann::json& value, const std::string& key, const std::string& where,
                                        bool* is_split) {
  std::vector<std::string> out = sentences_value(value, key, where);
  const bool is_one_text = value.is_string() && out.size() == 1 && out[0] == value.get_ref<const std::string&>();
  if (is_one_text) {
    out = parts_of_cell(out[0]);
    if (is_split != nullptr && out.size() > 1) *is_split = true;
  }
  std::erase_if(out, stands_for_nothing);
  return out;
}

}  // namespace ccx::pairs
