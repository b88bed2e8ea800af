// A tokenizer.json, or a text for a good one: ids that are encoded are decoded.
#include <vector>

#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "core/text/tokenizer.h"
#include "tests/fuzz/target.h"

namespace {

// 256 tokens, one a byte, and four merges of letters.
const ccx::text::Tokenizer& small_tokenizer() {
  static const ccx::text::Tokenizer tokenizer = [] {
    std::string json = R"({"normalizer": {"type": "NFC"}, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [)";
    json +=
        R"({"type": "Split", "pattern": {"Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N})";
    json +=
        R"(| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"}, "behavior": "Isolated", "invert": false},)";
    json += R"({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}]},)";
    json += R"("added_tokens": [{"id": 260, "content": "<|x|>", "special": true, "lstrip": true, "rstrip": true}],)";
    json += R"("model": {"type": "BPE", "vocab": {)";
    int id = 0;
    int extra = 256;  // bytes that are no printable character stand for U+0100 and following
    for (int byte = 0; byte < 256; ++byte) {
      const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
      std::string token;
      ccx::append_utf8(token, static_cast<char32_t>(printable ? byte : extra++));
      if (token == "\"" || token == "\\") token.insert(0, "\\");
      json += (id == 0 ? "\"" : ", \"") + token + "\": " + std::to_string(id);
      ++id;
    }
    json += R"(, "ab": 256, "bc": 257, "aa": 258, "abab": 259}, "merges": ["a b", "b c", "a a", "ab ab"]}})";
    return ccx::text::Tokenizer::from_json(json, "small");
  }();
  return tokenizer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes = ccx::fuzz::text(data, size);
  ccx::fuzz::attempt([&] {
    const ccx::text::Tokenizer tokenizer = ccx::text::Tokenizer::from_json(bytes, "fuzz");
    const std::vector<std::int64_t> ids = tokenizer.encode("a house isn't <|im_end|> \n\n 12 \xE9");
    tokenizer.decode(ids);
    for (std::int64_t id = 0; id < std::min<std::int64_t>(tokenizer.size(), 4096); ++id) {
      tokenizer.decode(std::vector<std::int64_t>{id});
      tokenizer.is_special(id);
    }
  });
  const ccx::text::Tokenizer& good = small_tokenizer();
  const std::string text = ccx::replace_invalid_utf8(bytes);
  if (ccx::nfc(ccx::nfc(text)) != ccx::nfc(text)) __builtin_trap();
  if (text.find("<|x|>") == std::string::npos && good.decode(good.encode(bytes)) != ccx::nfc(text)) __builtin_trap();
  good.decode(good.encode(bytes));
  return 0;
}
