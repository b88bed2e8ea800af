// The embedding table of an export: rows of text tokens, read from its files one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::wasm {

class EmbeddingTable {
 public:
  // Puts `bytes` bytes of a file of the export, from `offset` on, at `to`.
  using Read = std::function<void(const std::string& file, std::uint64_t offset, std::size_t bytes, void* to)>;

  // From the content of a manifest.json (docs/export.md). Throws InputError naming the key that is missing or wrong.
  static EmbeddingTable from_manifest(std::string_view manifest);

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }

  // float32 [ids, columns], row-major. Throws InputError for an id that has no row.
  std::vector<float> look_up(std::span<const std::int64_t> ids, const Read& read) const;

 private:
  enum class Type { kFloat32, kFloat16, kInt8 };
  struct Location {
    std::string file;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
  };
  struct Piece {
    std::int64_t first_row = 0;
    std::int64_t rows = 0;
    Location values;
    Location scales;  // of kInt8: float32 [rows], weight = value * scale
  };

  std::size_t value_bytes() const;
  const Piece& piece_of(std::int64_t row) const;
  void read_row(std::int64_t row, const Read& read, std::vector<unsigned char>& raw, float* to) const;

  Type type_ = Type::kFloat32;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace ccx::wasm
