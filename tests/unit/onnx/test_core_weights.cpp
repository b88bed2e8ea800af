// One quantisation: what the lean backend makes of a checkpoint is what an export in 8 bits holds, byte for byte.
#include "core/io/file.h"
#include "core/io/mapped_file.h"
#include "core/lean/checkpoint_tensors.h"
#include "core/lean/exported_tensors.h"
#include "core/model/names.h"
#include "core/onnx/export.h"
#include "tests/support/catch.h"
#include "tests/support/default_model.h"

using namespace ccx;

TEST_CASE("a checkpoint's weights in 8 bits are those of its export") {
  const test::TempDir dir;
  onnx::ExportOptions options;
  options.model = test::default_model();
  options.out = dir / "export";
  options.target = onnx::Target::kWasm;
  options.quantise = onnx::Quantise::kInt8;
  onnx::export_model(options, [](const std::string&) {});
  const auto read = [&](const std::string& file, std::uint64_t offset, std::size_t bytes) {
    const io::MappedFile map(options.out / file);
    return std::string(reinterpret_cast<const char*>(map.data()) + offset, bytes);
  };
  const auto checkpoint = std::make_shared<const model::Checkpoint>(options.model);
  const lean::CheckpointTensors own(checkpoint);
  int products = 0, convolutions = 0, plain = 0;
  for (const char* graph : {"vision.onnx", "decoder.onnx"}) {
    const lean::ExportedTensors exported(io::read_file(options.out / graph), read);
    for (const auto& [name, shape] : checkpoint->shapes()) {
      if (!exported.has(name)) continue;
      INFO(name);
      const lean::StoredTensor theirs = exported.get(name), ours = own.get(name);
      CHECK(ours.type == theirs.type);
      CHECK(ours.type == own.type(name));
      CHECK(ours.shape == own.shape(name));
      if (name == model::kTokenTable) {  // an export has rows of the tokenizer's tokens alone
        CHECK(ours.bytes.substr(0, theirs.bytes.size()) == theirs.bytes);
        continue;
      }
      CHECK(ours.shape == theirs.shape);
      CHECK(ours.bytes == theirs.bytes);
      const bool few_bits = ours.type == lean::Stored::kInt8 || ours.type == lean::Stored::kUint8;
      CHECK(exported.has(name + "_scale") == few_bits);
      if (few_bits) CHECK(own.get(name + "_scale").bytes == exported.get(name + "_scale").bytes);
      convolutions += ours.type == lean::Stored::kInt8;
      products += ours.type == lean::Stored::kUint8;
      plain += !few_bits;
    }
  }
  CHECK(convolutions > 40);
  CHECK(products > 20);
  CHECK(plain > 60);
  CHECK_FALSE(own.has("nobody.weight"));
  CHECK_THROWS_AS(own.get("nobody.weight"), CheckpointError);
}
