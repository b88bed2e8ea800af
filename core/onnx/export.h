// A checkpoint as a directory that ONNX Runtime and the browser page can run (docs/export.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/onnx/data_files.h"
#include "core/onnx/dialect.h"

namespace ccx::onnx {

inline constexpr char kManifestFile[] = "manifest.json";
inline constexpr int kFormatVersion = 1;

struct ExportOptions {
  std::filesystem::path model;  // checkpoint directory
  std::filesystem::path out;
  Target target = Target::kWasm;
  Quantise quantise = Quantise::kNone;
  // How the embedding table is stored, and with it a tied head. float32 for Quantise::kNone, else float16.
  std::optional<ElementType> embeddings;
  int64_t file_bytes = int64_t{256} << 20;  // weight files are cut to this size
  bool overwrite = false;                   // replace an earlier export in `out`
  // Asked before every weight: true ends the export with Interrupted.
  std::function<bool()> interrupted = nullptr;
};

// The export was asked to stop, and has left nothing behind.
class Interrupted : public Error {
 public:
  using Error::Error;
};

struct ExportResult {
  std::vector<WrittenFile> files;  // the manifest first
  int64_t total_bytes = 0;
  std::string manifest;  // the text of manifest.json
};

// Reads one weight at a time. `progress` is told what is being written, for people. `out` is complete or untouched.
// Throws UsageError or InputError before anything is written, CheckpointError for weights that cannot be exported,
// ccx::Error when writing fails, Interrupted.
ExportResult export_model(const ExportOptions& options, const std::function<void(const std::string&)>& progress);

}  // namespace ccx::onnx
