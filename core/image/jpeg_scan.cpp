// Walks the blocks of a sequential JPEG through its Huffman codes (jpeg_scan.h; names are those of ITU T.81).
#include "core/image/jpeg_scan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/image/byte_reader.h"
#include "core/image/jpeg_markers.h"

namespace ccx::image {
namespace {

constexpr int kFastBits = 9;
// Of a block's mean, times eight: 8-bit samples reach 1024. Encoders that sharpen or round upwards go beyond a little.
constexpr int kLargestMean = 1536;

struct HuffmanTable {
  std::array<uint16_t, 1 << kFastBits>
      fast{};                         // length << 8 | symbol of the code that begins with these bits; 0: longer
  std::array<int32_t, 18> largest{};  // code of each length, left-aligned in 16 bits, +1; 17: beyond all
  std::array<int32_t, 17> offset{};   // of a code's symbol, less the code
  std::array<uint8_t, 256> symbols{};
  bool is_there = false;
};

HuffmanTable table_of(const ByteReader& in, uint64_t at, int& count) {
  HuffmanTable table;
  count = 0;
  for (int length = 1; length <= 16; ++length) count += in.u8(at + static_cast<uint64_t>(length) - 1);
  if (count > 256) return table;
  for (int i = 0; i < count; ++i) {
    table.symbols[static_cast<std::size_t>(i)] = in.u8(at + 16 + static_cast<uint64_t>(i));
  }
  int32_t code = 0;
  int32_t symbol = 0;
  for (int length = 1; length <= 16; ++length) {
    const auto l = static_cast<std::size_t>(length);
    const int codes = in.u8(at + l - 1);
    if (code + codes > 1 << length) return table;
    table.offset[l] = symbol - code;
    for (int i = 0; i < codes; ++i, ++code, ++symbol) {
      if (length > kFastBits) continue;
      const auto first = static_cast<std::size_t>(code) << (kFastBits - length);
      const auto entry = static_cast<uint16_t>(length << 8 | table.symbols[static_cast<std::size_t>(symbol)]);
      std::fill_n(table.fast.begin() + static_cast<std::ptrdiff_t>(first), 1 << (kFastBits - length), entry);
    }
    table.largest[l] = code << (16 - length);
    code <<= 1;
  }
  table.largest[17] = 1 << 16;
  table.is_there = true;
  return table;
}

// The bits of a scan, without the zeros stuffed behind 0xff. Behind a marker there are zeros, which are counted.
class Bits {
 public:
  Bits(std::string_view file, std::size_t at) : file_(file), at_(at) {}

  bool ended() const { return count_ < made_up_; }  // bits were used that are not there
  // Behind it another 16 bits are there to be dropped.
  uint32_t peek16() {
    if (count_ < 32) fill();
    return static_cast<uint32_t>(bits_ >> (count_ - 16)) & 0xffff;
  }
  void drop(int bits) { count_ -= bits; }
  int32_t take(int bits) {
    const auto value = static_cast<int32_t>(peek16() >> (16 - bits));
    drop(bits);
    return value;
  }
  // To the data behind the next marker. False where it is another than `marker`.
  bool restart(uint8_t marker) {
    while (at_ + 1 < file_.size() && (byte(at_) != 0xff || byte(at_ + 1) == 0)) ++at_;
    while (at_ + 2 < file_.size() && byte(at_ + 1) == 0xff) ++at_;
    if (at_ + 1 >= file_.size() || byte(at_ + 1) != marker) return false;
    at_ += 2;
    bits_ = 0;
    count_ = made_up_ = 0;
    return true;
  }

 private:
  uint8_t byte(std::size_t at) const { return static_cast<uint8_t>(file_[at]); }
  void fill() {
    if (at_ + 8 <= file_.size()) {
      uint64_t next = 0;
      for (std::size_t i = 0; i < 8; ++i) next = next << 8 | byte(at_ + i);
      const bool has_ff = ((~next - 0x0101010101010101) & next & 0x8080808080808080) != 0;
      if (!has_ff) {
        const int bytes = (64 - count_) / 8;
        if (bytes < 8) {
          bits_ = bits_ << (8 * bytes) | next >> (64 - 8 * bytes);
        } else {
          bits_ = next;
        }
        count_ += 8 * bytes;
        at_ += static_cast<std::size_t>(bytes);
        return;
      }
    }
    for (; count_ <= 48; count_ += 8) {
      uint8_t next = 0;
      const bool is_data = at_ < file_.size() && (byte(at_) != 0xff || (at_ + 1 < file_.size() && byte(at_ + 1) == 0));
      if (is_data) {
        next = byte(at_);
        at_ += next == 0xff ? 2 : 1;
      } else {
        made_up_ += 8;
      }
      bits_ = bits_ << 8 | next;
    }
  }

  std::string_view file_;
  std::size_t at_;
  uint64_t bits_ = 0;  // the last `count_` of them are to come
  int count_ = 0;
  int made_up_ = 0;
};

// The next code's symbol; -1 where the bits are none.
int symbol_of(Bits& bits, const HuffmanTable& table) {
  const uint32_t next = bits.peek16();
  if (const uint16_t entry = table.fast[next >> (16 - kFastBits)]; entry != 0) {
    bits.drop(entry >> 8);
    return entry & 255;
  }
  std::size_t length = kFastBits + 1;
  while (static_cast<int32_t>(next) >= table.largest[length]) ++length;
  if (length > 16) return -1;
  bits.drop(static_cast<int>(length));
  const int32_t at = static_cast<int32_t>(next >> (16 - length)) + table.offset[length];
  return at >= 0 && at < 256 ? table.symbols[static_cast<std::size_t>(at)] : -1;
}

struct Component {
  int id = 0;
  int across = 1;  // sampling factors
  int down = 1;
  int quantisation = 0;
  const HuffmanTable* dc = nullptr;  // of the scan
  const HuffmanTable* ac = nullptr;
  int mean = 0;  // of the last block, quantised
};

class Walk {
 public:
  explicit Walk(std::string_view file) : file_(file), in_(file, Endian::kBig) {}

  bool is_possible() {
    for (uint64_t at = 2; in_.u8(at + 1) != 0xd9;) {
      const uint8_t marker = in_.u8(at + 1);
      const uint64_t body = at + 4;
      const uint64_t end = at + 2 + in_.u16(at + 2);
      at = end;
      if (marker == 0xc4) read_codes(body, end);
      if (marker == 0xdb) read_quantisation(body, end);
      if (marker == 0xdd) restart_interval_ = in_.u16(body);
      if (is_frame(marker)) {
        if (marker > 0xc1) return true;  // progressive or arithmetic
        read_frame(body);
      }
      if (marker != 0xda) continue;
      std::vector<Component> parts = scan_components(body);
      if (parts.empty()) return true;  // which is not what libjpeg reads
      if (!walk_scan(parts, static_cast<std::size_t>(end))) return false;
      at = marker_behind(end);
    }
    return true;
  }

 private:
  // The first that is no restart.
  uint64_t marker_behind(uint64_t at) const {
    for (;; ++at) {
      at = std::min(file_.find('\xff', at), file_.size());
      const uint8_t marker = in_.u8(at + 1);
      if (marker != 0 && marker != 0xff && !is_restart(marker)) return at;
    }
  }

  void read_codes(uint64_t at, uint64_t end) {
    while (at + 17 <= end) {
      int count = 0;
      const uint8_t place = in_.u8(at);
      tables_[(place >> 4 & 1) * 4 + (place & 3)] = table_of(in_, at + 1, count);
      at += 17 + static_cast<uint64_t>(count);
    }
  }

  void read_quantisation(uint64_t at, uint64_t end) {
    while (at + 65 <= end) {
      const bool wide = in_.u8(at) >> 4 != 0;
      steps_[in_.u8(at) & 3] = wide ? in_.u16(at + 1) : in_.u8(at + 1);
      at += wide ? 129 : 65;
    }
  }

  void read_frame(uint64_t at) {
    height_ = in_.u16(at + 1);
    width_ = in_.u16(at + 3);
    for (uint64_t i = 0; i < in_.u8(at + 5); ++i) {
      const uint64_t each = at + 6 + 3 * i;
      const uint8_t factors = in_.u8(each + 1);
      components_.push_back({in_.u8(each), factors >> 4, factors & 15, in_.u8(each + 2) & 3});
      most_across_ = std::max(most_across_, factors >> 4);
      most_down_ = std::max(most_down_, factors & 15);
    }
  }

  // Empty where a component or its tables are not there.
  std::vector<Component> scan_components(uint64_t at) {
    std::vector<Component> parts;
    for (uint64_t i = 0; i < in_.u8(at); ++i) {
      const auto found = std::find_if(components_.begin(), components_.end(),
                                      [&](const Component& one) { return one.id == in_.u8(at + 1 + 2 * i); });
      if (found == components_.end() || found->across < 1 || found->down < 1) return {};
      Component part = *found;
      const uint8_t tables = in_.u8(at + 2 + 2 * i);
      part.dc = &tables_[tables >> 4 & 3];
      part.ac = &tables_[4 + (tables & 3)];
      if (!part.dc->is_there || !part.ac->is_there) return {};
      parts.push_back(part);
    }
    return parts;
  }

  int64_t units(const std::vector<Component>& parts) const {
    const auto up = [](int64_t a, int64_t b) { return (a + b - 1) / b; };
    if (parts.size() > 1) return up(width_, int64_t{8} * most_across_) * up(height_, int64_t{8} * most_down_);
    return up(up(int64_t{width_} * parts[0].across, most_across_), 8) *
           up(up(int64_t{height_} * parts[0].down, most_down_), 8);
  }

  bool walk_scan(std::vector<Component>& parts, std::size_t at) const {
    Bits bits(file_, at);
    const int64_t count = units(parts);
    const bool alone = parts.size() == 1;
    int restarts = 0;
    for (int64_t unit = 0; unit < count; ++unit) {
      if (restart_interval_ > 0 && unit > 0 && unit % restart_interval_ == 0) {
        if (!bits.restart(static_cast<uint8_t>(0xd0 + (restarts++ & 7)))) return false;
        for (Component& part : parts) part.mean = 0;
      }
      for (Component& part : parts) {
        const int blocks = alone ? 1 : part.across * part.down;
        for (int i = 0; i < blocks; ++i) {
          if (!walk_block(bits, part)) return false;
        }
      }
      if (bits.ended()) return false;
    }
    return true;
  }

  bool walk_block(Bits& bits, Component& part) const {
    const int size = symbol_of(bits, *part.dc);
    if (size < 0 || size > 11) return false;
    if (size > 0) {
      const int value = bits.take(size);
      part.mean += value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
      const int step = steps_[static_cast<std::size_t>(part.quantisation)];
      if (static_cast<int64_t>(std::abs(part.mean)) * step > kLargestMean + step) return false;
    }
    for (int k = 1; k < 64; ++k) {
      const int symbol = symbol_of(bits, *part.ac);
      if (symbol < 0) return false;
      const int run = symbol >> 4;
      const int bits_of_value = symbol & 15;
      if (bits_of_value == 0 && run != 15) return run == 0;  // the end of the block
      k += run;
      if (k > 63) return false;
      bits.drop(bits_of_value);
    }
    return true;
  }

  std::string_view file_;
  ByteReader in_;
  std::array<HuffmanTable, 8> tables_;  // four of means, four of the other coefficients
  std::array<int, 4> steps_{};          // of the mean
  std::vector<Component> components_;
  int restart_interval_ = 0;
  int width_ = 0;
  int height_ = 0;
  int most_across_ = 1;
  int most_down_ = 1;
};

}  // namespace

bool is_possible_jpeg_data(std::string_view file) {
  return Walk(file).is_possible();
}

}  // namespace ccx::image
