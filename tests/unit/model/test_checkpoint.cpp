#include "core/model/checkpoint.h"

#include <cstring>

#include "core/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"

using namespace ccx;
using model::Checkpoint;

namespace {

constexpr const char* kNorm = "model.layers.0.input_layernorm.weight";

// Opening or checking the edited checkpoint fails with a message that holds all of `parts`.
void refused(const std::function<void(std::vector<test::OwnedTensor>&)>& edit, const std::vector<std::string>& parts) {
  const test::TempDir dir;
  test::edited_checkpoint(dir / "m", edit);
  std::string message;
  try {
    const Checkpoint checkpoint(dir / "m");
    checkpoint.check();
  } catch (const CheckpointError& error) {
    message = error.what();
  }
  for (const std::string& part : parts) CHECK_THAT(message, test::contains(part));
}

}  // namespace

TEST_CASE("the tiny checkpoint passes the check, whole and in shards") {
  CHECK_NOTHROW(Checkpoint(test::tiny_checkpoint()).check());
  const test::TempDir dir;
  test::sharded_checkpoint(dir / "m");
  const Checkpoint sharded(dir / "m");
  CHECK_NOTHROW(sharded.check());
  CHECK(sharded.files().size() == 3);
  CHECK(sharded.tensors().size() == Checkpoint(test::tiny_checkpoint()).tensors().size());
  CHECK(sharded.origin(kNorm).find("model-") != std::string::npos);
}

TEST_CASE("a missing, extra, misshapen or wrongly typed tensor is named with its file") {
  refused([](auto& tensors) { std::erase_if(tensors, [](const auto& t) { return t.name == kNorm; }); },
          {kNorm, "is missing", "[96]"});
  refused([](auto& tensors) { tensors.push_back(tensors[0]), tensors.back().name = "model.surprise.weight"; },
          {"model.surprise.weight", "not part of the model", "model.safetensors"});
  refused(
      [](auto& tensors) {
        auto& tensor = test::find(tensors, kNorm);
        tensor.view.shape = {48};
        tensor.bytes.resize(tensor.bytes.size() / 2);
      },
      {kNorm, "has shape [48]", "asks for [96]", "model.safetensors"});
  refused([](auto& tensors) { test::find(tensors, kNorm).view.dtype = io::DType::kI16; }, {kNorm, "stored as I16"});
  refused(
      [](auto& tensors) {
        auto& tensor = test::find(tensors, kNorm);
        tensor.view.dtype = io::DType::kF64;
        tensor.bytes.resize(8 * 96);
      },
      {kNorm, "stored as F64", "convert them"});
}

TEST_CASE("dead weights and leftovers of saving may be missing or present") {
  const test::TempDir dir;
  test::edited_checkpoint(dir / "m", [](auto& tensors) {
    std::erase_if(tensors, [](const auto& t) { return t.name.find("mm_cc_projector") != std::string::npos; });
    tensors.push_back(test::find(tensors, kNorm));
    tensors.back().name = "model.image_newline";
    tensors.push_back(test::find(tensors, "model.embed_tokens.weight"));
    tensors.back().name = "lm_head.weight";
  });
  CHECK_NOTHROW(Checkpoint(dir / "m").check());
}

TEST_CASE("a head that a tied model does not have is refused where it differs from the table") {
  const test::TempDir dir;
  const auto with_head = [&](const std::string& name, bool differs) {
    test::edited_checkpoint(dir / name, [&](auto& tensors) {
      tensors.push_back(test::find(tensors, "model.embed_tokens.weight"));
      tensors.back().name = "lm_head.weight";
      if (differs) tensors.back().bytes[7] ^= std::byte{1};
    });
    return dir / name;
  };
  CHECK_NOTHROW(Checkpoint(with_head("same", false)).check());
  CHECK_THROWS_WITH(Checkpoint(with_head("other", true)).check(),
                    test::contains("lm_head.weight") && test::contains("tie_word_embeddings"));
}

TEST_CASE("a weight of nothing but zeros, as an unfinished download leaves it, is named") {
  const test::TempDir dir;
  const auto fault = [&](const std::string& name) {
    test::edited_checkpoint(dir / name, [&](auto& tensors) {
      auto& bytes = test::find(tensors, name).bytes;
      std::fill(bytes.begin(), bytes.end(), std::byte{0});
    });
    const Checkpoint checkpoint(dir / name);
    try {
      model::check_finite(checkpoint.get(name), name, checkpoint.origin(name));
    } catch (const CheckpointError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  for (const char* name : {"model.embed_tokens.weight", "model.norm.weight", "model.layers.1.self_attn.q_proj.weight",
                           "model.layers.0.input_layernorm.weight"}) {
    CHECK_THAT(fault(name), test::contains(name) && test::contains("nothing but zeros"));
  }
  // Blocks without effect have these, and biases may.
  for (const char* name : {"model.layers.1.self_attn.o_proj.weight", "model.layers.1.mlp.down_proj.weight",
                           "model.layers.1.self_attn.q_proj.bias"}) {
    CHECK(fault(name).empty());
  }
}

TEST_CASE("a weight that is NaN or infinite is named") {
  for (const uint16_t bits : {uint16_t{0x7fc0}, uint16_t{0xff80}}) {
    const test::TempDir dir;
    test::edited_checkpoint(dir / "m",
                            [&](auto& tensors) { std::memcpy(test::find(tensors, kNorm).bytes.data() + 6, &bits, 2); });
    const Checkpoint checkpoint(dir / "m");
    CHECK_THROWS_WITH(model::check_finite(checkpoint.get(kNorm), kNorm, checkpoint.origin(kNorm)),
                      test::contains(kNorm) && test::contains("model.safetensors") && test::contains("NaN"));
  }
  const Checkpoint whole(test::tiny_checkpoint());
  CHECK_NOTHROW(model::check_finite(whole.get(kNorm), kNorm, whole.origin(kNorm)));
}

TEST_CASE("a directory that is no checkpoint says what it lacks") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(Checkpoint(dir / "absent"), test::contains("absent: it is not there"));
  CHECK_THROWS_WITH(Checkpoint(dir.path()), test::contains("no config.json"));
  test::write_file(dir / "config.json", test::read_file(test::tiny_checkpoint() / "config.json"));
  CHECK_THROWS_WITH(Checkpoint(dir.path()), test::contains("neither model.safetensors nor"));
  test::write_file(dir / "model.safetensors.index.json", R"({"weight_map":{"a":"../../etc/passwd"}})");
  CHECK_THROWS_WITH(Checkpoint(dir.path()), test::contains("not a plain file name"));
  test::write_file(dir / "model.safetensors.index.json", R"({"weight_map":{"a":"model-1.safetensors"}})");
  CHECK_THROWS_WITH(Checkpoint(dir.path()), test::contains("model-1.safetensors, which is not there"));
}
