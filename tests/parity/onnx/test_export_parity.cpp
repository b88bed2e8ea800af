// What an export computes in ONNX Runtime against what the reference computed for the same checkpoint and images.
//
// The fixture's weights are random, so it has no outliers and no redundancy: it is the hardest case for low precision.
#include <nlohmann/json.hpp>

#include "core/onnx/export.h"
#include "tests/support/catch.h"
#include "tests/support/needs.h"
#include "tests/support/paths.h"
#include "tests/support/python.h"

using namespace ccx;

namespace {

void needs_runtime() {
  test::needs_python("numpy, onnx, onnxruntime, safetensors");
}

constexpr auto kF32 = onnx::ElementType::kFloat;
constexpr auto kF16 = onnx::ElementType::kFloat16;

// The fixture as an export.
void export_fixture(const std::filesystem::path& out, onnx::Target target, onnx::Quantise quantise,
                    onnx::ElementType embeddings) {
  onnx::ExportOptions options;
  options.model = test::data_dir() / "reference/tiny";
  options.out = out;
  options.target = target;
  options.quantise = quantise;
  options.embeddings = embeddings;
  options.file_bytes = 150 << 10;  // the table of 1003 rows comes in pieces, the weights in many files
  onnx::export_model(options, [](const std::string&) {});
}

nlohmann::json run_script(const std::string& script, const std::string& arguments) {
  const test::ProcessResult result =
      test::run_python(script, arguments + " " + test::quoted((test::data_dir() / "reference/vectors").string()));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return nlohmann::json::parse(result.out);
}

// Exports the fixture, runs onnx.checker's full check on it and measures it (tests/support/onnx/measure.py, or
// measure_web.py).
nlohmann::json measure(onnx::Target target, onnx::Quantise quantise, onnx::ElementType embeddings,
                       const std::string& script = "support/onnx/measure.py") {
  const test::TempDir dir;
  export_fixture(dir / "export", target, quantise, embeddings);
  return run_script(script, test::quoted((dir / "export").string()));
}

// What tests/support/onnx/measure_unpacked.py says of an export in 4 bits.
nlohmann::json unpacked(onnx::Target target) {
  const test::TempDir dir;
  export_fixture(dir / "export", target, onnx::Quantise::kInt4, kF16);
  return run_script(
      "support/onnx/measure_unpacked.py",
      test::quoted((dir / "export").string()) + " " + test::quoted((test::data_dir() / "reference/tiny").string()));
}

// What must hold at every precision: batches, caches and masks change nothing but last bits.
void check_consistent(const nlohmann::json& measured, double tolerance) {
  CHECK(measured["damaged_files"].empty());
  CHECK(measured["batch_rows"].get<double>() <= tolerance);
  CHECK(measured["step_logits"].get<double>() <= tolerance);
  CHECK(measured["scored_tree"].get<double>() <= tolerance);
}

}  // namespace

TEST_CASE("a float32 export gives the reference's logits to 1e-4 and its tokens, for wasm and for WebGPU") {
  needs_runtime();
  for (const auto target : {onnx::Target::kWasm, onnx::Target::kWebGpu}) {
    const nlohmann::json measured = measure(target, onnx::Quantise::kNone, kF32);
    INFO(measured.dump(1));
    CHECK(measured["visual_tokens"].get<double>() <= 1e-4);
    CHECK(measured["saliency"].get<double>() <= 1e-5);
    CHECK(measured["logits"].get<double>() <= 1e-4);
    CHECK(measured["all_logits"].get<double>() <= 1e-4);
    CHECK(measured["batch_logits"].get<double>() <= 1e-4);
    CHECK(measured["greedy_equal"] == measured["greedy_of"]);
    check_consistent(measured, 1e-4);
  }
}

// Measured: .0018 for wasm, .0029 to .005 for WebGPU, of logits up to 11.5, where one step of float16 is .0078. That
// step is allowed.
TEST_CASE("a float16 export gives the reference's logits to 8e-3 and its tokens") {
  needs_runtime();
  for (const auto target : {onnx::Target::kWasm, onnx::Target::kWebGpu}) {
    const nlohmann::json measured = measure(target, onnx::Quantise::kFloat16, kF16);
    INFO(measured.dump(1));
    CHECK(measured["logits"].get<double>() <= 8e-3);
    CHECK(measured["all_logits"].get<double>() <= 8e-3);
    CHECK(measured["batch_logits"].get<double>() <= 8e-3);
    CHECK(measured["greedy_equal"] == measured["greedy_of"]);
    // On WebGPU products are in float16, whose last bit depends on how many rows are multiplied at once, and on the
    // processor's kernels: 1.2e-4 and .0039, half a step, were measured; 1e-5 for wasm, whose products are in float32.
    check_consistent(measured, target == onnx::Target::kWebGpu ? 8e-3 : 1e-4);
  }
}

// Measured .93 of 11.5 and 86 of 96 tokens, and .53 of visual tokens up to 17: each product of random weights adds
// noise of about half a percent, which 15 blocks multiply. Processors without 8-bit products have been seen at 1.06.
TEST_CASE("an 8-bit export stays near the reference, and rows, caches and masks do not touch each other") {
  needs_runtime();
  const nlohmann::json measured = measure(onnx::Target::kWasm, onnx::Quantise::kInt8, kF16);
  INFO(measured.dump(1));
  CHECK(measured["visual_tokens"].get<double>() <= 1.0);
  CHECK(measured["all_logits"].get<double>() <= 0.15 * measured["scale"].get<double>());
  CHECK(measured["greedy_equal"].get<int>() >= 77);  // 80 %
  check_consistent(measured, 1e-4);
}

// How near the reference random weights come in 4 bits says little: 3.5 of 11.5 and 62 of 96 tokens with attention in 8
// bits, 9.2 and 28 on WebGPU, all in 4 bits. So the weights themselves are held: unpacked by the definition of their
// operators they are the checkpoint's, rounded; they are the same for every target; and the graph computes with them.
TEST_CASE("4-bit exports of all targets unpack the same weights, and attention keeps 8 bits where it can") {
  needs_runtime();
  const nlohmann::json wasm = unpacked(onnx::Target::kWasm);
  const nlohmann::json cpu = unpacked(onnx::Target::kCpu);
  const nlohmann::json webgpu = unpacked(onnx::Target::kWebGpu);
  for (const nlohmann::json* found : {&wasm, &cpu, &webgpu}) {
    INFO(found->dump(1));
    // Rounding makes 1 / sqrt(12) = .289 of a step, .279 measured, since some values lie on the grid.
    CHECK((*found)["error"].get<double>() <= 0.3);
    CHECK((*found)["logits"].get<double>() <= 1e-3);  // float32 sums in another order: 2e-5 measured, of 11.5
  }
  CHECK(wasm["count"] == 12);    // three products a block of the language model
  CHECK(webgpu["count"] == 58);  // those, four of attention each, and the tower's
  CHECK(wasm["digests"] == cpu["digests"]);
  for (const auto& [name, digest] : wasm["digests"].items()) CHECK(webgpu["digests"][name] == digest);
}

TEST_CASE("4-bit exports say what their weights let them, and rows, caches and masks do not touch each other") {
  needs_runtime();
  const nlohmann::json wasm = measure(onnx::Target::kWasm, onnx::Quantise::kInt4, kF16);
  const nlohmann::json cpu = measure(onnx::Target::kCpu, onnx::Quantise::kInt4, kF16);
  const nlohmann::json webgpu = measure(onnx::Target::kWebGpu, onnx::Quantise::kInt4, kF16);
  INFO(wasm.dump(1) << cpu.dump(1) << webgpu.dump(1));
  CHECK(wasm["visual_tokens"].get<double>() <= 1.0);  // 8 bits: .53 of 17, as above
  // MatMulNBits on a processor quantises activations to 8 bits.
  CHECK(cpu["logits"].get<double>() == Approx(wasm["logits"].get<double>()).epsilon(0.1));
  for (const nlohmann::json* measured : {&wasm, &cpu}) {
    CHECK((*measured)["all_logits"].get<double>() <= 0.45 * (*measured)["scale"].get<double>());
    CHECK((*measured)["greedy_equal"].get<int>() >= 48);  // of 96
  }
  CHECK(webgpu["greedy_equal"].get<int>() >= 20);  // one in 1003 by chance
  for (const nlohmann::json* measured : {&wasm, &cpu, &webgpu}) check_consistent(*measured, 1e-3);
}

TEST_CASE("an embedding table of 8-bit rows serves look-ups and a tied head") {
  needs_runtime();
  const nlohmann::json measured = measure(onnx::Target::kWasm, onnx::Quantise::kNone, onnx::ElementType::kInt8);
  INFO(measured.dump(1));
  CHECK(measured["visual_tokens"].get<double>() <= 1e-4);
  CHECK(measured["all_logits"].get<double>() <= 0.05 * measured["scale"].get<double>());
  CHECK(measured["greedy_equal"].get<int>() >= 90);
}

TEST_CASE("ONNX Runtime Web gives the reference's logits from the export for wasm") {
  needs_runtime();
  test::needs_onnxruntime_web();
  const auto web = [](onnx::Quantise quantise, onnx::ElementType embeddings) {
    return measure(onnx::Target::kWasm, quantise, embeddings, "support/onnx/measure_web.py");
  };
  const nlohmann::json full = web(onnx::Quantise::kNone, kF32);
  INFO(full.dump(1));
  CHECK(full["logits"].get<double>() <= 1e-4);
  CHECK(full["saliency"].get<double>() <= 1e-5);
  CHECK(full["first_equal"] == true);
  CHECK(full["second_equal"] == true);
  CHECK(web(onnx::Quantise::kFloat16, kF16)["logits"].get<double>() <= 8e-3);  // as above
  CHECK(web(onnx::Quantise::kInt8, kF16)["logits"].get<double>() <= 1.7);      // 15 % of the largest, as above
  CHECK(web(onnx::Quantise::kInt4, kF16)["saliency"].get<double>() <= 2e-2);   // runs, with an 8-bit vision graph
}
