#include "train/run/ranks.h"

#include <cstdio>
#include <vector>

#include "core/io/messages.h"
#include "core/torch/device.h"

namespace ccx::train {
namespace {

// Each rank its own GPU. Where the launcher shows a process one GPU alone, that is cuda:0 whatever its local rank.
at::Device device_of(const TrainOptions& options, const Launch& launch) {
  const at::Device first = torch_backend::resolve_devices(options.device).front();
  const bool chosen = options.device != "auto" && options.device != "cuda";
  if (launch.world == 1 || chosen || !first.is_cuda()) return first;
  const std::vector<at::Device> all = torch_backend::resolve_devices("cuda:all");
  return all[static_cast<size_t>(launch.local_rank) % all.size()];
}

}  // namespace

Ranks::Ranks(const TrainOptions& options)
    : launch_(Launch::from_environment()),
      device_(device_of(options, launch_)),
      dtype_(torch_backend::resolve_dtype(options.dtype, device_)) {}

void Ranks::join(std::chrono::seconds timeout) {
  if (launch_.world > 1) group_ = ProcessGroup::join(launch_, device_, timeout);
}

void Ranks::say(const std::string& text) const {
  if (leads()) io::say_progress(text);
}

void Ranks::barrier() const {
  if (group_) group_->barrier();
}

std::string Ranks::share(const std::string& text) const {
  return group_ ? group_->gather(text, device_).front() : text;
}

}  // namespace ccx::train
