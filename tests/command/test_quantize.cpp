// `ccx quantize`, and captions of weights of 8 and 4 bits.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/model/checkpoint.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/default_model.h"
#include "tests/support/needs.h"

using namespace ccx;
using nlohmann::json;
using test::quoted;
namespace fs = std::filesystem;

namespace {

fs::path quantised(const fs::path& model, const fs::path& out, const std::string& dtype) {
  const auto made = test::run_ccx("quantize " + quoted(model) + " --dtype " + dtype + " --out " + quoted(out));
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  return out;
}

// Captions of examples/pairs by `model`.
std::vector<std::string> captions(const fs::path& model, const std::string& more, const fs::path& out) {
  const auto run = test::run_ccx("caption --model " + quoted(model) + " --in " +
                                 quoted(fs::path(CCX_TEST_SOURCE) / "examples/pairs") + " --out " + quoted(out) +
                                 " --quiet " + more);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  std::vector<std::string> found;
  std::istringstream lines(test::read_file(out));
  for (std::string line; std::getline(lines, line);) found.push_back(json::parse(line)["caption"]);
  return found;
}

json run_options(const fs::path& out) {
  return json::parse(test::read_file(out.string() + ".run.json"))["options"];
}

// Writes the checkpoint's only weight file anew, its tensors changed by `edit`.
void edit_tensors(const fs::path& model, const std::function<void(std::vector<test::OwnedTensor>&)>& edit) {
  std::vector<test::OwnedTensor> tensors;
  {
    const io::SafetensorsFile file(model / "model.safetensors");
    for (const auto& [name, view] : file.tensors())
      tensors.push_back({name, view, {view.data, view.data + view.bytes}});
  }
  edit(tensors);
  std::vector<io::NamedTensor> named;
  for (test::OwnedTensor& tensor : tensors) {
    tensor.view.data = tensor.bytes.data();
    tensor.view.bytes = tensor.bytes.size();
    named.push_back({tensor.name, tensor.view});
  }
  std::filesystem::remove(model / "model.safetensors");
  io::write_safetensors(model / "model.safetensors", named);
}

void is_refused(const fs::path& model, const std::vector<std::string>& words) {
  const auto info = test::run_ccx("info " + quoted(model));
  CHECK(info.exit_code == 1);
  const std::string problems = info.out.substr(info.out.find("would load"));
  CHECK(std::count(problems.begin(), problems.end(), '\n') == 2);  // the fault once, whatever it stops
  for (const std::string& word : words) CHECK_THAT(info.out, test::contains(word));
  CHECK(test::run_ccx("caption --model " + quoted(model) + " a.png b.png").exit_code != 0);
}

constexpr const char* kGate = "model.layers.0.mlp.gate_proj.weight";

}  // namespace

TEST_CASE("a quantised checkpoint is smaller, tells what it is, and captions as the whole one does in those bits") {
  test::needs_command("quantize");
  const test::TempDir dir;
  const fs::path whole = test::default_model();
  for (const std::string dtype : {"int8", "int4"}) {
    CAPTURE(dtype);
    const fs::path small = quantised(whole, dir / dtype, dtype);
    CHECK(fs::file_size(small / "model.safetensors") < fs::file_size(whole / "model.safetensors"));
    const json info = json::parse(test::run_ccx("info --json " + quoted(small)).out);
    CHECK(info["loads"] == true);
    CHECK(info["dtypes"].contains("I8"));
    CHECK(info["dtypes"].contains("I4") == (dtype == "int4"));
    CHECK(info["min_p_change"] == json::parse(test::run_ccx("info --json " + quoted(whole)).out)["min_p_change"]);
    // Made when it is loaded or stored before: the same numbers, to the last bit.
    const auto stored = captions(small, "", dir / (dtype + ".jsonl"));
    CHECK(run_options(dir / (dtype + ".jsonl"))["dtype"] == dtype);
    CHECK(stored == captions(whole, "--dtype " + dtype, dir / (dtype + "-made.jsonl")));
    // The numbers that its weights stand for, computed with in float32.
    CHECK(captions(small, "--dtype fp32", dir / (dtype + "-numbers.jsonl")).size() == stored.size());
  }
}

TEST_CASE("a weight of few bits stands for numbers half a step from those it was made from") {
  const test::TempDir dir;
  const model::Checkpoint whole(test::tiny_checkpoint());
  for (const std::string dtype : {"int8", "int4"}) {
    const model::Checkpoint small(quantised(test::tiny_checkpoint(), dir / dtype, dtype));
    small.check();
    REQUIRE(small.quantised_bits().size() > 20);
    for (const auto& [name, bits] : small.quantised_bits()) {
      CAPTURE(name, bits);
      const std::vector<float> before = whole.get(name).to_float32(), after = small.get(name).to_float32();
      const auto view = *small.quantised(name);
      REQUIRE(before.size() == after.size());
      const auto columns = static_cast<size_t>(view.columns),
                 blocks = view.scales.size() / static_cast<size_t>(view.rows);
      for (size_t i = 0; i < before.size(); ++i) {
        const float scale = std::abs(view.scales[i / columns * blocks + (bits == 8 ? 0 : i % columns / 32)]);
        // In 4 bits the largest of a block may lie a step and a half outside what the chosen scale reaches.
        REQUIRE(std::abs(before[i] - after[i]) <= scale * (bits == 8 ? 0.5001f : 1.6f));
      }
    }
    // The rest is as it was.
    for (const auto& [name, shape] : small.shapes()) {
      if (small.quantised_bits().count(name) == 0) CHECK(small.get(name).to_float32() == whole.get(name).to_float32());
    }
  }
}

TEST_CASE("an export's 8-bit products are those of the quantised checkpoint, byte by byte") {
  test::needs_command("export");
  const test::TempDir dir;
  const fs::path small = quantised(test::default_model(), dir / "small", "int8");
  const auto products = [&](const fs::path& model, const std::string& name) {
    const auto made = test::run_ccx("export --model " + quoted(model) + " --quantize int8 --out " + quoted(dir / name));
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    return test::read_file(dir / name / "decoder.0.bin");  // of the decoder: its products, norms and biases
  };
  CHECK(products(small, "of-small") == products(test::default_model(), "of-whole"));
}

TEST_CASE("quantize refuses what it would spoil: another folder, its own model, a model quantised before") {
  const test::TempDir dir;
  const fs::path small = quantised(test::tiny_checkpoint(), dir / "small", "int8");
  const auto fails = [&](const std::string& words, const std::string& message) {
    const auto run = test::run_ccx("quantize " + words);
    CAPTURE(words, run.err);
    CHECK(run.exit_code == 2);
    CHECK_THAT(run.err, test::contains(message));
  };
  fails(quoted(small) + " --out " + quoted(dir / "again"), "in 8 bits already");
  fails(quoted(small) + " --out " + quoted(small), "");
  fails(quoted(test::tiny_checkpoint()) + " --out " + quoted(dir / "small"), "--overwrite");
  test::write_file(dir / "mine/notes.txt", "keep");
  fails(quoted(test::tiny_checkpoint()) + " --overwrite --out " + quoted(dir / "mine"), "");
  CHECK(test::read_file(dir / "mine/notes.txt") == "keep");
  fails(quoted(test::tiny_checkpoint()) + " --dtype int3 --out " + quoted(dir / "three"), "int4");
  CHECK(test::run_ccx("caption --dtype int4 --model " + quoted(small) + " a.png b.png").exit_code == 2);
  const auto explained = test::run_ccx("bench --explain --model " + quoted(small));
  CHECK(explained.exit_code == 2);
  CHECK_THAT(explained.err, test::contains("in int8 each is kept as it is stored"));
}

TEST_CASE("quantised weights whose parts do not fit together are refused, naming tensor and fault") {
  const test::TempDir dir;
  int made = 0;
  const auto damaged = [&](const std::string& dtype, const auto& edit) {
    const fs::path model = quantised(test::tiny_checkpoint(), dir / std::to_string(made++), dtype);
    edit_tensors(model, edit);
    return model;
  };
  const auto without = [](const std::string& name) {
    return [=](std::vector<test::OwnedTensor>& tensors) {
      std::erase_if(tensors, [&](const test::OwnedTensor& tensor) { return tensor.name == name; });
    };
  };
  const std::string gate = kGate;
  is_refused(damaged("int4", without(gate + "_shape")), {gate + "_shape", "missing"});
  is_refused(damaged("int4", without(gate + "_scale")), {gate + "_scale", "missing"});
  is_refused(damaged("int8", without(gate + "_scale")), {gate, "I8"});
  is_refused(damaged("int4",
                     [&](auto& tensors) {
                       const int64_t rows = int64_t{1} << 40;
                       std::memcpy(test::find(tensors, gate + "_shape").bytes.data(), &rows, sizeof(rows));
                     }),
             {gate + "_shape", "1099511627776"});
  is_refused(damaged("int8",
                     [&](auto& tensors) {
                       auto& scale = test::find(tensors, gate + "_scale");
                       const uint32_t infinite = 0x7f800000;
                       std::memcpy(scale.bytes.data(), &infinite, sizeof(infinite));
                     }),
             {gate + "_scale", "NaN or infinite"});
  is_refused(damaged("int8",
                     [&](auto& tensors) {
                       auto& scale = test::find(tensors, gate + "_scale");
                       scale.view.shape = {scale.view.shape[0] / 2, 2};
                     }),
             {gate + "_scale", "a scale a row"});
  is_refused(damaged("int4",
                     [&](auto& tensors) {
                       test::OwnedTensor zero = test::find(tensors, gate + "_scale");
                       zero.name = gate + "_zero_point";
                       tensors.push_back(zero);
                     }),
             {gate + "_zero_point"});
  // A norm in 8 bits is none that a product reads; and without the config's word the values mean nothing.
  const fs::path unsaid = quantised(test::tiny_checkpoint(), dir / "unsaid", "int8");
  auto config = json::parse(test::read_file(unsaid / "config.json"));
  config.erase("quantization_config");
  test::write_file(unsaid / "config.json", config.dump());
  is_refused(unsaid, {"8 bits", "quantization_config"});
}

TEST_CASE("groups larger than 32 inputs and scales of 16 bits, as other tools write them, are read") {
  const test::TempDir dir;
  const fs::path model = quantised(test::tiny_checkpoint(), dir / "model", "int4");
  const std::string gate = kGate;
  const model::Checkpoint before(model);
  const QuantisedView fine = *before.quantised(gate);
  // One scale a row, in bfloat16: the first block's.
  edit_tensors(model, [&](auto& tensors) {
    auto& scale = test::find(tensors, gate + "_scale");
    const auto rows = static_cast<size_t>(scale.view.shape[0]), blocks = static_cast<size_t>(scale.view.shape[1]);
    REQUIRE(blocks > 1);
    std::vector<std::byte> halves(rows * 2);
    for (size_t row = 0; row < rows; ++row) {
      std::memcpy(halves.data() + row * 2, scale.bytes.data() + row * blocks * 4 + 2, 2);
    }
    scale.bytes = halves;
    scale.view.dtype = io::DType::kBF16;
    scale.view.shape = {static_cast<int64_t>(rows), 1};
  });
  const model::Checkpoint after(model);
  after.check();
  const QuantisedView coarse = *after.quantised(gate);
  REQUIRE(coarse.scales.size() == fine.scales.size());
  const size_t blocks = fine.scales.size() / static_cast<size_t>(fine.rows);
  for (size_t i = 0; i < coarse.scales.size(); ++i) {
    // Of a bfloat16 the lower half of the bits is cut.
    REQUIRE(std::abs(coarse.scales[i] - fine.scales[i / blocks * blocks]) <= std::abs(coarse.scales[i]) / 128);
  }
}
