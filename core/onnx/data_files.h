// The files of an export, hashed while they are written, and the numbered weight files of a graph.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/file.h"
#include "core/io/sha256.h"
#include "core/onnx/graph.h"

namespace ccx::onnx {

// What the manifest says of a file.
struct WrittenFile {
  std::string name;
  int64_t bytes = 0;
  std::string sha256;
};

// One file, written once from front to back. Throws ccx::Error naming the file and the system's reason.
class HashedFile {
 public:
  HashedFile(const std::filesystem::path& directory, std::string name);
  void write(std::string_view bytes);
  int64_t size() const { return size_; }
  const std::string& name() const { return name_; }
  WrittenFile finish();

 private:
  std::string name_;
  io::AtomicFile file_;
  io::Sha256 hash_;
  int64_t size_ = 0;
};

WrittenFile write_hashed(const std::filesystem::path& directory, const std::string& name, std::string_view content);

// "vision.0.bin", "vision.1.bin", ...: a new file begins where the next tensor would exceed the limit. Tensors are
// never split, so a tensor above the limit has a file of its own.
class DataFiles {
 public:
  DataFiles(std::filesystem::path directory, std::string prefix, int64_t limit);

  // Appends one tensor of `bytes` bytes, which `fill` hands to its argument in pieces.
  using Sink = std::function<void(std::string_view)>;
  ExternalLocation add(int64_t bytes, const std::function<void(const Sink&)>& fill);
  ExternalLocation add(std::string_view bytes);

  // Closes the last file; the files in order.
  std::vector<WrittenFile> finish();

 private:
  std::filesystem::path directory_;
  std::string prefix_;
  int64_t limit_;
  std::unique_ptr<HashedFile> current_;
  std::vector<WrittenFile> finished_;
};

}  // namespace ccx::onnx
