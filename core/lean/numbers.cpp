#include "core/lean/numbers.h"

#include <array>
#include <bit>

namespace ccx::lean {
namespace {

// By powers of two; smaller and larger blocks come from the system.
constexpr std::size_t kLeastBits = 12, kMostBits = 26;
constexpr std::size_t kIdleOfASize = 8;

class Blocks {
 public:
  ~Blocks() {
    alive() = nullptr;
    for (auto& blocks : idle_) {
      for (void* block : blocks) ::operator delete(block);
    }
  }

  // This thread's; null once it ends.
  static Blocks*& alive() {
    static thread_local Blocks* blocks = nullptr;
    return blocks;
  }
  static Blocks* own() {
    static thread_local bool begun = false;
    if (!begun) {
      begun = true;
      static thread_local Blocks blocks;
      alive() = &blocks;
    }
    return alive();
  }

  void* take(std::size_t bits) {
    std::vector<void*>& blocks = idle_[bits - kLeastBits];
    if (blocks.empty()) return nullptr;
    void* block = blocks.back();
    blocks.pop_back();
    return block;
  }
  bool keep(void* block, std::size_t bits) noexcept {
    std::vector<void*>& blocks = idle_[bits - kLeastBits];
    if (blocks.size() == blocks.capacity()) return false;
    blocks.push_back(block);
    return true;
  }

 private:
  Blocks() {
    for (auto& blocks : idle_) blocks.reserve(kIdleOfASize);
  }

  std::array<std::vector<void*>, kMostBits - kLeastBits + 1> idle_;
};

// The power of two that holds so many bytes.
std::size_t bits_of(std::size_t bytes) {
  return static_cast<std::size_t>(std::bit_width(bytes - 1));
}
bool is_kept(std::size_t bytes) {
  return bytes > (std::size_t{1} << (kLeastBits - 1)) && bytes <= (std::size_t{1} << kMostBits);
}

}  // namespace

void* take_block(std::size_t bytes) {
  if (!is_kept(bytes)) return ::operator new(bytes);
  const std::size_t bits = bits_of(bytes);
  if (Blocks* blocks = Blocks::own()) {
    if (void* block = blocks->take(bits)) return block;
  }
  return ::operator new (std::size_t{1} << bits);
}

void give_block(void* block, std::size_t bytes) noexcept {
  Blocks* blocks = is_kept(bytes) ? Blocks::own() : nullptr;
  if (blocks == nullptr || !blocks->keep(block, bits_of(bytes))) ::operator delete(block);
}

}  // namespace ccx::lean
