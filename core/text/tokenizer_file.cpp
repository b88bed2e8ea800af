// Tokenizers from disk, apart from the rest because the web build has no disk.
#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/text/tokenizer.h"

namespace ccx::text {

namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{256} << 20;  // Qwen2's has 7 MB, the largest known 35 MB

}  // namespace

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
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  if (!error && bytes > kLargestFile) {
    throw InputError(file.string() + " has " + std::to_string(bytes >> 20) + " MiB: no tokenizer is that large");
  }
  return from_json(io::read_file(file), file.string());
}

}  // namespace ccx::text
