// Fields of lines without a header (line_fields.h).
#include "core/pairs/lists/line_fields.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/path_records.h"
#include "core/pairs/lists/table.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

// Between two paths, with or without blanks around them; and words, which have blanks.
constexpr std::array<std::string_view, 12> kArrows = {"<->", "-->", "==>", "->", "=>", ">>",
                                                      "→",   "⇒",   "⟶",   "➔",  ">",  "="};
constexpr std::array<std::string_view, 12> kBetween = {"vs", "vs.", "versus", "and", "to", "&",
                                                       "+",  "-",   "–",      "—",   "/",  ":"};

// Of a line whose fields all stand in quotes with blanks between them; empty for others.
std::vector<std::string> quoted_fields(const std::string& line, const std::string& name) {
  if (line.size() < 2 || line.front() != '"' || line.back() != '"' || line.find("\" \"") == std::string::npos)
    return {};
  try {
    return parse_table(line, ' ', name, 1).at(0).fields;
  } catch (const InputError&) {
    return {};
  }
}

std::vector<std::string> plain_fields(const std::string& line, const std::string& name) {
  if (std::vector<std::string> quoted = quoted_fields(line, name); !quoted.empty()) return quoted;
  // "x.png: a house is built"
  if (const std::size_t colon = line.find(": "); colon != std::string::npos) {
    const std::string named = line.substr(0, colon);
    const std::string said(ascii::trimmed(std::string_view(line).substr(colon + 2)));
    const bool is_id = !named.empty() && named.find_first_of(" \t,;|\"") == std::string::npos && is_sentence(said);
    if (is_id || has_picture_extension(named)) {
      std::vector<std::string> out = plain_fields(named, name);
      out.push_back(said);
      return out;
    }
  }
  // The first in the line: captions behind the paths hold commas.
  const std::size_t first = line.find_first_of("\t,;|");
  // A path that ends before it: what follows is a caption.
  const auto ends_before = [&](std::size_t end) {
    for (std::size_t at = line.find(' '); at < end; at = line.find(' ', at + 1)) {
      if (has_picture_extension(line.substr(0, at)) && line.find_first_not_of(' ', at) != end) return true;
    }
    return false;
  };
  if (first != std::string::npos && !ends_before(first)) return parse_table(line, line[first], name, 1).at(0).fields;
  std::vector<std::string> out;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    if (at < line.size() && line[at] != ' ') continue;
    std::string_view path = ascii::trimmed(std::string_view(line).substr(start, at - start));
    while (!path.empty() && std::string_view(",;|").find(path.back()) != std::string_view::npos) path.remove_suffix(1);
    if (!has_picture_extension(path)) continue;
    out.emplace_back(path);
    start = at + 1;
  }
  std::string rest(ascii::trimmed(std::string_view(line).substr(std::min(start, line.size()))));
  // "A/x.png B/x.png | a house is built"
  if (!out.empty()) rest.erase(0, std::min(rest.find_first_not_of(",;| "), rest.size()));
  if (!rest.empty()) {
    if (!out.empty()) {
      out.push_back(rest);
    } else {
      for (std::size_t at = 0; at < rest.size();) {  // no extensions at all: paths without spaces
        const std::size_t end = std::min(rest.find(' ', at), rest.size());
        if (end > at) out.push_back(rest.substr(at, end - at));
        at = end + 1;
      }
    }
  }
  return out;
}

// Whether a picture's path begins what follows, or ends somewhere in it.
bool has_picture(std::string_view text) {
  for (std::size_t end = 0; end <= text.size(); ++end) {
    const bool is_end = end == text.size() || std::string_view(" \t,;|:\"").find(text[end]) != std::string_view::npos;
    if (is_end && has_picture_extension(text.substr(0, end))) return true;
  }
  return false;
}

// How long what stands between two paths is at the start of a text that follows `before`; 0 where it is no such thing.
// A mark with blanks around it may stand before a caption as well, a word or a mark without them before a path alone.
std::size_t connector_length(std::string_view text, char before) {
  std::size_t length = 0;
  for (const std::string_view arrow : kArrows) {
    if (length == 0 && text.starts_with(arrow)) length = arrow.size();
  }
  const std::size_t end = std::min(text.find(' '), text.size());
  const bool is_apart = before == ' ' && end < text.size();
  if (length == 0 && is_apart && is_one_of(ascii::lower(text.substr(0, end)), kBetween)) length = end;
  const bool is_mark = is_apart && length == end && !ascii::is_letter(text[0]);
  return is_mark || has_picture(text.substr(length)) ? length : 0;
}

// One blank in the place of an arrow or a word that stands between a picture's path and another.
std::string without_connectors(std::string line) {
  for (std::size_t at = 1; at + 1 < line.size(); ++at) {
    const bool may_begin = line[at - 1] == ' ' || line[at] == '-' || line[at] == '=' || line[at] == '>' ||
                           line[at] == '<' || line[at] == '\xE2';
    const std::size_t length = may_begin ? connector_length(std::string_view(line).substr(at), line[at - 1]) : 0;
    if (length == 0) continue;
    std::string_view path = ascii::trimmed(std::string_view(line).substr(0, at));
    while (path.ends_with('"')) path.remove_suffix(1);
    if (!has_picture_extension(path)) continue;
    const std::size_t begin = line.find_last_not_of(' ', at - 1) + 1;
    const std::size_t end = std::min(line.find_first_not_of(' ', at + length), line.size());
    line.replace(begin, end - begin, " ");
    at = begin;
  }
  return line;
}

// Paths without single quotes around them, as Python prints them, and without the parentheses of a tuple.
std::string without_single_quotes(std::string line) {
  if (line.find('\'') == std::string::npos) return line;
  if (line.starts_with('(') && line.ends_with(')')) line = line.substr(1, line.size() - 2);
  for (std::size_t at = line.find('\''); at != std::string::npos; at = line.find('\'', at)) {
    const std::size_t end = line.find('\'', at + 1);
    if (end == std::string::npos) break;
    const bool begins = at == 0 || std::string_view(" ,;\t|").find(line[at - 1]) != std::string_view::npos;
    if (!begins || !has_picture_extension(line.substr(at + 1, end - at - 1))) {
      ++at;
      continue;
    }
    line.erase(end, 1);
    line.erase(at, 1);
    at = end - 1;
  }
  return line;
}

// Without what follows a number sign behind a path.
std::string without_comment(const std::string& line) {
  const std::size_t sign = line.find(" #");
  if (sign == std::string::npos || !has_picture_extension(ascii::trimmed(line.substr(0, sign)))) return line;
  return line.substr(0, sign);
}

// Where the path ends that a field begins with and a caption follows: "B/x.png a house is built". 0 where there is no
// such thing.
std::size_t end_of_path(const std::string& field) {
  const std::size_t end = field.find(' ');
  const bool is_path = end != std::string::npos && has_picture_extension(field.substr(0, end));
  return is_path && !has_picture_extension(field) ? end : 0;
}

// How long a bullet or a number with a mark is at the line's start, with the blanks behind it; 0 where there is none.
std::size_t bullet_length(std::string_view line) {
  std::size_t end = 0;
  for (const std::string_view bullet : {"-", "*", "•", "–", "+"}) {
    if (line.starts_with(bullet)) end = bullet.size();
  }
  if (end == 0) {
    const bool is_opened = line.starts_with('(') || line.starts_with('[');
    end = is_opened ? 1 : 0;
    const std::size_t digits = line.find_first_not_of("0123456789", end);
    if (digits == std::string_view::npos || digits == end) return 0;
    const bool has_dash = !is_opened && line.substr(digits).starts_with(" - ");  // "01 - x.png"
    if (!has_dash && std::string_view(".):]").find(line[digits]) == std::string_view::npos) return 0;
    if (has_dash) return std::min(line.find_first_not_of(" \t", digits + 2), line.size());
    end = digits + 1;
  }
  const std::size_t next = line.find_first_not_of(" \t", end);
  return next == std::string_view::npos || next == end ? 0 : next;
}

// How long a word without a slash or a point is at the line's start, with the blanks behind it.
std::size_t name_length(std::string_view line) {
  const std::size_t end = line.find(' ');
  if (end == std::string_view::npos || end == 0) return 0;
  const bool is_name = std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || c == '_' || c == '-';
  });
  const std::size_t next = line.find_first_not_of(' ', end);
  return is_name && next != std::string_view::npos ? next : 0;
}

std::size_t picture_count(const std::string& line, const std::string& name) {
  const std::vector<std::string> fields = fields_of_line(line, name);
  return static_cast<std::size_t>(
      std::find_if_not(fields.begin(), fields.end(), [](const std::string& f) { return has_picture_extension(f); }) -
      fields.begin());
}

// A bullet before a path.
bool is_marked(const std::string& line, const std::string& name) {
  const std::size_t length = bullet_length(line);
  return length != 0 && picture_count(line.substr(length), name) > 0;
}

// How long an id and a colon are at the line's start, with the blanks behind them.
std::size_t label_length(std::string_view line) {
  const std::size_t end = line.find(": ");
  if (end == std::string_view::npos || end == 0 || line.substr(0, end).find_first_of("/\\\t,;|\".") < end) return 0;
  // More words than these are a caption.
  if (std::count(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(end), ' ') > 1) return 0;
  return std::min(line.find_first_not_of(' ', end + 1), line.size());
}

// A label before two paths, which have none: not "before: A/x.png, after: B/x.png".
bool is_labelled(const std::string& line, const std::string& name) {
  const std::size_t length = label_length(line);
  const std::string rest = line.substr(length);
  return length != 0 && rest.find(": ") == std::string::npos && picture_count(rest, name) > 1;
}

// A name before two paths neither of which goes on with it: "3 A/x.png B/x.png", but not "new york/1.png new
// york/2.png".
bool is_named(const std::string& line, const std::string& name) {
  const std::size_t length = name_length(line);
  if (length == 0 || line.find_first_of("\t,;|\"") != std::string::npos) return false;
  const std::vector<std::string> fields = fields_of_line(line.substr(length), name);
  if (fields.empty() || !has_picture_extension(fields[0]) || fields[0].find(' ') != std::string::npos) return false;
  const bool is_number = line.find_first_not_of("0123456789") == line.find(' ');
  if (fields.size() < 2 || !has_picture_extension(fields[1]))
    return is_number && fields[0].find('/') == std::string::npos;
  return fields[1].find(' ') == std::string::npos;
}

}  // namespace

std::vector<std::string> fields_of_line(const std::string& line, const std::string& name) {
  constexpr std::size_t kMostPaths = 3;
  std::vector<std::string> out;
  for (const std::string& field :
       plain_fields(without_connectors(without_single_quotes(without_comment(line))), name)) {
    const bool is_arrow = is_one_of(field, kArrows) || (out.size() == 1 && is_one_of(ascii::lower(field), kBetween));
    if (is_arrow && !out.empty()) continue;  // "A/x.png,->,B/x.png"
    const std::size_t end = out.size() < kMostPaths ? end_of_path(field) : 0;
    out.push_back(end == 0 ? field : field.substr(0, end));
    if (end != 0) out.emplace_back(ascii::trimmed(std::string_view(field).substr(end)));
  }
  return out;
}

LineMarker marker_of(std::string_view text, const std::string& name) {
  bool are_marked = true, are_named = true, are_labelled = true;
  std::size_t lines = 0;
  while (!text.empty() && (are_marked || are_named || are_labelled)) {
    const std::size_t end = text.find('\n');
    const std::string line(ascii::trimmed(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line[0] == '#') continue;
    ++lines;
    are_marked = are_marked && is_marked(line, name);
    are_named = are_named && is_named(line, name);
    are_labelled = are_labelled && is_labelled(line, name);
  }
  if (lines == 0) return LineMarker::kNone;
  return are_marked     ? LineMarker::kBullet
         : are_named    ? LineMarker::kName
         : are_labelled ? LineMarker::kLabel
                        : LineMarker::kNone;
}

std::string without_marker(const std::string& line, LineMarker marker) {
  if (line.empty() || line[0] == '#' || marker == LineMarker::kNone) return line;
  if (marker == LineMarker::kBullet) return line.substr(bullet_length(line));
  const bool is_label = marker == LineMarker::kLabel;
  const std::string rest = line.substr(is_label ? label_length(line) : name_length(line));
  if (picture_count(rest, "") < 2) return rest;
  std::string out = line.substr(0, line.find(is_label ? ':' : ' '));
  std::replace(out.begin(), out.end(), ' ', '_');
  for (const std::string& field : fields_of_line(rest, "")) out += '\t' + table_field(field, '\t');
  return out;
}

}  // namespace ccx::pairs
