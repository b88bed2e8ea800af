// Tables in text (table.h).
#include "core/pairs/lists/table.h"

#include <utility>

#include "core/base/error.h"

namespace ccx::pairs {
namespace {

// Around the fields of a table.
enum class Blanks { kDropped, kKept };

class TableParser {
 public:
  // Without a name messages tell of no place.
  TableParser(std::string_view text, char separator, const std::string& name, Blanks blanks)
      : text_(text), separator_(separator), name_(name), blanks_(blanks) {}

  std::vector<TableRow> rows(std::size_t most) {
    std::vector<TableRow> out;
    while (at_ < text_.size() && out.size() < most) {
      TableRow row;
      row.line = line_;
      row.fields = fields();
      const bool is_empty_line = row.fields.size() == 1 && row.fields[0].empty();
      if (!is_empty_line) out.push_back(std::move(row));
    }
    return out;
  }

  std::vector<std::string> only_row() {
    std::vector<std::string> out = fields();
    if (!ended()) fail(line_, "a line ends outside of quotes");
    return out;
  }

 private:
  // Of one row, whose end is taken too.
  std::vector<std::string> fields() {
    std::vector<std::string> out;
    do {
      out.push_back(field());
    } while (take(separator_));
    end_line();
    return out;
  }

  bool ended() const { return at_ == text_.size(); }
  bool at_line_end() const { return ended() || text_[at_] == '\n' || text_[at_] == '\r'; }
  bool at_field_end() const { return at_line_end() || text_[at_] == separator_; }

  bool take(char c) {
    if (ended() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void end_line() {
    const bool returned = take('\r');
    line_ += take('\n') || returned ? 1 : 0;
  }

  bool is_dropped(std::size_t at) const {
    return blanks_ == Blanks::kDropped && (text_[at] == ' ' || text_[at] == '\t');
  }

  void skip_spaces() {
    while (!at_field_end() && is_dropped(at_)) ++at_;
  }

  std::string field() {
    skip_spaces();
    if (!ended() && text_[at_] == '"') return quoted();
    const std::size_t start = at_;
    while (!at_field_end()) ++at_;
    std::size_t end = at_;
    while (end > start && is_dropped(end - 1)) --end;
    return std::string(text_.substr(start, end - start));
  }

  std::string quoted() {
    const std::size_t opened = line_;
    std::string out;
    ++at_;
    while (true) {
      if (ended()) fail(opened, "a quote is opened and never closed");
      if (take('"')) {
        if (!take('"')) break;
        out += '"';
        continue;
      }
      line_ += text_[at_] == '\n' ? 1 : 0;
      out += text_[at_++];
    }
    skip_spaces();
    if (!at_field_end()) fail(line_, "text follows a closing quote");
    return out;
  }

  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw InputError(name_.empty() ? what : name_ + ":" + std::to_string(line) + ": " + what);
  }

  std::string_view text_;
  char separator_;
  std::string name_;
  Blanks blanks_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<TableRow> parse_table(std::string_view text, char separator, const std::string& name,
                                  std::size_t most_rows) {
  return TableParser(text, separator, name, Blanks::kDropped).rows(most_rows);
}

std::vector<std::string> parse_row(std::string_view row, char separator) {
  return TableParser(row, separator, "", Blanks::kKept).only_row();
}

std::string table_field(const std::string& text, char separator) {
  const bool has_edge_blank = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (text.find(separator) == std::string::npos && text.find_first_of("\"\r\n") == std::string::npos && !has_edge_blank)
    return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace ccx::pairs
