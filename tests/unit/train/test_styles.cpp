// Features that take on another picture's tones in training.
#include "tests/support/train.h"

using namespace ccx;
using namespace ccx::train;
using torch_backend::unwrap;
using torch_backend::wrap;

namespace {

// Pictures whose channels have means and deviations of their own.
at::Tensor pictures() {
  const int64_t count = 6, channels = 3;
  const at::Tensor step = at::arange(count * channels, at::kFloat).view({count, channels, 1, 1});
  return at::randn({count, channels, 8, 8}) * (1.0 + 0.1 * step) + step;
}

at::Tensor level(const at::Tensor& x) {
  return x.mean({2, 3}, true);
}
at::Tensor spread(const at::Tensor& x) {
  return x.std({2, 3}, false, true);
}

struct Setup {
  model::Checkpoint checkpoint{test::reference() / "tiny"};
  ParameterSet parameters{checkpoint.config(), checkpoint, published_stage(3), {}};
  TrainModel model{checkpoint.config(), parameters, 0, false};
};

}  // namespace

TEST_CASE("features take on moments between their own and another picture's, and keep what the picture shows") {
  Setup setup;
  const at::Tensor x = pictures();
  setup.model.ops().mix_styles(1.0, 7);
  const at::Tensor mixed = unwrap(setup.model.ops().restyle(wrap(x)));
  // What is left without mean and deviation is the same; float32 loses some 1e-6 of numbers below 50.
  CHECK(at::allclose((mixed - level(mixed)) / spread(mixed), (x - level(x)) / spread(x), 1e-3, 1e-4));
  int moved = 0;
  for (int64_t i = 0; i < x.size(0); ++i) {
    // Of some partner and share, the same in all channels and for both moments.
    bool explained = false;
    for (int64_t j = 0; j < x.size(0) && !explained; ++j) {
      const at::Tensor towards = level(x)[j] - level(x)[i], gone = level(mixed)[i] - level(x)[i];
      const double share = j == i ? 0.0 : (gone.sum() / towards.sum()).item<double>();
      if (share < -1e-4 || share > 1.0 + 1e-4) continue;
      explained = at::allclose(gone, share * towards, 1e-3, 1e-3) &&
                  at::allclose(spread(mixed)[i], (1 - share) * spread(x)[i] + share * spread(x)[j], 1e-3, 1e-3);
      if (explained && share > 0.01) ++moved;
    }
    CHECK(explained);
  }
  CHECK(moved > 0);
}

TEST_CASE("styles are mixed where they are asked for alone, by their seed") {
  Setup setup;
  TrainOps& ops = setup.model.ops();
  const at::Tensor x = pictures();
  CHECK(unwrap(ops.restyle(wrap(x))).equal(x));
  const auto mixed = [&](double share, uint64_t seed) {
    ops.mix_styles(share, seed);
    return unwrap(ops.restyle(wrap(x)));
  };
  const at::Tensor first = mixed(1.0, 7);
  CHECK_FALSE(first.equal(x));
  CHECK(unwrap(ops.restyle(wrap(x))).equal(first) == false);  // another place in the graph draws anew
  CHECK(mixed(1.0, 7).equal(first));
  CHECK_FALSE(mixed(1.0, 8).equal(first));
  CHECK(at::allclose(mixed(0.0, 7), x, 1e-5, 1e-5));
  ops.styles_rest();
  CHECK(unwrap(ops.restyle(wrap(x))).equal(x));
}
