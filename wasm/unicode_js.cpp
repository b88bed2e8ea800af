// Unicode answers of the browser build: the JavaScript engine has the database, so that none needs to be downloaded.
#include <emscripten.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <new>

#include "core/text/unicode.h"

// clang-format off
// Writes the classes of 256 code points from `first` on: 0 letter, 1 number, 3 other. White space is the caller's.
EM_JS(void, ccx_classify_page, (int first, unsigned char* classes), {
  const property = String.fromCharCode(92) + "p";  // Emscripten versions differ in what they make of a backslash here
  const letter = new RegExp(property + "{L}", "u");
  const number = new RegExp(property + "{N}", "u");
  for (let i = 0; i < 256; ++i) {
    const text = String.fromCodePoint(first + i);
    HEAPU8[classes + i] = letter.test(text) ? 0 : number.test(text) ? 1 : 3;
  }
})

// The normal form C of UTF-8 text, in memory that the caller frees; null where it equals the text or memory is short.
// Its length is written to `length`, 0 with null unless memory is short, when it is -1.
EM_JS(unsigned char*, ccx_nfc, (const unsigned char* text, int size, int* length), {
  HEAP32[length >> 2] = 0;
  const before = new TextDecoder("utf-8", {ignoreBOM: true}).decode(HEAPU8.slice(text, text + size));
  const after = before.normalize("NFC");
  if (after === before) return 0;
  const bytes = new TextEncoder().encode(after);
  const result = _malloc(bytes.length + 1);
  HEAP32[length >> 2] = result ? bytes.length : -1;
  if (result) HEAPU8.set(bytes, result);
  return result;
})
// clang-format on

namespace ccx::text {
namespace {

constexpr char32_t kCodePoints = 0x110000;
using Page = std::array<unsigned char, 256>;

// A question to JavaScript costs more than a look-up, and texts keep to a few scripts: whole pages are asked for.
const Page& page_of(char32_t code_point) {
  static std::array<std::unique_ptr<Page>, kCodePoints / 256> pages;
  std::unique_ptr<Page>& page = pages[code_point / 256];
  if (!page) {
    auto asked = std::make_unique<Page>();
    ccx_classify_page(static_cast<int>(code_point & ~char32_t{255}), asked->data());
    page = std::move(asked);
  }
  return *page;
}

}  // namespace

CharacterClass character_class(char32_t code_point) {
  if (has_white_space_property(code_point)) return CharacterClass::kSpace;
  if (code_point >= kCodePoints) return CharacterClass::kOther;
  return static_cast<CharacterClass>(page_of(code_point)[code_point % 256]);
}

std::string nfc(std::string_view text) {
  bool ascii = true;
  for (const char c : text) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  if (ascii) return std::string(text);
  int length = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> mapped(
      ccx_nfc(reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()), &length), std::free);
  if (length < 0) throw std::bad_alloc();
  if (!mapped) return std::string(text);
  return {reinterpret_cast<const char*>(mapped.get()), static_cast<std::size_t>(length)};
}

}  // namespace ccx::text
