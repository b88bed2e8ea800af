// Tokenizers from disk, apart from the rest because the web build has no disk.
#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/text/tokenizer.h"
#include "core/text/tokenizer_document.h"

namespace ccx::text {

Tokenizer Tokenizer::load(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path file = path;
  if (std::filesystem::is_directory(path, error)) {
    file = path / "tokenizer.json";
    if (!std::filesystem::exists(file, error)) {
      throw InputError(path.string() + " has no tokenizer.json: it is not a complete checkpoint directory. A slow " +
                       "tokenizer's vocab.json and merges.txt are converted by transformers' AutoTokenizer(...)" +
                       ".save_pretrained(...)");
    }
  }
  return from_json(io::read_file(file, kMostOfTokenizer), file.string());
}

}  // namespace ccx::text
