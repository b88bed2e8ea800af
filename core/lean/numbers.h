// Vectors whose numbers are written before they are read, in memory that is used again: a pair needs some hundred maps
// of megabytes, which the system would hand out and take back, cleared, each time.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace ccx::lean {

// Blocks of memory that a thread has had and will want again. Those that lie idle are bounded.
void* take_block(std::size_t bytes);
void give_block(void* block, std::size_t bytes) noexcept;

template <class T>
struct Reused {
  using value_type = T;
  Reused() = default;
  template <class U>
  Reused(const Reused<U>&) {}  // NOLINT(google-explicit-constructor): as allocators are

  T* allocate(std::size_t count) { return static_cast<T*>(take_block(count * sizeof(T))); }
  void deallocate(T* block, std::size_t count) noexcept { give_block(block, count * sizeof(T)); }
  // A vector that is made or grows without values has none.
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Values>
  void construct(U* place, Values&&... values) {
    ::new (static_cast<void*>(place)) U(std::forward<Values>(values)...);
  }
  friend bool operator==(const Reused&, const Reused&) { return true; }
};

template <class T>
using Fresh = std::vector<T, Reused<T>>;
using Numbers = Fresh<float>;

}  // namespace ccx::lean
