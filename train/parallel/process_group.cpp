#include "train/parallel/process_group.h"

#include <cstdio>
#include <cstdlib>

#ifdef CCX_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#ifdef CCX_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "core/base/error.h"
#include "core/io/messages.h"
#include "train/parallel/heartbeat.h"

namespace ccx::train {
namespace {

using Store = c10::intrusive_ptr<c10d::Store>;

// One connection to the run's store, which rank 0 (or torchrun) keeps.
Store connect(const Launch& launch, bool server, std::chrono::milliseconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(launch.master_port);
  options.isServer = server;
  options.waitWorkers = false;
  options.timeout = timeout;
  const Store store = c10::make_intrusive<c10d::TCPStore>(launch.master_address, options);
  return c10::make_intrusive<c10d::PrefixStore>("ccx/" + launch.restart, store);
}

// Nothing but the end of the process frees a collective that waits for a rank that is gone.
[[noreturn]] void end_process(int rank, const std::string& why) {
  io::say_error("rank " + std::to_string(rank) + " stops: " + why +
                ". The last checkpoint is whole; go on with --resume auto.");
  std::_Exit(1);
}

class C10dGroup : public ProcessGroup {
 public:
  C10dGroup(const Launch& launch, at::Device device, std::chrono::seconds timeout) : ProcessGroup(launch) {
    try {
      store_ = connect(launch_, launch_.rank == 0 && !launch_.agent_store, timeout);
      backend_ = make_backend(device, timeout);
      barrier();
      const Store store = connect(launch_, false, std::chrono::seconds(10));
      heartbeat_ = std::make_unique<Heartbeat>(
          launch_.rank, launch_.world,
          [store](const std::string& key, int64_t amount) { return store->add(key, amount); },
          [rank = launch_.rank](const std::string& why) { end_process(rank, why); });
    } catch (const c10::Error& error) {
      throw Error("rank " + std::to_string(launch_.rank) + " cannot join the " + std::to_string(launch_.world) +
                  " processes at " + launch_.master_address + ":" + std::to_string(launch_.master_port) + ": " +
                  error.what_without_backtrace());
    }
  }

  Wait all_reduce(const at::Tensor& tensor) override {
    return guarded([&]() -> Wait {
      std::vector<at::Tensor> tensors = {tensor};
      const c10::intrusive_ptr<c10d::Work> work = backend_->allreduce(tensors);
      // The tensor must live until the collective has ended.
      return [this, work, tensor] { guarded([&] { work->wait(); }); };
    });
  }

  void all_gather(const at::Tensor& output, const at::Tensor& input) override {
    guarded([&] {
      at::Tensor out = output;
      at::Tensor in = input.clone();  // `input` may lie inside `output`
      backend_->_allgather_base(out, in)->wait();
    });
  }

  void barrier() override {
    guarded([&] { backend_->barrier()->wait(); });
  }

 private:
  c10::intrusive_ptr<c10d::Backend> make_backend(at::Device device, std::chrono::seconds timeout) {
    if (device.is_cuda()) {
#ifdef CCX_NCCL
      auto options = c10d::ProcessGroupNCCL::Options::create();
      options->timeout = timeout;
      return c10::make_intrusive<c10d::ProcessGroupNCCL>(store_, launch_.rank, launch_.world, options);
#else
      throw UsageError("this build has no NCCL: it was built against a LibTorch without CUDA, or nccl.h was not found");
#endif
    }
#ifdef CCX_GLOO
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
    const bool loopback = launch_.master_address == "127.0.0.1" || launch_.master_address == "localhost";
    options->devices.push_back(interface != nullptr ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                               : loopback           ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                                    : c10d::ProcessGroupGloo::createDefaultDevice());
    return c10::make_intrusive<c10d::ProcessGroupGloo>(store_, launch_.rank, launch_.world, options);
#else
    (void)timeout;
    throw UsageError("this build has no Gloo: install libgloo-dev and configure again, or train in one process");
#endif
  }

  // LibTorch's and Gloo's exceptions become one that says what happened.
  template <typename Body>
  auto guarded(const Body& body) -> decltype(body()) {
    try {
      return body();
    } catch (const Error&) {
      throw;
    } catch (const c10::Error& error) {
      throw lost(error.what_without_backtrace());
    } catch (const std::exception& error) {
      throw lost(error.what());
    }
  }

  Error lost(const std::string& reason) const {
    return Error("rank " + std::to_string(launch_.rank) + " lost another rank (" + reason.substr(0, reason.find('\n')) +
                 "). The last checkpoint is whole; go on with --resume auto");
  }

  Store store_;
  c10::intrusive_ptr<c10d::Backend> backend_;
  std::unique_ptr<Heartbeat> heartbeat_;
};

}  // namespace

std::unique_ptr<ProcessGroup> ProcessGroup::join(const Launch& launch, at::Device device,
                                                 std::chrono::seconds timeout) {
  return std::make_unique<C10dGroup>(launch, device, timeout);
}

}  // namespace ccx::train
