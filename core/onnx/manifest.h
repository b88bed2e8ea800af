// manifest.json: everything that a page needs to know of an export before and after it downloads it.
#pragma once

#include <string>
#include <vector>

#include "core/io/directory_kind.h"
#include "core/model/config.h"
#include "core/onnx/dialect.h"
#include "core/onnx/export.h"
#include "core/onnx/weights.h"

namespace ccx::onnx {

// One ONNX file with what it needs beside it.
struct ExportedGraph {
  std::string file;
  std::vector<ValueInfo> inputs, outputs;
  std::vector<std::string> data_files;
};

struct ManifestContent {
  std::string model_name;
  std::string weights_sha256;
  Target target = Target::kWasm;
  Quantise quantise = Quantise::kNone;
  Dialect dialect;
  model::ModelConfig config;
  RowTable embeddings;
  ExportedGraph vision, decoder;
  std::vector<std::string> core;    // which of the two the core can compute by itself
  std::vector<std::string> copied;  // tokenizer.json, config.json, generation_config.json
  std::vector<WrittenFile> files;   // all but the manifest
};

std::string manifest_json(const ManifestContent& content);

// An export's directory, which is known by its manifest: that names every file.
io::DirectoryKind export_directory();

}  // namespace ccx::onnx
