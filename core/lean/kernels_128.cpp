// Vectors of 128 bits, as WebAssembly and every x86-64 and ARM processor have them.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/clones.h"
#include "core/base/exponential.h"
#include "core/lean/blocks.h"
#include "core/lean/kernels.h"
#include "core/lean/vectors.h"

namespace ccx::lean {
namespace {

struct Isa {
  static constexpr std::int64_t kLanes = 4, kPanel = 8;
  static constexpr int kRegisters = 14;
  static constexpr int kRows = 4, kPanels = 1;
  using F = F4;
  using I = I4;
  using U = U4;
  using S = S8;
  static F least(F a, F b) { return lean::least(a, b); }
  static F most(F a, F b) { return lean::most(a, b); }
  static F every(const float* value) { return lean::all_of(value); }
  static S pairs_of(const std::int16_t* pair) { return lean::pairs_of(pair); }
  static I add_dot(I sum, S a, S b) { return sum + dot(a, b); }
  static void store_narrowed(std::int16_t* to, I low, I high) { store(to, narrowed(low, high)); }
};

#include "core/lean/kernels.inc"

}  // namespace

extern const Kernels kKernels128;
const Kernels kKernels128 = kKernels;

}  // namespace ccx::lean
