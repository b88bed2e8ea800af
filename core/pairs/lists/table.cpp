// Reading tables in text (table.h).
#include "core/pairs/lists/table.h"

#include <utility>

#include "core/base/error.h"

namespace ccx::pairs {
namespace {

class TableParser {
 public:
  TableParser(std::string_view text, char separator, const std::string& name)
      : text_(text), separator_(separator), name_(name) {}

  std::vector<TableRow> rows(std::size_t most) {
    std::vector<TableRow> out;
    while (at_ < text_.size() && out.size() < most) {
      TableRow row;
      row.line = line_;
      do {
        row.fields.push_back(field());
      } while (take(separator_));
      end_line();
      const bool is_empty_line = row.fields.size() == 1 && row.fields[0].empty();
      if (!is_empty_line) out.push_back(std::move(row));
    }
    return out;
  }

 private:
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

  void skip_spaces() {
    while (!at_field_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  std::string field() {
    skip_spaces();
    if (!ended() && text_[at_] == '"') return quoted();
    const std::size_t start = at_;
    while (!at_field_end()) ++at_;
    std::size_t end = at_;
    while (end > start && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
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
    throw InputError(name_ + ":" + std::to_string(line) + ": " + what);
  }

  std::string_view text_;
  char separator_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<TableRow> parse_table(std::string_view text, char separator, const std::string& name,
                                  std::size_t most_rows) {
  return TableParser(text, separator, name).rows(most_rows);
}

}  // namespace ccx::pairs
