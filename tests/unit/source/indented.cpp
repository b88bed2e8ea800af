// Python and TypeScript by their indentation (functions.h).
#include <regex>
#include <sstream>

#include "tests/unit/source/functions.h"
#include "tests/unit/source/reason.h"

namespace ccx::test {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& source) {
  Lines lines;
  std::istringstream in(source);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t indentation(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  return first == std::string::npos ? line.size() : first;
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

// Lines that begin in a text of three quotes: their indentation says nothing.
std::vector<bool> lines_in_texts(const Lines& lines) {
  std::vector<bool> in_text;
  std::string open;
  for (const std::string& line : lines) {
    in_text.push_back(!open.empty());
    for (std::size_t at = 0; at < line.size(); ++at) {
      const std::string three = line.substr(at, 3);
      if (open.empty() && line[at] == '#') break;
      const bool is_sign = three == "\"\"\"" || three == "'''";
      if (!is_sign || (!open.empty() && three != open)) continue;
      open = open.empty() ? three : "";
      at += 2;
    }
  }
  return in_text;
}

// The line that ends the block whose head begins at `first`: the last with something on it before the first that is
// indented no deeper. A bracket there still belongs to the head.
std::size_t last_of_block(const Lines& lines, const std::vector<bool>& in_text, std::size_t first) {
  const std::size_t depth = indentation(lines[first]);
  std::size_t last = first;
  for (std::size_t at = first + 1; at < lines.size(); ++at) {
    if (is_blank(lines[at])) continue;
    const bool is_outside = !in_text[at] && indentation(lines[at]) <= depth && lines[at][depth] != ')';
    if (is_outside) break;
    last = at;
  }
  return last;
}

// The line with the brace that closes what begins at `first`; `first` where it is closed on a line of its own kind: a
// call, a list, or nothing that has braces.
std::size_t closing_line(const Lines& lines, std::size_t first) {
  static const std::regex brace(R"(^\s*\};?\s*$)");
  const std::size_t depth = indentation(lines[first]);
  for (std::size_t at = first + 1; at < lines.size(); ++at) {
    if (is_blank(lines[at]) || indentation(lines[at]) > depth) continue;
    const bool ends_head = indentation(lines[at]) == depth && lines[at][depth] == ')' && lines[at].back() == '{';
    if (ends_head) continue;
    return indentation(lines[at]) == depth && std::regex_match(lines[at], brace) ? at : first;
  }
  return first;
}

// The name of the function that begins on this line of TypeScript; "" where none does.
std::string typescript_name(const std::string& line) {
  static const std::regex function(R"(^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*(\w+).*)"),
      arrow(R"(^\s*(?:export\s+)?(?:const|let)\s+(\w+)\b[^=]*=\s*(?:async\s*)?(?:\(.*|\w+\s*=>.*))"),
      member(R"(^\s+(\w+)\s*=\s*(?:async\s*)?\(.*)"),
      method(
          R"(^\s+(?:(?:public|private|protected|static|async|override|get|set)\s+)*\*?(#?\w+)\s*(?:<[^>]*>)?\([^;]*$)"),
      statement(R"(^\s*(?:if|for|while|switch|catch|return|await|throw|super|else|do|new)\b.*)");
  std::smatch name;
  if (std::regex_match(line, statement)) return "";
  for (const std::regex* form : {&function, &arrow, &member, &method}) {
    if (std::regex_match(line, name, *form)) return name[1];
  }
  return "";
}

Function found(const std::string& name, const Lines& lines, std::size_t first, std::size_t last,
               const std::string& comment) {
  const int line = static_cast<int>(first) + 1;
  return {name, line, static_cast<int>(last - first) + 1, reason_above(lines, line, comment)};
}

}  // namespace

std::vector<Function> python_functions_of(const std::string& source) {
  static const std::regex head(R"(^\s*(?:async\s+)?def\s+(\w+).*)");
  const Lines lines = lines_of(source);
  const std::vector<bool> in_text = lines_in_texts(lines);
  std::vector<Function> functions;
  std::smatch name;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (in_text[at] || !std::regex_match(lines[at], name, head)) continue;
    functions.push_back(found(name[1], lines, at, last_of_block(lines, in_text, at), "#"));
  }
  return functions;
}

std::vector<Function> typescript_functions_of(const std::string& source) {
  const Lines lines = lines_of(source);
  std::vector<Function> functions;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string name = typescript_name(lines[at]);
    const std::size_t last = name.empty() ? at : closing_line(lines, at);
    if (last > at) functions.push_back(found(name, lines, at, last, "//"));
  }
  return functions;
}

}  // namespace ccx::test
