// Which ids a merged file should hold, and in which order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/captioner/merge.h"
#include "core/captioner/merge_files.h"

namespace ccx::captioner {

class MergeOrder {
 public:
  // Finds the pairs of the input that was named, or of the one the sidecars name if that is still what it was, in its
  // order and as far as the runs' --limit went.
  MergeOrder(const MergeJob& job, const MergeFiles& files);

  // What the input holds and the files do not, for the end of a message.
  std::string missing() const;
  // Of the merged file. Throws InputError where the files hold other pairs than the input, or nobody knows an order.
  std::vector<std::string> ids() const;

 private:
  std::vector<std::string> absent() const;
  void require_the_same() const;
  std::string input_name() const;

  const MergeJob& job_;
  const MergeFiles& files_;
  std::optional<std::vector<std::string>> expected_;
};

}  // namespace ccx::captioner
