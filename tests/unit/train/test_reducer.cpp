// The reducer: which buckets travel, when, in which order, and what is added up. The other rank is one that always has
// the same gradients.
#include "train/optimise/parameters.h"  // first: LibTorch has a CHECK of its own, and Catch2's must win

#include "tests/support/train.h"
#include "train/parallel/reducer.h"

using namespace ccx;
using namespace ccx::train;

namespace {

class TwinGroup : public ProcessGroup {
 public:
  explicit TwinGroup(const ParameterSet& parameters) : ProcessGroup(Launch{}), parameters_(parameters) {}
  Wait all_reduce(const at::Tensor& tensor) override {
    for (size_t i = 0; i < parameters_.buckets().size(); ++i) {
      if (parameters_.buckets()[i].grad.data_ptr() == tensor.data_ptr()) sent.push_back(i);
    }
    rest_was_empty.push_back(parameters_.buckets().back().grad.abs().sum().item<double>() == 0);
    // Done when it is waited for, as over a network.
    return [this, tensor] {
      if (fails) throw Error("rank 0 lost another rank");
      at::Tensor(tensor).mul_(2);
    };
  }
  void all_gather(const at::Tensor&, const at::Tensor&) override {}
  void barrier() override {}

  std::vector<size_t> sent;
  std::vector<bool> rest_was_empty;  // whether the last bucket had no gradient yet when one was sent
  bool fails = false;

 private:
  const ParameterSet& parameters_;
};

struct Setup {
  model::Checkpoint checkpoint{test::reference() / "tiny"};
  ParameterSet parameters;
  explicit Setup(at::ScalarType dtype = at::kFloat)
      : parameters(checkpoint.config(), checkpoint, published_stage(3), options(dtype)) {}
  static ParameterOptions options(at::ScalarType dtype) {
    ParameterOptions options;
    options.dtype = dtype;
    options.bucket_elements = 1 << 16;
    return options;
  }
  // A pass whose gradient is `value` everywhere, for the parameters of `buckets`; they arrive in that order.
  void backward(const std::vector<size_t>& buckets, double value) {
    at::Tensor loss = at::zeros({});
    // What was added last is reached first.
    for (auto bucket = buckets.rbegin(); bucket != buckets.rend(); ++bucket) {
      for (const int index : parameters.buckets()[*bucket].parameters) {
        loss = loss + parameters.all()[static_cast<size_t>(index)].value.to(at::kFloat).sum() * value;
      }
    }
    loss.backward();
  }
  std::vector<size_t> order(bool backwards = false) const {
    std::vector<size_t> all(parameters.buckets().size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = backwards ? all.size() - 1 - i : i;
    return all;
  }
  // Whether every gradient that `bucket` has room for is `value`. Beyond its parameters a bucket is padded with zeros.
  bool all_are(const Bucket& bucket, const at::Tensor& tensor, double value) const {
    int64_t filled = 0;
    for (const int index : bucket.parameters) filled += parameters.all()[static_cast<size_t>(index)].value.numel();
    return (tensor.narrow(0, 0, filled) == value).all().item<bool>();
  }
};

}  // namespace

TEST_CASE(
    "buckets travel in one order, whatever the order in which gradients arrive, the first before the last are there") {
  Setup setup;
  REQUIRE(setup.parameters.buckets().size() > 3);
  TwinGroup group(setup.parameters);
  GradientReducer reducer(setup.parameters, &group);
  const bool backwards = GENERATE(false, true);
  reducer.arm();
  setup.backward(setup.order(backwards), 3.0);
  CHECK(group.sent == setup.order());  // all of them before finish()
  CHECK(group.rest_was_empty.front() == !backwards);
  reducer.finish();
  CHECK(group.sent == setup.order());
  for (const Bucket& bucket : setup.parameters.buckets()) CHECK(setup.all_are(bucket, bucket.grad, 6.0));
}

TEST_CASE("a rank sends every bucket, also those that its pass gave no gradient, or without any pass") {
  Setup setup;
  TwinGroup group(setup.parameters);
  GradientReducer reducer(setup.parameters, &group);
  reducer.arm();
  SECTION("part of them") {
    setup.backward({1}, 3.0);
    CHECK(group.sent.empty());  // the first waits for its gradients, and the second for the first
    reducer.finish();
    CHECK(setup.all_are(setup.parameters.buckets()[1], setup.parameters.buckets()[1].grad, 6.0));
    CHECK(setup.all_are(setup.parameters.buckets()[0], setup.parameters.buckets()[0].grad, 0.0));
  }
  SECTION("none") {
    reducer.finish();
  }
  CHECK(group.sent == setup.order());
}

TEST_CASE("passes that are not armed stay at home, and their sum travels once with the one that is") {
  Setup setup;
  TwinGroup group(setup.parameters);
  GradientReducer reducer(setup.parameters, &group);
  setup.backward(setup.order(), 3.0);
  CHECK(group.sent.empty());
  reducer.arm();
  setup.backward(setup.order(), 4.0);
  reducer.finish();
  CHECK(group.sent == setup.order());
  for (const Bucket& bucket : setup.parameters.buckets()) CHECK(setup.all_are(bucket, bucket.grad, 14.0));
  setup.backward(setup.order(), 1.0);  // the next step's first: finish() has disarmed it
  CHECK(group.sent == setup.order());
}

TEST_CASE("in bfloat16 each micro-batch is added to a float32 sum and its gradient cleared") {
  Setup setup(at::kBFloat16);
  TwinGroup group(setup.parameters);
  GradientReducer reducer(setup.parameters, &group);
  for (const double value : {256.0, 1.0}) {  // 514 is no bfloat16: what is added up there would lose it
    reducer.arm();
    setup.backward(setup.order(), value);
    reducer.finish();
  }
  for (const Bucket& bucket : setup.parameters.buckets()) {
    CHECK(setup.all_are(bucket, bucket.sum, 514.0));
    CHECK(setup.all_are(bucket, bucket.grad, 0.0));
  }
}

TEST_CASE("one process sends nothing, and a rank that is lost is an error of finish()") {
  Setup setup;
  {
    GradientReducer alone(setup.parameters, nullptr);
    alone.arm();
    setup.backward(setup.order(), 3.0);
    alone.finish();
    for (const Bucket& bucket : setup.parameters.buckets()) CHECK(setup.all_are(bucket, bucket.grad, 3.0));
  }
  TwinGroup group(setup.parameters);
  group.fails = true;
  GradientReducer reducer(setup.parameters, &group);
  reducer.arm();
  setup.backward(setup.order(), 3.0);
  CHECK_THROWS_WITH(reducer.finish(), "rank 0 lost another rank");
}
