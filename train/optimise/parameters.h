// The parameters of a training run: leaves of autograd that lie in flat buckets, one optimiser group a bucket.
//
//   bucket.value   [n]  what the graph computes with (float32, or bfloat16)   <- every leaf is a view into it
//   bucket.grad    [n]  the same dtype                                        <- so is every leaf's gradient
//   bucket.master  [s]  float32 values   } of this rank's share of the bucket, all of it without sharding;
//   bucket.sum     [s]  float32 gradient } in float32 training these two are views of `value` and `grad`
//
// Flat buckets are what makes the rest cheap: one optimiser call and one all-reduce a bucket instead of one a tensor.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/graph/weights.h"
#include "core/model/config.h"
#include "core/torch/torch_ops.h"
#include "train/optimise/stages.h"

namespace ccx::train {

// The names of live_parameters(config) in the order in which the graph first reads them.
std::vector<std::string> parameter_order(const model::ModelConfig& config);

// Parameters that share a rate and a decay.
struct Group {
  bool tower = false;
  bool decays = true;
  friend bool operator==(const Group&, const Group&) = default;
};

struct Parameter {
  std::string name;
  Shape shape;
  bool trainable = false;  // and read by the graph: dead weights never get a gradient
  bool saved = true;       // with the model; heads of auxiliary losses are in the training state alone
  int bucket = -1;         // of a trainable one
  int64_t offset = 0;      // in its bucket
  at::Tensor value;        // what the graph reads; a leaf that requires grad where trainable
};

struct Bucket {
  Group group;
  int64_t size = 0;             // elements, padded to a multiple of the number of shards
  std::vector<int> parameters;  // indices into ParameterSet::all(), in the order in which their gradients arrive
  at::Tensor value, grad;       // [size]
  int64_t shard_begin = 0;      // this rank's elements
  int64_t shard_size = 0;
  at::Tensor master, sum;  // [shard_size], float32
};

struct ParameterOptions {
  at::Device device = at::kCPU;
  at::ScalarType dtype = at::kFloat;   // of computation; the masters are float32 whatever it is
  int shards = 1;                      // ranks that the optimiser's work is spread over
  int shard = 0;                       // which of them this is
  int64_t bucket_elements = 6 << 20;   // 24 MB of float32 gradients travel at once
  std::map<std::string, Shape> heads;  // trained along with the model, not part of it
  uint64_t head_seed = 0;              // that they are made from
};

class ParameterSet : public torch_backend::ParameterStore {
 public:
  // Reads every live and dead weight of `config` from `source`. Throws CheckpointError naming a tensor that is missing,
  // misshapen or not finite.
  ParameterSet(const model::ModelConfig& config, const WeightSource& source, const Stage& stage,
               const ParameterOptions& options);

  at::Tensor get(const std::string& name, const Shape& shape) override;

  const std::vector<Parameter>& all() const { return parameters_; }
  std::vector<Bucket>& buckets() { return buckets_; }
  const std::vector<Bucket>& buckets() const { return buckets_; }
  const ParameterOptions& options() const { return options_; }
  const Parameter& at(const std::string& name) const;
  int64_t trainable_elements() const;

  void zero_gradients();
  // Adds bucket.grad to bucket.sum and clears it; nothing to do in float32, where they are one. Call it once a
  // micro-batch, after the gradient has been averaged over the ranks.
  void accumulate(Bucket& bucket);
  // After a step: the rank's masters become its part of bucket.value.
  void publish(Bucket& bucket);
  // The float32 value of a parameter on the host. Not of a sharded bfloat16 run, whose masters are elsewhere: there it
  // is the bfloat16 value.
  at::Tensor host_value(const Parameter& parameter) const;

 private:
  void read(const model::ModelConfig& config, const WeightSource& source, const Stage& stage);
  void make_buckets();

  ParameterOptions options_;
  std::vector<Parameter> parameters_;
  std::map<std::string, int> index_;
  std::vector<Bucket> buckets_;
};

}  // namespace ccx::train
