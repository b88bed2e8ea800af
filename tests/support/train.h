// What the tests of training share: the tiny checkpoint and the reference's training batch.
#pragma once

#include "train/model/model.h"  // first: LibTorch has a CHECK of its own, and Catch2's must win

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/io/safetensors.h"
#include "core/model/checkpoint.h"
#include "core/text/training_sample.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace ccx::test {

inline std::filesystem::path reference() {
  return data_dir() / "reference";
}

inline nlohmann::json reference_training() {
  return nlohmann::json::parse(read_file(reference() / "vectors/vectors_dev.json"))["train"];
}

// The three pairs and captions that the reference's gradients were computed for.
inline train::Batch reference_batch() {
  const text::Tokenizer tokenizer = text::Tokenizer::load(reference() / "tiny");
  train::Batch batch;
  const nlohmann::json training = reference_training();
  for (const std::string caption : training["captions"]) {
    const std::string name = "pair" + std::to_string(batch.samples.size());
    const io::SafetensorsFile file(reference() / ("vectors/" + name + "_dev.safetensors"));
    const std::vector<float> pixels = file.at("pixel_values").to_float32();
    batch.ids.push_back(name);
    batch.pixels.insert(batch.pixels.end(), pixels.begin(), pixels.end());
    batch.samples.push_back(text::build_training_sample(tokenizer, caption));
  }
  return batch;
}

inline std::vector<float> to_floats(const at::Tensor& tensor) {
  const at::Tensor host = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  return {host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel()};
}

// |a - b| / |b| of two vectors: one number for a tensor, which rounding of single small entries does not move.
inline double relative_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double difference = 0;
  double size = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
    size += static_cast<double>(b[i]) * b[i];
  }
  return std::isfinite(difference) ? std::sqrt(difference / std::max(size, 1e-30)) : INFINITY;
}

// Its true gradient is zero there, so what is in it is rounding.
inline bool is_rounding_noise(const std::string& name) {
  return name.find("k_proj.bias") != std::string::npos && name.rfind("model.layers", 0) != 0;
}

}  // namespace ccx::test
