// SHA-256 (FIPS 180-4), to say which model made a file of captions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ccx::captioner {

class Sha256 {
 public:
  void update(std::string_view bytes);
  // 64 lower-case hexadecimal digits. The object is spent.
  std::string hex();

 private:
  void blocks(const unsigned char* data, std::size_t count);

  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> pending_ = {};
  std::size_t pending_size_ = 0;
  uint64_t total_ = 0;  // bytes
};

// For processors with SHA instructions (sha256_x86.cpp); the plain code is used elsewhere.
bool has_sha_instructions();
void sha256_blocks_x86(std::array<uint32_t, 8>& state, const std::array<uint32_t, 64>& constants,
                       const unsigned char* data, std::size_t blocks);
// The plain code, whatever the processor has.
void sha256_blocks_plain(std::array<uint32_t, 8>& state, const unsigned char* data, std::size_t blocks);

std::string sha256_of(std::string_view bytes);
// As `sha256sum` prints it. Throws InputError naming the file.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace ccx::captioner
