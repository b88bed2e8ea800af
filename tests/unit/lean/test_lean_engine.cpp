// The engine without a library, with the model that comes with ccx: its promises to the captioner. What its numbers are
// worth beside float32's, tests/quality/model holds.
#include "core/lean/engine/lean_engine.h"

#include <random>

#include "core/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/default_model.h"

using namespace ccx;
using engine::Caption;
using engine::PixelPair;

namespace {

engine::EngineOptions options_of(const std::filesystem::path& model) {
  engine::EngineOptions options;
  options.model = model;
  options.device = "cpu";
  options.dtype = "int8";
  options.workers = 1;
  options.generation.change_map = true;
  options.generation.saliency = true;
  return options;
}

std::vector<std::unique_ptr<engine::Engine>> engines_of(const engine::EngineOptions& options) {
  return lean::make_engines(prepare::load(options), options);
}

// A plain of noise, with a square of other brightness in the after image of every second pair.
std::vector<PixelPair> drawn_pairs(int size, std::size_t count) {
  std::minstd_rand random(5);
  const auto plane = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  std::vector<PixelPair> pairs(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t p = 0; p < 3 * plane; ++p) {
      const float value = static_cast<float>(random() % 1000) / 2500.0f - 0.4f;
      const std::size_t y = p % plane / static_cast<std::size_t>(size), x = p % static_cast<std::size_t>(size);
      pairs[i].before.push_back(value);
      const bool inside = i % 2 == 1 && y / 40 == 3 && x / 60 == i;
      pairs[i].after.push_back(inside ? 0.8f : value);
    }
  }
  return pairs;
}

void check_equal(const Caption& one, const Caption& other) {
  CHECK(one.text == other.text);
  CHECK(one.ids == other.ids);
  CHECK(one.logprobs == other.logprobs);
  CHECK(one.p_change == other.p_change);
  CHECK(one.change_logit == other.change_logit);
  CHECK(one.saliency == other.saliency);
  CHECK(one.change_map.p == other.change_map.p);
}

}  // namespace

TEST_CASE("in 8 bits a pair's caption is the same bits in any batch, in any worker and with two threads") {
  auto options = options_of(test::default_model());
  const auto engines = [&](int beams, int candidates, std::optional<float> temperature) {
    options.generation.num_beams = beams;
    options.generation.candidates = candidates;
    options.generation.temperature = temperature;
    return engines_of(options);
  };
  struct Search {
    int beams, candidates;
    std::optional<float> temperature;
  };
  for (const Search& search : {Search{1, 0, {}}, Search{3, 0, {}}, Search{1, 4, {}}, Search{1, 0, 0.7f}}) {
    options.workers = 2;
    const auto all = engines(search.beams, search.candidates, search.temperature);
    REQUIRE(all.size() == 2);
    const std::vector<PixelPair> pairs = drawn_pairs(all[0]->image_size(), 3);
    const std::vector<uint64_t> keys = {7, 8, 9};
    const std::vector<Caption> together = all[0]->caption(pairs, keys);
    all[1]->set_threads(2);
    for (const std::size_t i : {2u, 0u, 1u}) {
      INFO("pair " << i << ", " << search.beams << " beams, " << search.candidates << " candidates");
      const Caption alone = all[1]->caption({&pairs[i], 1}, {&keys[i], 1}).at(0);
      check_equal(alone, together[i]);
    }
    CHECK(together[0].text.empty() == false);
    CHECK(together[0].ids.size() == together[0].logprobs.size());
  }
}

TEST_CASE("in 8 bits a caption has all that a record tells of it") {
  const auto engines = engines_of(options_of(test::default_model()));
  REQUIRE(engines.size() == 1);
  const engine::Engine& engine = *engines[0];
  CHECK(engine.dtype() == "int8");
  CHECK(engine.device() == "cpu");
  CHECK(engine.draws_changes());
  CHECK(engine.threads() == 1);
  CHECK(engine.notes().empty());  // who asks for 8 bits knows
  const std::vector<PixelPair> pairs = drawn_pairs(engine.image_size(), 2);
  const std::vector<uint64_t> keys = {1, 2};
  const std::vector<Caption> captions = engines[0]->caption(pairs, keys);
  const Caption& same = captions[0];
  CHECK_FALSE(same.changed);  // the two images of the first pair are equal
  REQUIRE(same.p_change);
  CHECK(*same.p_change < 0.5f);
  CHECK(*captions[1].p_change > *same.p_change);
  CHECK(same.language_p_change.has_value());
  CHECK(same.change_logit.has_value());
  CHECK(same.grid > 0);
  CHECK(same.saliency.size() == static_cast<std::size_t>(same.grid) * static_cast<std::size_t>(same.grid));
  CHECK_FALSE(same.change_map.empty());
  CHECK(same.ms.vision > 0);
}

TEST_CASE("what nobody asks for is not kept, and --dtype auto tells of 8 bits") {
  auto options = options_of(test::default_model());
  options.dtype = "auto";
  options.generation.change_map = options.generation.saliency = options.generation.p_change = false;
  const auto engines = engines_of(options);
  REQUIRE_FALSE(engines[0]->notes().empty());
  CHECK_THAT(engines[0]->notes()[0], test::contains("int8") && test::contains("--dtype fp32"));
  const std::vector<PixelPair> pairs = drawn_pairs(engines[0]->image_size(), 1);
  const uint64_t key = 1;
  const Caption caption = engines[0]->caption(pairs, {&key, 1}).at(0);
  CHECK(caption.change_map.empty());
  CHECK(caption.saliency.empty());
  CHECK_FALSE(caption.p_change);
}

TEST_CASE("which models and formats are computed in 8 bits by the core itself") {
  const model::ModelConfig own = model::Checkpoint(test::default_model()).config();
  CHECK(lean::can_caption(own, "int8", 0));
  CHECK(lean::can_caption(own, "auto", 0));
  CHECK(lean::can_caption(own, "auto", 8));
  CHECK_FALSE(lean::can_caption(own, "auto", 4));
  for (const char* dtype : {"fp32", "bf16", "int4"}) CHECK_FALSE(lean::can_caption(own, dtype, 0));
  const model::ModelConfig siglip = model::Checkpoint(test::tiny_checkpoint()).config();
  CHECK_FALSE(lean::can_caption(siglip, "int8", 0));
  CHECK_FALSE(lean::can_caption(siglip, "auto", 0));
}

TEST_CASE("a weight of no number is found before any work in 8 bits too, and named") {
  const test::TempDir dir;
  const std::filesystem::path from = test::default_model();
  std::filesystem::create_directories(dir / "m");
  for (const char* name : {"config.json", "generation_config.json", "tokenizer.json"})
    test::write_file(dir / "m" / name, test::read_file(from / name));
  const io::SafetensorsFile file(from / "model.safetensors");
  std::vector<io::NamedTensor> tensors;
  std::vector<std::byte> damaged;
  const std::string name = "model.layers.1.mlp.up_proj.weight";
  for (const auto& [tensor, view] : file.tensors()) {
    tensors.push_back({tensor, view});
    if (tensor != name) continue;
    damaged.assign(view.data, view.data + view.bytes);
    damaged[0] = std::byte{0};
    damaged[1] = std::byte{0x7e};  // NaN of float16
    tensors.back().view.data = damaged.data();
  }
  io::write_safetensors(dir / "m/model.safetensors", tensors);
  const auto options = options_of(dir / "m");
  CHECK_THROWS_WITH(engines_of(options), test::contains(name) && test::contains("NaN"));
}
