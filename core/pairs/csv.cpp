// Reading comma-separated values (csv.h).
#include "core/pairs/csv.h"

#include <utility>

#include "core/graph/error.h"

namespace ccx::pairs {
namespace {

class CsvParser {
 public:
  CsvParser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> out;
    while (at_ < text_.size()) {
      CsvRow row;
      row.line = line_;
      do {
        row.fields.push_back(field());
      } while (take(','));
      take('\r');
      take('\n');
      const bool is_empty_line = row.fields.size() == 1 && row.fields[0].empty();
      if (!is_empty_line) out.push_back(std::move(row));
    }
    return out;
  }

 private:
  bool ended() const { return at_ == text_.size(); }
  bool at_line_end() const {
    return ended() || text_[at_] == '\n' || (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n'));
  }

  bool take(char c) {
    if (ended() || text_[at_] != c) return false;
    line_ += c == '\n' ? 1 : 0;
    ++at_;
    return true;
  }

  std::string field() {
    std::string out;
    if (!take('"')) {
      while (!at_line_end() && text_[at_] != ',') out += text_[at_++];
      return out;
    }
    const std::size_t opened = line_;
    while (true) {
      if (ended()) fail(opened, "a quote is opened and never closed");
      if (take('"')) {
        if (!take('"')) break;
        out += '"';
        continue;
      }
      const char c = text_[at_];
      take(c);
      out += c;
    }
    if (!at_line_end() && text_[at_] != ',') fail(line_, "text follows a closing quote");
    return out;
  }

  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw InputError(name_ + ":" + std::to_string(line) + ": " + what);
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name) {
  return CsvParser(text, name).rows();
}

}  // namespace ccx::pairs
