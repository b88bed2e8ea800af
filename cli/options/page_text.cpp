// Markdown on a terminal (help_text.h): paragraphs and lists are filled, a table's rows become entries, code stays.
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cli/options/help_text.h"

namespace ccx::cli {
namespace {

bool is_table_row(const std::string& line) {
  return line.starts_with("|");
}

bool is_separator(const std::string& line) {
  return is_table_row(line) && line.find_first_not_of("|-: ") == std::string::npos;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  bool in_code = false;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '`') in_code = !in_code;
    if (line[i] == '|' && !in_code && line[i - 1] != '\\') {
      cells.push_back(cell);
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  for (std::string& text : cells) {
    const std::size_t first = text.find_first_not_of(' ');
    text = first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
  }
  return cells;
}

// A list entry's sign, "- " or "12. ", as far as it stands in the line with its indentation; 0 where there is none.
std::size_t list_sign(const std::string& line) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start > 3) return 0;  // npos too
  if (line.compare(start, 2, "- ") == 0) return start + 2;
  const std::size_t digits = line.find_first_not_of("0123456789", start);
  return digits != start && digits != std::string::npos && line.compare(digits, 2, ". ") == 0 ? digits + 2 : 0;
}

class Page {
 public:
  explicit Page(std::size_t width) : width_(width) {}

  std::string run(std::string_view markdown) {
    std::istringstream lines{std::string(markdown)};
    for (std::string line; std::getline(lines, line);) take(line);
    end_paragraph();
    return out_;
  }

 private:
  void take(const std::string& line) {
    if (line.starts_with("```")) {
      end_paragraph();
      in_code_ = !in_code_;
    } else if (in_code_ || (paragraph_.empty() && line.starts_with("    "))) {
      out_ += (in_code_ ? "    " : "") + line + "\n";
    } else if (is_table_row(line)) {
      end_paragraph();
      take_row(line);
      return;
    } else if (line.empty()) {
      end_paragraph();
      out_ += "\n";
    } else if (line.starts_with("#")) {
      end_paragraph();
      out_ += line + "\n";
    } else if (const std::size_t sign = list_sign(line); sign > 0) {
      end_paragraph();
      indent_ = sign;
      paragraph_ = line;
    } else {
      paragraph_ += (paragraph_.empty() ? "" : " ") + line;
    }
    header_.clear();
  }

  // The header is told with every row whose cells need a name.
  void take_row(const std::string& line) {
    if (is_separator(line)) return;
    const std::vector<std::string> cells = cells_of(line);
    if (header_.empty()) {
      header_ = cells;
      return;
    }
    if (cells.empty()) return;
    out_ += "  " + wrapped(cells[0], 2, width_) + "\n";
    for (std::size_t i = 1; i < cells.size(); ++i) {
      if (cells[i].empty()) continue;
      const bool named = cells.size() > 2 && i < header_.size() && !header_[i].empty();
      out_ += "      " + wrapped((named ? header_[i] + ": " : "") + cells[i], 8, width_) + "\n";
    }
  }

  void end_paragraph() {
    if (paragraph_.empty()) return;
    const std::size_t lead = paragraph_.find_first_not_of(' ');
    out_ += std::string(lead, ' ') + wrapped(paragraph_.substr(lead), indent_, width_ - lead) + "\n";
    paragraph_.clear();
    indent_ = 0;
  }

  std::size_t width_;
  std::string out_;
  std::string paragraph_;
  std::size_t indent_ = 0;
  std::vector<std::string> header_;
  bool in_code_ = false;
};

}  // namespace

std::string page_text(std::string_view markdown, std::size_t width) {
  return Page(width).run(markdown);
}

}  // namespace ccx::cli
