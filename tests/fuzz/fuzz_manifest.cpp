// An export's manifest.json, as the page reads it from anywhere: the table of embeddings stays inside its files.
#include <algorithm>
#include <vector>

#include "tests/fuzz/target.h"
#include "wasm/embedding_table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  ccx::fuzz::attempt([&] {
    const auto table = ccx::wasm::EmbeddingTable::from_manifest(ccx::fuzz::text(data, size));
    const auto read = [](const std::string&, std::uint64_t offset, std::size_t bytes, void* to) {
      if (offset > std::uint64_t{1} << 51 || bytes > std::size_t{1} << 18) __builtin_trap();
      std::fill_n(static_cast<char*>(to), bytes, '\x3c');
    };
    for (const std::int64_t id : {std::int64_t{0}, table.rows() - 1, table.rows(), std::int64_t{-1}}) {
      ccx::fuzz::attempt([&] {
        if (table.look_up(std::vector<std::int64_t>{id}, read).empty()) __builtin_trap();
      });
    }
  });
  return 0;
}
