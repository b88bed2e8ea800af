// What `ccx caption` says on stderr while it runs.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>

#include "cli/pair_progress.h"
#include "core/captioner/caption_job.h"

namespace ccx::cli {

class CaptionProgress : public captioner::RunObserver {
 public:
  // With `notes_alone` neither progress nor results are said: who asks for one caption wants to read nothing else, but
  // what is wrong.
  explicit CaptionProgress(bool notes_alone = false) : notes_alone_(notes_alone) {}

  void note(const std::string& message) override;
  void loading(const std::string& model) override;
  void started(std::size_t total, std::size_t done_before, const std::string& device) override;
  void advanced(std::size_t done, std::size_t failed) override;
  // The first few at once, with their reasons, however quiet; finished() counts them.
  void failed(const std::string& id, const records::Failure& failure) override;

  // The last word about a run: how many, how fast, where.
  void finished(const captioner::RunSummary& summary, const std::string& out);

 private:
  bool notes_alone_;
  std::mutex mutex_;  // they come from several threads
  PairProgress progress_;
  std::size_t new_failures_ = 0;
};

}  // namespace ccx::cli
