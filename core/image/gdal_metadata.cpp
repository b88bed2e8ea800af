// A reader of as much XML as GDAL's metadata need (gdal_metadata.h).
#include "core/image/gdal_metadata.h"

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/utf8.h"

namespace ccx::image {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ascii::lower(a[i]) != ascii::lower(b[i])) return false;
  }
  return true;
}

// The character of "#233" or "#xE9"; 0 for none.
uint32_t numbered_character(std::string_view entity) {
  const bool is_hex = entity.size() > 1 && ascii::lower(entity[1]) == 'x';
  uint32_t code = 0;
  for (const char c : entity.substr(is_hex ? 2 : 1)) {
    const char digit = ascii::lower(c);
    const bool is_letter = is_hex && digit >= 'a' && digit <= 'f';
    if (!ascii::is_digit(digit) && !is_letter) return 0;
    code = code * (is_hex ? 16 : 10) + static_cast<uint32_t>(is_letter ? digit - 'a' + 10 : digit - '0');
    if (code > 0x10FFFF) return 0;
  }
  return code >= 0xD800 && code <= 0xDFFF ? 0 : code;
}

// What is no known entity stays as it is.
std::string unescaped(std::string_view text) {
  constexpr std::size_t kLongestEntity = 10;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = text[i] == '&' ? text.substr(i, kLongestEntity).find(';') : std::string_view::npos;
    const std::string_view entity = end == std::string_view::npos ? "" : text.substr(i + 1, end - 1);
    const char plain = entity == "lt"     ? '<'
                       : entity == "gt"   ? '>'
                       : entity == "amp"  ? '&'
                       : entity == "quot" ? '"'
                       : entity == "apos" ? '\''
                                          : '\0';
    const uint32_t code = entity.size() > 1 && entity[0] == '#' ? numbered_character(entity) : 0;
    if (plain != '\0') {
      out += plain;
    } else if (code != 0) {
      append_utf8(out, code);
    } else {
      out += text[i++];
      continue;
    }
    i += end + 1;
  }
  return out;
}

class MetadataReader {
 public:
  explicit MetadataReader(std::string_view xml) : xml_(xml) {}

  std::vector<MetadataText> read() {
    bool is_whole = true;
    while (at_ < xml_.size() && is_whole) is_whole = read_next();
    if (!is_whole || !open_.empty())
      throw InputError("its GDAL metadata (tag 42112) are damaged: they are no whole XML");
    return std::move(out_);
  }

 private:
  bool begins(std::string_view with) const { return xml_.substr(at_, with.size()) == with; }

  // Moves behind the next `end` and gives what stands before it.
  std::optional<std::string_view> until(std::string_view end) {
    const std::size_t found = xml_.find(end, at_);
    if (found == std::string_view::npos) return std::nullopt;
    const std::string_view before = xml_.substr(at_, found - at_);
    at_ = found + end.size();
    return before;
  }

  bool read_next() {
    if (xml_[at_] != '<') {
      const std::string_view text = xml_.substr(at_, xml_.find('<', at_) - at_);
      at_ += text.size();
      if (is_in_item()) value_ += unescaped(text);
      return true;
    }
    if (begins("<!--")) return until("-->").has_value();
    if (begins("<?")) return until("?>").has_value();
    if (begins("<![CDATA[")) {
      at_ += 9;
      const auto text = until("]]>");
      if (text && is_in_item()) value_ += *text;
      return text.has_value();
    }
    if (begins("<!")) return until(">").has_value();
    return begins("</") ? read_end() : read_start();
  }

  bool is_in_item() const { return open_.size() == 2 && is_item_; }

  bool read_end() {
    at_ += 2;
    auto name = until(">");
    while (name && !name->empty() && is_space(name->back())) name->remove_suffix(1);
    if (!name || open_.empty() || !is_same_word(*name, open_.back())) return false;
    close();
    return true;
  }

  void close() {
    if (is_in_item()) {
      std::size_t from = 0;
      while (from < value_.size() && is_space(value_[from])) ++from;
      // GDAL escapes values twice.
      item_.value = unescaped(std::string_view(value_).substr(from));
      if (!item_.name.empty() && !item_.value.empty() && item_.sample >= -1) out_.push_back(std::move(item_));
    }
    open_.pop_back();
  }

  std::string_view word() {
    const std::size_t from = at_;
    while (at_ < xml_.size() && !is_space(xml_[at_]) && xml_[at_] != '>' && xml_[at_] != '/' && xml_[at_] != '=') ++at_;
    return xml_.substr(from, at_ - from);
  }

  void skip_space() {
    while (at_ < xml_.size() && is_space(xml_[at_])) ++at_;
  }

  bool read_start() {
    ++at_;
    const std::string_view name = word();
    if (name.empty()) return false;
    // Elements beside the first are none of GDAL's metadata.
    if (open_.empty()) is_metadata_ = is_same_word(name, "GDALMetadata");
    open_.push_back(name);
    if (open_.size() == 2) {
      is_item_ = is_metadata_ && is_same_word(name, "Item");
      item_ = {};
      value_.clear();
    }
    for (;;) {
      skip_space();
      if (at_ >= xml_.size()) return false;
      if (begins("/>")) {
        at_ += 2;
        close();
        return true;
      }
      if (xml_[at_] == '>') {
        ++at_;
        return true;
      }
      if (!read_attribute()) return false;
    }
  }

  bool read_attribute() {
    const std::string_view name = word();
    skip_space();
    if (name.empty() || at_ >= xml_.size() || xml_[at_] != '=') return false;
    ++at_;
    skip_space();
    if (at_ >= xml_.size()) return false;
    const char quote = xml_[at_];
    const bool is_quoted = quote == '"' || quote == '\'';
    at_ += is_quoted ? 1 : 0;
    const auto value = is_quoted ? until({&quote, 1}) : std::optional(word());
    if (!value) return false;
    if (!is_in_item()) return true;
    if (is_same_word(name, "name")) item_.name = unescaped(*value);
    if (is_same_word(name, "domain")) item_.domain = unescaped(*value);
    if (is_same_word(name, "role")) item_.role = unescaped(*value);
    if (is_same_word(name, "sample")) item_.sample = std::atoi(std::string(*value).c_str());
    return true;
  }

  std::string_view xml_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;  // elements, the outermost first
  bool is_metadata_ = false;
  bool is_item_ = false;
  MetadataText item_;
  std::string value_;
  std::vector<MetadataText> out_;
};

}  // namespace

std::vector<MetadataText> gdal_metadata(std::string_view xml) {
  return MetadataReader(xml.substr(0, xml.find('\0'))).read();
}

}  // namespace ccx::image
