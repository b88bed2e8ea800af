// Tokenizers from disk, apart from the rest because the web build has no disk.
#include "core/base/error.h"
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
      if (std::filesystem::exists(path / "vocab.json", error) && std::filesystem::exists(path / "merges.txt", error)) {
        throw InputError(
            path.string() + " has no tokenizer.json, but the vocab.json and merges.txt of a slow " +
            "tokenizer: transformers' AutoTokenizer.from_pretrained(...).save_pretrained(...) converts them");
      }
      if (std::filesystem::exists(path / "tokenizer.model", error)) {
        throw InputError(path.string() +
                         " has no tokenizer.json, but a tokenizer.model of SentencePiece: it is not a " +
                         "checkpoint with a Qwen2 inside");
      }
      throw InputError(path.string() + " has no tokenizer.json: it is not a complete checkpoint directory");
    }
  }
  return from_json(io::read_file(file, kMostOfTokenizer), file.string());
}

}  // namespace ccx::text
