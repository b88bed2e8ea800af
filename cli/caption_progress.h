// What `ccx caption` says on stderr while it runs: a bar on a terminal, plain lines in a log, JSON lines for programs.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

#include "core/captioner/caption_job.h"

namespace ccx::cli {

enum class ProgressStyle { kBar, kLines, kJson, kNotes, kQuiet };

class ProgressPrinter : public captioner::RunObserver {
 public:
  explicit ProgressPrinter(ProgressStyle style) : style_(style) {}
  ~ProgressPrinter() override;

  void note(const std::string& message) override;
  void loading(const std::string& model) override;
  void started(std::size_t total, std::size_t done_before, const std::string& device) override;
  void advanced(std::size_t done, std::size_t failed) override;
  // The first few at once, with their reasons, in every style; finished() counts them.
  void failed(const std::string& id, const records::Failure& failure) override;

  // The last word about a run: how many, how fast, where.
  void finished(const captioner::RunSummary& summary, const std::string& out);

 private:
  bool is_silent() const { return style_ == ProgressStyle::kQuiet || style_ == ProgressStyle::kNotes; }
  using Clock = std::chrono::steady_clock;

  void show_bar(std::size_t done, std::size_t failed, double rate);
  void clear_bar();
  void print(const std::string& line);

  ProgressStyle style_;
  std::mutex mutex_;  // notes come from several threads
  std::size_t total_ = 0;
  std::size_t done_before_ = 0;
  Clock::time_point started_;
  Clock::time_point shown_;
  bool bar_on_screen_ = false;
  std::size_t new_failures_ = 0;
};

}  // namespace ccx::cli
