// Reads who this process is from its environment, and the small conversations built from collectives.
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "core/base/error.h"
#include "train/parallel/process_group.h"

namespace ccx::train {
namespace {

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

int number(const char* name, int fallback) {
  const char* text = variable(name);
  if (text == nullptr) return fallback;
  int value = 0;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
  if (error != std::errc() || *end != '\0' || value < 0) {
    throw UsageError(std::string("the environment variable ") + name + " is \"" + text + "\", not a number");
  }
  return value;
}

}  // namespace

Launch Launch::from_environment() {
  Launch launch;
  if (variable("RANK") != nullptr || variable("WORLD_SIZE") != nullptr) {
    launch.rank = number("RANK", -1);
    launch.world = number("WORLD_SIZE", -1);
    launch.local_rank = number("LOCAL_RANK", launch.rank);
    if (launch.rank < 0 || launch.world < 1) throw UsageError("RANK and WORLD_SIZE must both be set");
  } else if (variable("SLURM_PROCID") != nullptr && number("SLURM_NTASKS", 1) > 1) {
    launch.rank = number("SLURM_PROCID", 0);
    launch.world = number("SLURM_NTASKS", 1);
    launch.local_rank = number("SLURM_LOCALID", 0);
  }
  if (launch.rank >= launch.world) {
    throw UsageError("rank " + std::to_string(launch.rank) + " of " + std::to_string(launch.world) +
                     " processes: ranks count from 0");
  }
  if (launch.world == 1) return launch;
  if (variable("MASTER_ADDR") != nullptr) {
    launch.master_address = variable("MASTER_ADDR");
  } else if (variable("SLURM_LAUNCH_NODE_IPADDR") != nullptr) {
    launch.master_address = variable("SLURM_LAUNCH_NODE_IPADDR");
  } else {
    throw UsageError(
        "MASTER_ADDR must name the machine of rank 0 (torchrun sets it; examples/cluster has a Slurm script)");
  }
  launch.master_port = number("MASTER_PORT", 29500);
  const char* agent = variable("TORCHELASTIC_USE_AGENT_STORE");
  launch.agent_store = agent != nullptr && std::string(agent) == "True";
  if (variable("TORCHELASTIC_RESTART_COUNT") != nullptr) launch.restart = variable("TORCHELASTIC_RESTART_COUNT");
  return launch;
}

std::vector<double> ProcessGroup::sum(const std::vector<double>& values, at::Device device) {
  const auto count = static_cast<int64_t>(values.size());
  at::Tensor tensor = at::empty({count}, at::TensorOptions().dtype(at::kDouble));
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<double>());
  tensor = tensor.to(device);
  all_reduce(tensor)();
  tensor = tensor.to(at::kCPU);
  return {tensor.const_data_ptr<double>(), tensor.const_data_ptr<double>() + count};
}

std::vector<std::string> ProcessGroup::gather(const std::string& text, at::Device device) {
  std::vector<double> sizes(static_cast<size_t>(world()), 0.0);
  sizes[static_cast<size_t>(rank())] = static_cast<double>(text.size());
  sizes = sum(sizes, device);
  size_t longest = 1;
  for (const double size : sizes) longest = std::max(longest, static_cast<size_t>(size));
  at::Tensor mine = at::zeros({static_cast<int64_t>(longest)}, at::TensorOptions().dtype(at::kByte));
  std::memcpy(mine.mutable_data_ptr<uint8_t>(), text.data(), text.size());
  const at::Tensor all = at::empty({static_cast<int64_t>(longest) * world()}, mine.options().device(device));
  all_gather(all, mine.to(device));
  const at::Tensor host = all.to(at::kCPU);
  std::vector<std::string> texts;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const uint8_t* begin = host.const_data_ptr<uint8_t>() + i * longest;
    texts.emplace_back(reinterpret_cast<const char*>(begin), static_cast<size_t>(sizes[i]));
  }
  return texts;
}

}  // namespace ccx::train
