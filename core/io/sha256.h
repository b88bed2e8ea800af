// SHA-256 of bytes and files, by OpenSSL.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::io {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(std::string_view bytes);
  std::string hex();  // 64 lower-case digits; ends the computation

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256(std::string_view bytes);

// Streamed. Throws InputError naming the file.
std::string sha256_file(const std::filesystem::path& path);

// Of a checkpoint's weights: what `sha256sum model.safetensors` prints; for shards, given in the order of their names,
// the digest of the lines that `sha256sum model-*.safetensors` prints. Reads every byte. Throws InputError naming the
// file.
std::string sha256_weights(const std::vector<std::filesystem::path>& files);

}  // namespace ccx::io
