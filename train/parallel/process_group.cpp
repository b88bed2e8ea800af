#include "train/parallel/process_group.h"

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#ifdef CCX_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#ifdef CCX_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "core/base/error.h"

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

// Every rank counts up in the store and looks whether the others still do. NCCL, or a machine that vanished without a
// word, leaves a collective waiting for ever; nothing but the end of the process frees it then.
class Heartbeat {
 public:
  Heartbeat(const Launch& launch, Store store)
      : launch_(launch), store_(std::move(store)), thread_([this] { run(); }) {}
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kBeat{3};
  static constexpr std::chrono::seconds kSilence{40};

  std::string key(int rank) const { return "beat/" + std::to_string(rank); }

  void run() {
    std::vector<int64_t> last(static_cast<size_t>(launch_.world), -1);
    std::vector<Clock::time_point> heard(static_cast<size_t>(launch_.world), Clock::now());
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      try {
        store_->add(key(launch_.rank), 1);
        for (int rank = 0; rank < launch_.world; ++rank) {
          const auto i = static_cast<size_t>(rank);
          const int64_t count = store_->add(key(rank), 0);
          if (count != last[i]) heard[i] = Clock::now();
          last[i] = count;
          if (Clock::now() - heard[i] > kSilence)
            give_up("rank " + std::to_string(rank) + " has been silent for 40 seconds");
        }
        failures_ = 0;
      } catch (const std::exception&) {
        // The store goes with rank 0. At the end of a run that is in order, and then this object is about to be
        // stopped.
        if (++failures_ * kBeat > kSilence / 2) give_up("the store of rank 0 cannot be reached");
      }
      lock.lock();
      wake_.wait_for(lock, kBeat, [this] { return stopping_; });
    }
  }

  void give_up(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    std::fprintf(stderr, "ccx: rank %d stops: %s. The last checkpoint is whole; go on with --resume auto.\n",
                 launch_.rank, why.c_str());
    std::fflush(stderr);
    std::_Exit(1);
  }

  Launch launch_;
  Store store_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  int failures_ = 0;
  std::thread thread_;
};

class C10dGroup : public ProcessGroup {
 public:
  C10dGroup(const Launch& launch, at::Device device, std::chrono::seconds timeout) : ProcessGroup(launch) {
    try {
      store_ = connect(launch_, launch_.rank == 0 && !launch_.agent_store, timeout);
      backend_ = make_backend(device, timeout);
      barrier();
      heartbeat_ = std::make_unique<Heartbeat>(launch_, connect(launch_, false, std::chrono::seconds(10)));
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
