#include "core/torch/block_cache.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <bit>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace ccx::torch_backend {
namespace {

constexpr std::size_t kLarge = std::size_t{1} << 20;

// Eight sizes to a doubling: at most an eighth of a block is unused.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = std::bit_floor(bytes) / 8;
  return (bytes + step - 1) / step * step;
}

class BlockCache final : public c10::Allocator {
 public:
  BlockCache(c10::Allocator& system, std::size_t keep_bytes) : system_(system), keep_bytes_(keep_bytes) {}

  c10::DataPtr allocate(std::size_t bytes) override {
    if (bytes < kLarge) return system_.allocate(bytes);
    const std::size_t size = rounded(bytes);
    void* block = take(size);
    if (block == nullptr) block = system_.raw_allocate(size);
    remember(block, size);
    return {block, block, &BlockCache::give_back, c10::Device(c10::kCPU)};
  }

  // Blocks of any size come back here: small ones are the system's.
  c10::DeleterFnPtr raw_deleter() const override { return &BlockCache::give_back; }

  void copy_data(void* to, const void* from, std::size_t count) const override { default_copy_data(to, from, count); }

  static BlockCache* instance;

 private:
  void* take(std::size_t size) {
    const std::lock_guard lock(mutex_);
    const auto found = idle_.find(size);
    if (found == idle_.end()) return nullptr;
    void* block = found->second;
    idle_.erase(found);
    idle_bytes_ -= size;
    return block;
  }

  void remember(void* block, std::size_t size) {
    const std::lock_guard lock(mutex_);
    sizes_[block] = size;
  }

  static void give_back(void* block) {
    BlockCache& cache = *instance;
    {
      const std::lock_guard lock(cache.mutex_);
      const auto found = cache.sizes_.find(block);
      if (found != cache.sizes_.end()) {
        const std::size_t size = found->second;
        cache.sizes_.erase(found);
        if (cache.idle_bytes_ + size <= cache.keep_bytes_) {
          cache.idle_.emplace(size, block);
          cache.idle_bytes_ += size;
          return;
        }
      }
    }
    cache.system_.raw_deallocate(block);
  }

  c10::Allocator& system_;
  std::size_t keep_bytes_;
  std::mutex mutex_;
  std::multimap<std::size_t, void*> idle_;
  std::unordered_map<void*, std::size_t> sizes_;  // of the blocks in use
  std::size_t idle_bytes_ = 0;
};

BlockCache* BlockCache::instance = nullptr;

}  // namespace

void keep_large_blocks(std::size_t keep_bytes) {
  if (BlockCache::instance != nullptr) return;
  // Never freed: tensors may outlive everything else.
  BlockCache::instance = new BlockCache(*c10::GetCPUAllocator(), keep_bytes);
  c10::SetCPUAllocator(BlockCache::instance, /*priority=*/1);
}

}  // namespace ccx::torch_backend
