// Leftmost-longest search for added tokens.
#include "core/text/added_tokens.h"

#include <algorithm>

#include "core/base/unicode.h"
#include "core/base/utf8.h"

namespace ccx::text {

namespace {

std::size_t skip_spaces(std::string_view text, std::size_t position) {
  while (position < text.size()) {
    const CodePoint point = code_point_at(text, position);
    if (!is_space(point.value)) break;
    position += point.length;
  }
  return position;
}

// The start of the white space that ends at `end`, not before `floor`.
std::size_t spaces_before(std::string_view text, std::size_t floor, std::size_t end) {
  while (end > floor) {
    std::size_t start = end - 1;
    while (start > floor && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    if (!is_space(code_point_at(text, start).value)) break;
    end = start;
  }
  return end;
}

}  // namespace

AddedTokenMatcher::AddedTokenMatcher(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::stable_sort(tokens_.begin(), tokens_.end(),
                   [](const AddedToken& a, const AddedToken& b) { return a.content.size() > b.content.size(); });
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].content.empty()) continue;
    by_first_byte_[static_cast<unsigned char>(tokens_[i].content.front())].push_back(i);
  }
}

const AddedToken* AddedTokenMatcher::match_at(std::string_view text, std::size_t position) const {
  for (const std::size_t i : by_first_byte_[static_cast<unsigned char>(text[position])]) {
    if (text.compare(position, tokens_[i].content.size(), tokens_[i].content) == 0) return &tokens_[i];
  }
  return nullptr;
}

std::vector<AddedTokenMatcher::Part> AddedTokenMatcher::split(std::string_view text) const {
  std::vector<Part> parts;
  std::size_t done = 0;  // everything before it is in `parts`
  for (std::size_t position = 0; position < text.size();) {
    const AddedToken* token = match_at(text, position);
    if (token == nullptr) {
      ++position;
      continue;
    }
    const std::size_t after = position + token->content.size();
    std::size_t start = position;
    if (start < done) start = done;  // white space that the token before took along
    if (token->lstrip) start = spaces_before(text, done, start);
    const std::size_t end = std::max(done, token->rstrip ? skip_spaces(text, after) : after);
    if (start > done) parts.push_back({text.substr(done, start - done), nullptr});
    parts.push_back({text.substr(start, end - start), token});
    done = end;
    position = after;
  }
  if (done < text.size()) parts.push_back({text.substr(done), nullptr});
  return parts;
}

}  // namespace ccx::text
