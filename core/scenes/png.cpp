// Filtered rows, run lengths of the byte before, one dynamic Huffman block (RFC 1951): noisy pictures have few longer
// matches to find, and looking for none makes this several times faster than a general compressor.
#include "core/scenes/png.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/base/error.h"
#include "core/image/png_chunks.h"

namespace ccx::scenes {

namespace {

class BitWriter {
 public:
  // Least significant bit first, as deflate wants it.
  void put(uint32_t bits, int count) {
    pending_ |= static_cast<uint64_t>(bits) << held_;
    held_ += count;
    while (held_ >= 8) {
      bytes_.push_back(static_cast<char>(pending_ & 0xFF));
      pending_ >>= 8;
      held_ -= 8;
    }
  }
  std::string finish() {
    if (held_ > 0) put(0, 8 - held_);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  uint64_t pending_ = 0;
  int held_ = 0;
};

// Code lengths of at most `limit` bits for symbols with these frequencies; symbols that do not occur get 0.
std::vector<int> code_lengths(std::vector<uint64_t> frequency, int limit) {
  const size_t n = frequency.size();
  std::vector<int> lengths(n, 0);
  for (;;) {
    // Huffman's tree by repeatedly joining the two rarest; ties go to the lower index, so the result is one of many but
    // always the same.
    struct Node {
      uint64_t weight;
      int left, right;
    };
    std::vector<Node> nodes;
    std::vector<int> open;
    for (size_t i = 0; i < n; ++i) {
      nodes.push_back({frequency[i], -1, -1});
      if (frequency[i] > 0) open.push_back(static_cast<int>(i));
    }
    if (open.size() == 1) {
      lengths[open[0]] = 1;
      return lengths;
    }
    const auto heavier = [&](int x, int y) { return nodes[x].weight > nodes[y].weight; };
    std::stable_sort(open.begin(), open.end(), heavier);
    while (open.size() > 1) {
      const int first = open.back(), second = open[open.size() - 2];
      open.resize(open.size() - 2);
      nodes.push_back({nodes[first].weight + nodes[second].weight, first, second});
      const int joined = static_cast<int>(nodes.size()) - 1;
      open.insert(std::upper_bound(open.begin(), open.end(), joined, heavier), joined);
    }
    std::vector<int> depth(nodes.size(), 0);
    int deepest = 0;
    for (size_t i = nodes.size(); i-- > 0;) {
      if (nodes[i].left < 0) continue;
      depth[nodes[i].left] = depth[nodes[i].right] = depth[i] + 1;
    }
    for (size_t i = 0; i < n; ++i) {
      lengths[i] = frequency[i] > 0 ? depth[i] : 0;
      deepest = std::max(deepest, lengths[i]);
    }
    if (deepest <= limit) return lengths;
    for (uint64_t& f : frequency) f = f == 0 ? 0 : f / 2 + 1;  // flatter frequencies, shallower tree
  }
}

// Canonical codes, already reversed for a writer that puts the lowest bit first.
std::vector<uint32_t> canonical_codes(const std::vector<int>& lengths) {
  std::array<uint32_t, 17> next{}, count{};
  for (int l : lengths) ++count[l];
  count[0] = 0;
  uint32_t code = 0;
  for (int bits = 1; bits <= 15; ++bits) {
    code = (code + count[bits - 1]) << 1;
    next[bits] = code;
  }
  std::vector<uint32_t> codes(lengths.size(), 0);
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] == 0) continue;
    const uint32_t c = next[lengths[i]]++;
    for (int b = 0; b < lengths[i]; ++b) codes[i] |= (c >> b & 1u) << (lengths[i] - 1 - b);
  }
  return codes;
}

// Symbols 0..255 are bytes, 256 ends the block, 257 up are lengths; `extra` holds a length's extra bits.
struct Token {
  uint16_t symbol;
  uint8_t extra;
  uint8_t extra_bits;
};

Token length_token(int length) {
  static constexpr int kBase[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                  31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static constexpr int kBits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  int i = 28;
  while (kBase[i] > length) --i;
  return {static_cast<uint16_t>(257 + i), static_cast<uint8_t>(length - kBase[i]), static_cast<uint8_t>(kBits[i])};
}

std::string deflate(const std::string& data) {
  std::vector<Token> tokens;
  tokens.reserve(data.size() + 1);
  for (size_t i = 0; i < data.size();) {
    size_t run = 0;
    if (i > 0) {
      while (run < 258 && i + run < data.size() && data[i + run] == data[i - 1]) ++run;
    }
    if (run >= 4) {
      tokens.push_back(length_token(static_cast<int>(run)));
      i += run;
    } else {
      tokens.push_back({static_cast<uint8_t>(data[i]), 0, 0});
      ++i;
    }
  }
  tokens.push_back({256, 0, 0});
  std::vector<uint64_t> frequency(286, 0);
  for (const Token& t : tokens) ++frequency[t.symbol];
  const std::vector<int> literal_lengths = code_lengths(frequency, 15);
  const std::vector<uint32_t> literal_codes = canonical_codes(literal_lengths);

  // The code of the code lengths, without its run symbols; one distance code, for distance 1.
  std::vector<int> all = literal_lengths;
  all.push_back(1);
  std::vector<uint64_t> length_frequency(19, 0);
  for (int l : all) ++length_frequency[l];
  const std::vector<int> header_lengths = code_lengths(length_frequency, 7);
  const std::vector<uint32_t> header_codes = canonical_codes(header_lengths);
  static constexpr int kOrder[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

  BitWriter out;
  out.put(1, 1);  // the last block
  out.put(2, 2);  // dynamic codes
  out.put(286 - 257, 5);
  out.put(0, 5);
  out.put(19 - 4, 4);
  for (int i : kOrder) out.put(static_cast<uint32_t>(header_lengths[i]), 3);
  for (int l : all) out.put(header_codes[l], header_lengths[l]);
  for (const Token& t : tokens) {
    out.put(literal_codes[t.symbol], literal_lengths[t.symbol]);
    if (t.symbol > 256) {
      out.put(t.extra, t.extra_bits);
      out.put(0, 1);  // distance 1
    }
  }
  return out.finish();
}

std::string checksum(const std::string& data) {
  const uLong start = ::adler32(0, nullptr, 0);
  return image::big_endian(static_cast<uint32_t>(
      ::adler32(start, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()))));
}

uint8_t paeth(int a, int b, int c) {
  const int p = a + b - c, pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
  return static_cast<uint8_t>(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

std::string encode(const uint8_t* pixels, int width, int height, int channels) {
  const size_t row_bytes = static_cast<size_t>(width) * channels;
  std::string filtered;
  filtered.reserve((row_bytes + 1) * height);
  const std::vector<uint8_t> zero(row_bytes, 0);
  for (int y = 0; y < height; ++y) {
    const uint8_t* row = pixels + y * row_bytes;
    const uint8_t* above = y > 0 ? row - row_bytes : zero.data();
    // Masks are mostly flat: differences to the row above. Pictures: Paeth's predictor.
    filtered.push_back(channels == 1 ? 2 : 4);
    for (size_t i = 0; i < row_bytes; ++i) {
      const size_t c = static_cast<size_t>(channels);
      const int left = i >= c ? row[i - c] : 0, corner = i >= c ? above[i - c] : 0;
      const uint8_t guess = channels == 1 ? above[i] : paeth(left, above[i], corner);
      filtered.push_back(static_cast<char>(static_cast<uint8_t>(row[i] - guess)));
    }
  }
  const image::PngColour colour = channels == 1 ? image::PngColour::kGrey : image::PngColour::kRgb;
  const std::string stream = std::string("\x78\x01", 2) + deflate(filtered) + checksum(filtered);
  return image::png_start(width, height, colour) + image::png_chunk("IDAT", stream) + image::png_chunk("IEND", "");
}

}  // namespace

std::string encode_png_rgb(const image::Image& image) {
  image::require_consistent(image);
  return encode(image.rgb.data(), image.width, image.height, 3);
}

std::string encode_png_grey(const std::vector<uint8_t>& grey, int width, int height) {
  if (width < 1 || height < 1 || grey.size() != static_cast<size_t>(width) * static_cast<size_t>(height)) {
    throw InputError("a grey image of " + std::to_string(width) + "x" + std::to_string(height) +
                     " pixels cannot have " + std::to_string(grey.size()) + " bytes");
  }
  return encode(grey.data(), width, height, 1);
}

}  // namespace ccx::scenes
