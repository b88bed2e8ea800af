// C++ by its braces (functions.h).
#include "tests/unit/source/functions.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>

#include "tests/support/process.h"
#include "tests/unit/source/reason.h"

namespace ccx::test {
namespace {

namespace fs = std::filesystem;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The source with blanks for comments, texts, characters and directives; lines stay where they are.
class Blanked {
 public:
  explicit Blanked(const std::string& source) : out_(source) {
    while (at_ < out_.size()) {
      if (starts("//") || (out_[at_] == '#' && begins_line())) {
        blank_to(end_of_line());
      } else if (starts("/*")) {
        blank_to(after("*/"));
      } else if (starts("R\"") && (at_ == 0 || !is_word(out_[at_ - 1]))) {
        const std::size_t open = out_.find('(', at_);
        blank_to(open == std::string::npos ? open : after(")" + out_.substr(at_ + 2, open - at_ - 2) + "\""));
      } else if (out_[at_] == '"' || (out_[at_] == '\'' && !separates_digits())) {
        blank_to(end_of_text());
      } else {
        ++at_;
      }
    }
  }

  const std::string& text() const { return out_; }

 private:
  bool starts(const std::string& what) const { return out_.compare(at_, what.size(), what) == 0; }

  bool begins_line() const {
    const std::size_t before = out_.find_last_not_of(" \t", at_ == 0 ? 0 : at_ - 1);
    return at_ == 0 || before == std::string::npos || out_[before] == '\n';
  }

  // 1'000'000, 0xFF'FF: the word that the sign stands in began with a digit.
  bool separates_digits() const {
    std::size_t word = at_;
    while (word > 0 && (is_word(out_[word - 1]) || out_[word - 1] == '\'')) --word;
    return word < at_ && std::isdigit(static_cast<unsigned char>(out_[word])) != 0;
  }

  // A backslash carries a directive or a comment on to the next line.
  std::size_t end_of_line() const {
    std::size_t end = out_.find('\n', at_);
    while (end != std::string::npos && end > 0 && out_[end - 1] == '\\') end = out_.find('\n', end + 1);
    return end;
  }

  std::size_t after(const std::string& what) const {
    const std::size_t found = out_.find(what, at_ + 2);
    return found == std::string::npos ? found : found + what.size();
  }

  std::size_t end_of_text() const {
    std::size_t end = at_ + 1;
    while (end < out_.size() && out_[end] != out_[at_]) end += out_[end] == '\\' ? 2 : 1;
    return end + 1;
  }

  // A text leaves its quotes, so that what stands there is still something.
  void blank_to(std::size_t end) {
    end = std::min(end, out_.size());
    const bool is_text = out_[at_] == '"' || out_[at_] == '\'' || out_[at_] == 'R';
    for (std::size_t i = at_; i < end; ++i) {
      if (out_[i] != '\n') out_[i] = ' ';
    }
    if (is_text && end > at_) out_[at_] = out_[end - 1] = '"';
    at_ = end;
  }

  std::string out_;
  std::size_t at_ = 0;
};

// Where the parameters of the function begin whose head this is; npos where it is no function's.
std::size_t parameters_of(const std::string& head) {
  static const std::regex other(R"((^|\W)(decltype|alignas|noexcept|explicit|requires|__attribute__)\s*$)");
  int angles = 0;
  for (std::size_t at = 0; at < head.size(); ++at) {
    const std::string before = head.substr(0, at);
    const bool is_operator = std::regex_search(before, std::regex(R"(\boperator\s*[<>=!-]*$)"));
    if (head[at] == '<' && !is_operator) ++angles;
    if (head[at] == '>' && !is_operator && angles > 0) --angles;
    if (head[at] != '(' || angles > 0) continue;
    if (is_operator && head.compare(at, 2, "()") == 0) return at + 2;
    if (!std::regex_search(before, other)) return at;
    at = head.find(')', at);
    if (at == std::string::npos) break;
  }
  return std::string::npos;
}

// The name in a function's head; "" where it is none's. A lambda is called as the constant that it is.
std::string name_in(const std::string& head) {
  static const std::regex lambda(R"((\w+)\s*=\s*\[)"), called(R"(((?:\w+(?:<[^()]*>)?::)*(?:operator.*|~?\w+))\s*$)");
  std::smatch name;
  if (std::regex_search(head, name, lambda)) return name[1];
  const std::size_t open = parameters_of(head);
  if (open == std::string::npos) return "";
  const std::string before = head.substr(0, open);
  return std::regex_search(before, name, called) ? name[1] : std::string();
}

bool ends_as_function(const std::string& head) {
  static const std::regex end(R"(\)\s*(const|noexcept|override|final|mutable|->[^{]*|\s)*$)");
  return std::regex_search(head, end);
}

bool opens_scope(const std::string& head) {
  static const std::regex scope(R"(^\s*(template\s*<[^;{]*>\s*)?(inline\s+)?(namespace|class|struct|union|extern)\b)");
  return std::regex_search(head, scope) && !ends_as_function(head);
}

// The name of a class; "" of what opens another scope.
std::string class_name_in(const std::string& head) {
  static const std::regex named(R"(\b(?:class|struct|union)\s+(?:alignas\([^)]*\)\s*)?([\w:<>]+))");
  std::smatch name;
  return std::regex_search(head, name, named) ? name[1] : std::string();
}

bool is_access(const std::string& head) {
  static const std::regex access(R"(^\s*(public|private|protected)\s*$)");
  return std::regex_match(head, access);
}

// One C++ source. Walks namespaces and classes; a function's body is passed over whole.
class Source {
 public:
  explicit Source(const std::string& source) : text_(Blanked(source).text()) {
    std::istringstream in(source);
    for (std::string line; std::getline(in, line);) lines_.push_back(line);
    walk();
  }

  const std::vector<Function>& functions() const { return functions_; }
  const std::vector<Function>& classes() const { return classes_; }

 private:
  void walk() {
    std::size_t head = 0;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == ';' || c == '}') head = at + 1;
      if (c == ':' && is_access(text_.substr(head, at - head))) head = at + 1;
      if (c != '{') continue;
      const std::string before = text_.substr(head, at - head);
      if (opens_scope(before)) {
        const std::string name = class_name_in(before);
        if (!name.empty()) classes_.push_back(found(name, head, closing(at)));
        head = at + 1;
        continue;
      }
      at = closing(at);
      const std::size_t next = std::min(text_.find_first_not_of(" \t\n", at + 1), text_.size());
      // What follows `a_{1}` of a constructor and `= {}` of a parameter belongs to the head as well.
      if (next < text_.size() && std::string(",{)").find(text_[next]) != std::string::npos) continue;
      const bool is_data = next < text_.size() && text_[next] == ';' && !ends_as_function(before);
      const std::string name = is_data ? "" : name_in(before);
      if (!name.empty()) functions_.push_back(found(name, head, at));
      head = at + 1;
    }
  }

  std::size_t closing(std::size_t open) const {
    int depth = 0;
    for (std::size_t at = open; at < text_.size(); ++at) {
      if (text_[at] == '{') ++depth;
      if (text_[at] == '}' && --depth == 0) return at;
    }
    return text_.size() - 1;
  }

  int line_of(std::size_t at) const {
    return 1 + static_cast<int>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  Function found(const std::string& name, std::size_t head, std::size_t end) const {
    const int first = line_of(text_.find_first_not_of(" \t\n", head));
    return {name, first, line_of(end) - first + 1, reason_above(lines_, first, "//")};
  }

  std::string text_;
  std::vector<std::string> lines_;
  std::vector<Function> functions_, classes_;
};

using Found = std::vector<Function>;

// What a file of the kind holds; nothing of other kinds.
Found functions_in(const fs::path& file) {
  const std::string kind = file.extension();
  if (kind == ".cpp" || kind == ".h") return functions_of(read_file(file));
  if (kind == ".py") return python_functions_of(read_file(file));
  return kind == ".ts" ? typescript_functions_of(read_file(file)) : Found();
}

Found classes_in(const fs::path& file) {
  const std::string kind = file.extension();
  return kind == ".cpp" || kind == ".h" ? classes_of(read_file(file)) : Found();
}

// But for packages that were installed there.
std::vector<fs::path> files_below(const fs::path& place) {
  if (fs::is_regular_file(place)) return {place};
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(place); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->path().filename() == "node_modules") entry.disable_recursion_pending();
    if (entry->is_regular_file()) files.push_back(entry->path());
  }
  return files;
}

std::string told(const fs::path& root, const fs::path& file, const Function& f) {
  return file.lexically_relative(root).generic_string() + ":" + std::to_string(f.line) + ": " + f.name + " has " +
         std::to_string(f.lines) + " lines";
}

}  // namespace

std::string reason_above(const std::vector<std::string>& lines, int line, const std::string& sign) {
  const std::regex comment("^\\s*" + sign + ".*"), form("^\\s*" + sign + " Over 60 lines: (\\S.*)$");
  std::smatch reason;
  for (int above = line - 2; above >= 0; --above) {
    const std::string& text = lines[static_cast<std::size_t>(above)];
    if (!std::regex_match(text, comment)) break;
    if (std::regex_match(text, reason, form)) return reason[1];
  }
  return "";
}

std::vector<Function> functions_of(const std::string& source) {
  return Source(source).functions();
}

std::vector<Function> classes_of(const std::string& source) {
  return Source(source).classes();
}

std::vector<std::string> long_functions(const fs::path& root, const std::vector<std::string>& folders) {
  std::vector<std::string> wrong;
  for (const std::string& folder : folders) {
    for (const fs::path& file : files_below(root / folder)) {
      for (const Function& f : functions_in(file)) {
        const bool is_long = f.lines > kLongestFunction;
        if (is_long && f.reason.empty()) wrong.push_back(told(root, file, f));
        if (!is_long && !f.reason.empty()) wrong.push_back(told(root, file, f) + " and needs no reason for more");
      }
    }
  }
  std::sort(wrong.begin(), wrong.end());
  return wrong;
}

std::vector<std::string> long_classes(const fs::path& root, const std::vector<std::string>& folders) {
  std::vector<std::string> wrong;
  for (const std::string& folder : folders) {
    for (const fs::path& file : files_below(root / folder)) {
      for (const Function& f : classes_in(file)) {
        if (f.lines > kLongestClass) wrong.push_back(told(root, file, f));
      }
    }
  }
  std::sort(wrong.begin(), wrong.end());
  return wrong;
}

}  // namespace ccx::test
