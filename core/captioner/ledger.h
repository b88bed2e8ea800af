// What has become of each pair of a run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/captioner/run_info.h"

namespace ccx::captioner {

// Which pairs have their record, in which order these lie in the file, and how they came out.
class Ledger {
 public:
  explicit Ledger(std::size_t pairs) : done_(pairs, false) {}

  // The next line of the file is of pair `index`; `error`: its code, "" for a caption.
  void add(std::size_t index, const std::string& error) {
    done_[index] = true;
    file_order_.push_back(index);
    if (error.empty()) {
      ++captioned_;
    } else {
      ++errors_[error];
      ++failed_;
    }
  }
  void warn(const std::string& code) { ++warnings_[code]; }

  bool has_work() const { return std::find(done_.begin(), done_.end(), false) != done_.end(); }
  const std::vector<bool>& done() const { return done_; }
  std::size_t records() const { return file_order_.size(); }
  std::size_t failed() const { return failed_; }
  const std::map<std::string, std::size_t>& warnings() const { return warnings_; }

  // The order that the file should have is that of the pairs.
  bool is_in_order() const { return std::is_sorted(file_order_.begin(), file_order_.end()); }
  const std::vector<std::size_t>& sort() {
    std::sort(file_order_.begin(), file_order_.end());
    return file_order_;
  }

  void count_into(RunInfo& info) const {
    info.captioned = captioned_;
    info.errors = errors_;
    info.warnings = warnings_;
  }

 private:
  std::vector<bool> done_;
  std::vector<std::size_t> file_order_;  // which pair each line of the file is of
  std::size_t captioned_ = 0;
  std::size_t failed_ = 0;
  std::map<std::string, std::size_t> errors_, warnings_;  // by code
};

}  // namespace ccx::captioner
