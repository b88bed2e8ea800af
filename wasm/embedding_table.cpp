#include "wasm/embedding_table.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "wasm/manifest_reader.h"

namespace ccx::wasm {

EmbeddingTable EmbeddingTable::from_manifest(std::string_view manifest) {
  const ManifestReader root = ManifestReader::parse(manifest);
  const ManifestReader json = root.object("embeddings");
  EmbeddingTable table;
  table.rows_ = json.integer("rows", 1, 1 << 22);
  table.columns_ = json.integer("columns", 1, 1 << 16);
  const std::string type = json.text("dtype");
  if (type == "float32") {
    table.type_ = Type::kFloat32;
  } else if (type == "float16") {
    table.type_ = Type::kFloat16;
  } else if (type == "int8") {
    table.type_ = Type::kInt8;
  } else {
    throw InputError("manifest.json: embeddings.dtype is \"" + type + "\", expected float32, float16 or int8");
  }

  const auto location = [](const ManifestReader& from, std::uint64_t expected) {
    Location found;
    found.file = from.text("file");
    found.offset = static_cast<std::uint64_t>(from.integer("offset", 0, std::int64_t{1} << 50));
    found.bytes = static_cast<std::uint64_t>(from.integer("bytes", 0, std::int64_t{1} << 50));
    if (found.bytes != expected) {
      throw InputError("manifest.json: a piece of the embedding table in " + found.file + " has " +
                       std::to_string(found.bytes) + " bytes, its rows need " + std::to_string(expected));
    }
    return found;
  };
  std::int64_t next = 0;
  for (const ManifestReader& entry : json.objects("pieces")) {
    Piece piece;
    piece.first_row = entry.integer("first_row", next, next);
    piece.rows = entry.integer("rows", 1, table.rows_ - next);
    next += piece.rows;
    const auto count = static_cast<std::uint64_t>(piece.rows);
    piece.values =
        location(entry.object("values"), count * static_cast<std::uint64_t>(table.columns_) * table.value_bytes());
    if (table.type_ == Type::kInt8) piece.scales = location(entry.object("scales"), count * sizeof(float));
    table.pieces_.push_back(std::move(piece));
  }
  if (next != table.rows_) {
    throw InputError("manifest.json: the pieces of the embedding table hold " + std::to_string(next) + " of " +
                     std::to_string(table.rows_) + " rows");
  }
  return table;
}

std::size_t EmbeddingTable::value_bytes() const {
  switch (type_) {
    case Type::kFloat16:
      return 2;
    case Type::kInt8:
      return 1;
    case Type::kFloat32:
      break;
  }
  return 4;
}

const EmbeddingTable::Piece& EmbeddingTable::piece_of(std::int64_t row) const {
  for (const Piece& piece : pieces_) {
    if (row >= piece.first_row && row < piece.first_row + piece.rows) return piece;
  }
  throw InputError("token " + std::to_string(row) + " has no row in the embedding table, which has " +
                   std::to_string(rows_));
}

void EmbeddingTable::read_row(std::int64_t row, const Read& read, std::vector<unsigned char>& raw, float* to) const {
  const Piece& piece = piece_of(row);
  const auto within = static_cast<std::uint64_t>(row - piece.first_row);
  raw.resize(static_cast<std::size_t>(columns_) * value_bytes());
  read(piece.values.file, piece.values.offset + within * raw.size(), raw.size(), raw.data());
  const auto columns = static_cast<std::size_t>(columns_);
  if (type_ == Type::kFloat32) {
    std::memcpy(to, raw.data(), raw.size());
  } else if (type_ == Type::kFloat16) {
    for (std::size_t i = 0; i < columns; ++i) {
      std::uint16_t bits = 0;
      std::memcpy(&bits, raw.data() + 2 * i, sizeof bits);
      to[i] = io::half_to_float(bits);
    }
  } else {
    float scale = 0;
    read(piece.scales.file, piece.scales.offset + within * sizeof scale, sizeof scale, &scale);
    for (std::size_t i = 0; i < columns; ++i) to[i] = static_cast<float>(static_cast<signed char>(raw[i])) * scale;
  }
}

std::vector<float> EmbeddingTable::look_up(std::span<const std::int64_t> ids, const Read& read) const {
  std::vector<float> found(ids.size() * static_cast<std::size_t>(columns_));
  std::vector<unsigned char> raw;
  float* to = found.data();
  for (const std::int64_t id : ids) {
    read_row(id, read, raw, to);
    to += columns_;
  }
  return found;
}

}  // namespace ccx::wasm
