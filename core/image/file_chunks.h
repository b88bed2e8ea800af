// The chunks that PNG and WebP files are made of, of which only lengths and names are believed. Plain C++, shared with
// WebAssembly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ccx::image {

// Calls use(name, data) for each chunk, with as much of its data as the file has, until it gives true or the file ends.
// Nothing for files of other kinds.
template <typename Use>
void walk_chunks(std::string_view file, const Use& use) {
  const bool is_webp = file.starts_with("RIFF") && file.substr(0, 12).ends_with("WEBP");
  if (!is_webp && !file.starts_with("\x89PNG")) return;
  constexpr std::size_t kHead = 8, kChecksum = 4;
  const std::size_t name_at = is_webp ? 0 : 4;  // the length stands before the name in PNG, behind it in WebP
  for (std::size_t at = is_webp ? 12 : 8; at + kHead <= file.size();) {
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t byte = at + (4 - name_at) + (is_webp ? 3 - i : i);
      length = length << 8 | static_cast<std::uint8_t>(file[byte]);
    }
    const std::string_view data = file.substr(at + kHead, static_cast<std::size_t>(length));
    if (use(file.substr(at + name_at, 4), data) || data.size() < length) return;
    at += kHead + static_cast<std::size_t>(length) + (is_webp ? length % 2 : kChecksum);
  }
}

}  // namespace ccx::image
