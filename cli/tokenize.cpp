// `ccx tokenize`: lines of text to token ids and back, for a look at what the model reads and writes.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.h"
#include "core/base/error.h"
#include "core/captioner/model_options.h"
#include "core/io/json.h"
#include "core/io/standard_output.h"
#include "core/text/tokenizer.h"

namespace ccx::cli {

namespace {

using Json = nlohmann::json;
using Ids = std::vector<std::int64_t>;

struct TokenizeOptions {
  std::filesystem::path model;
  bool json = false;
  bool decode = false;
  bool skip_special_tokens = false;
};

// A line that is not what the options say it is.
[[noreturn]] void refuse(std::size_t line, const std::string& what) {
  throw Error("stdin, line " + std::to_string(line) + ": " + what);
}

Json parse_json(const std::string& line, std::size_t number, const char* expected) {
  try {
    return io::parse_json(line, "stdin, line " + std::to_string(number));
  } catch (const InputError& error) {
    throw Error(std::string(error.what()) + "; expected " + expected);
  }
}

std::string text_of_line(const std::string& line, std::size_t number, bool json) {
  if (!json) return line;
  const char* expected = "a JSON string";
  const Json value = parse_json(line, number, expected);
  if (!value.is_string()) refuse(number, std::string("expected ") + expected + ", got " + value.type_name());
  return value.get<std::string>();
}

Ids ids_of_json(const std::string& line, std::size_t number) {
  const char* expected = "a JSON array of token ids";
  const Json value = parse_json(line, number, expected);
  if (!value.is_array()) refuse(number, std::string("expected ") + expected + ", got " + value.type_name());
  Ids ids;
  for (const Json& item : value) {
    const bool fits = item.is_number_integer() && !(item.is_number_unsigned() && item.get<std::uint64_t>() > INT64_MAX);
    if (!fits) refuse(number, item.dump() + " is not a token id");
    ids.push_back(item.get<std::int64_t>());
  }
  return ids;
}

Ids ids_of_words(const std::string& line, std::size_t number) {
  constexpr const char* kSpaces = " \t\r";
  Ids ids;
  for (std::size_t at = line.find_first_not_of(kSpaces); at != std::string::npos;) {
    const std::size_t end = std::min(line.find_first_of(kSpaces, at), line.size());
    std::int64_t id = 0;
    const auto [stop, error] = std::from_chars(line.data() + at, line.data() + end, id);
    if (error != std::errc() || stop != line.data() + end) {
      refuse(number, "\"" + line.substr(at, end - at) + "\" is not a token id");
    }
    ids.push_back(id);
    at = line.find_first_not_of(kSpaces, end);
  }
  return ids;
}

std::string print_ids(const Ids& ids, bool json) {
  if (json) return Json(ids).dump();
  std::string words;
  for (const std::int64_t id : ids) words += (words.empty() ? "" : " ") + std::to_string(id);
  return words;
}

std::string decode_line(const text::Tokenizer& tokenizer, const std::string& line, std::size_t number,
                        const TokenizeOptions& options) {
  const Ids ids = options.json ? ids_of_json(line, number) : ids_of_words(line, number);
  try {
    const std::string text = tokenizer.decode(ids, options.skip_special_tokens);
    // ASCII alone: some programs also end a line at U+0085 or U+2028.
    return options.json ? Json(text).dump(-1, ' ', /*ensure_ascii=*/true) : text;
  } catch (const InputError& error) {
    refuse(number, error.what());
  }
}

int tokenize(const TokenizeOptions& options) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(captioner::model_or_default(options.model));
  io::StandardOutput& out = io::standard_output();
  std::string line;
  for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
    if (options.decode) {
      out.write(decode_line(tokenizer, line, number, options) + "\n");
    } else {
      out.write(print_ids(tokenizer.encode(text_of_line(line, number, options.json)), options.json) + "\n");
    }
    out.flush();  // a program at the other end may wait for this answer before it asks on
  }
  return kOk;
}

const RegisterCommand kTokenize(62, "tokenize", "Turn lines of text into token ids, or back", [](CommandSpec& spec) {
  const auto given = std::make_shared<TokenizeOptions>();
  spec.page = "tokenizer";
  spec.about =
      "Reads stdin line by line and writes one line for each. No template is added. A line ends at \"\\n\"; text that "
      "holds line breaks of its own needs --json. Bytes that form no character come out as U+FFFD.";
  spec.examples = {{"echo 'a new road' | ccx tokenize"},
                   {"echo '\"two\\nlines\"' | ccx tokenize --model checkpoints/0.5b --json"},
                   {"echo '64 501 563' | ccx tokenize --decode"}};
  spec.exits = {{kFailure, "a line could not be read; those before it are written"}};
  options::OptionSet& options = spec.options;
  options.group("Model");
  captioner::declare_model_option(options, given->model, "A checkpoint directory, or a tokenizer.json");
  options.group("Lines");
  options.add(&given->json, {.name = "--json", .help = "Text is a JSON string a line, ids are a JSON array a line"});
  options.add(&given->decode, {.name = "--decode", .help = "Read ids and write text"});
  options.add(&given->skip_special_tokens, {.name = "--skip-special-tokens",
                                            .help = "With --decode: leave <|im_end|> and its like out",
                                            .needs = {"--decode"}});
  return [given] { return tokenize(*given); };
});

}  // namespace
}  // namespace ccx::cli
