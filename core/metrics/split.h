// Texts cut where something stands in them, of any kind of character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::metrics {

// What stands before, between and behind the separators, empty pieces too. Views into `text`.
template <class Char>
std::vector<std::basic_string_view<Char>> split(std::basic_string_view<Char> text,
                                                std::basic_string_view<Char> separator) {
  std::vector<std::basic_string_view<Char>> pieces;
  std::size_t start = 0;
  for (std::size_t at = text.find(separator); at != text.npos; at = text.find(separator, start)) {
    pieces.push_back(text.substr(start, at - start));
    start = at + separator.size();
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

// Every `from` replaced by `to`.
template <class Char>
std::basic_string<Char> replaced(std::basic_string_view<Char> text, std::basic_string_view<Char> from,
                                 std::basic_string_view<Char> to) {
  std::basic_string<Char> out;
  for (const std::basic_string_view<Char> piece : split(text, from)) {
    if (piece.data() != text.data()) out.append(to);
    out.append(piece);
  }
  return out;
}

}  // namespace ccx::metrics
