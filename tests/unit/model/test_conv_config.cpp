// What config.json says about a convolutional tower and a change head.
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/graph/shape_ops.h"
#include "core/model/ccexpert.h"
#include "core/model/config.h"
#include "core/model/parameters.h"
#include "tests/support/catch.h"

using namespace ccx;
using model::ModelConfig;
using Json = nlohmann::json;

namespace {

// A small model with a tower of two stages.
Json small() {
  return Json::parse(R"({
    "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 320,
    "mm_vision_config": {"model_type": "inverted_residuals", "image_size": 32, "hidden_size": 128, "token_stride": 8,
      "levels": [4, 8], "padding": "same", "stem_channels": 8, "pixel_mean": [0.5, 0.5, 0.5],
      "pixel_std": [0.5, 0.25, 0.5],
      "stages": [{"expand": 1, "channels": 8}, {"expand": 2, "channels": 12, "stride": 2, "kernel": 5},
                 {"expand": 3, "channels": 16, "repeats": 2, "stride": 2}]},
    "cc_expert_args": {"embedding_dim": 128, "mlp_dim": 64, "per_expert_depth": 1},
    "change_head": {"channels": 32}})");
}

ModelConfig read(const Json& json) {
  return ModelConfig::from_json(json.dump(), "config.json");
}

void refused(const std::function<void(Json&)>& edit, const std::string& message) {
  Json json = small();
  edit(json);
  INFO(json.dump());
  CHECK_THROWS_WITH(read(json), test::contains(message));
}

}  // namespace

TEST_CASE("a convolutional tower's configuration is read, and written so that it reads back") {
  const ModelConfig config = read(small());
  REQUIRE(config.vision.conv);
  CHECK(config.vision.conv->stride() == 8);
  CHECK(config.vision.grid() == 4);
  CHECK(config.vision.map_cells() == 8);
  CHECK(config.vision.conv->level_channels(0) == 12);
  CHECK(config.vision.conv->level_channels(1) == 16);
  REQUIRE(config.change_head);
  CHECK(config.change_head->channels == 32);
  CHECK(config.change_head->feeds_context());
  CHECK_FALSE(config.change_head->feeds_gate());
  CHECK(read(Json::parse(config.to_json())).to_json() == config.to_json());
}

TEST_CASE("a head instead of the difference module leaves nothing dead, and older files' leftovers are passed over") {
  Json json = small();
  json["change_head"]["feed"] = "instead";
  const ModelConfig config = read(json);
  CHECK(model::dead_parameters(config).empty());
  for (const auto& entry : model::live_parameters(config)) {
    CHECK(entry.first.find("vision_resampler") == std::string::npos);
  }
  CHECK(model::is_ignored_tensor("model.vision_resampler.layers.0.norm4.weight", config));
  CHECK(model::is_ignored_tensor("model.mm_cc_projector.0.weight", config));
  CHECK(!model::is_ignored_tensor("model.mm_cc_projector.0.weight", read(small())));
}

TEST_CASE("the parameters and the work of a convolutional tower follow from its configuration") {
  const ModelConfig config = read(small());
  const auto live = model::live_parameters(config);
  const std::string tower = "model.vision_tower.vision_tower.";
  CHECK(live.at(tower + "stem.weight") == Shape{8, 3, 3, 3});
  CHECK(live.count(tower + "blocks.0.expand.weight") == 0);
  CHECK(live.at(tower + "blocks.1.expand.weight") == Shape{16, 8, 1, 1});
  CHECK(live.at(tower + "blocks.1.depthwise.weight") == Shape{16, 1, 5, 5});
  CHECK(live.at(tower + "blocks.3.project.weight") == Shape{16, 48, 1, 1});
  CHECK(live.at("model.vision_tower.adapters.0.weight") == Shape{128, 12});
  CHECK(live.at("change_head.lateral.1.weight") == Shape{32, 48, 1, 1});
  CHECK(live.at("change_head.context.weight") == Shape{128, 2 * 7 + 32});
  for (const auto& entry : model::dead_parameters(config)) CHECK(entry.first.find("vision_tower") == std::string::npos);

  ShapeOps ops;
  const model::CCExpert graph(config);
  const auto maps = graph.features(ops, ShapeOps::input({2, 3, 32, 32}));
  REQUIRE(maps.size() == 2);
  CHECK(maps[0].shape() == Shape{2, 12, 8, 8});
  CHECK(maps[1].shape() == Shape{2, 16, 4, 4});
  // By hand, a multiply-add being two: stem, then each block's expand, depthwise, project.
  const double stem = 16 * 16 * 8.0 * 27;
  const double first = 16 * 16 * (8.0 * 9 + 8 * 8);
  const double second = 16 * 16 * 8.0 * 16 + 8 * 8 * (16.0 * 25 + 16 * 12);
  const double third = 8 * 8 * 12.0 * 36 + 4 * 4 * (36.0 * 9 + 36 * 16);
  const double fourth = 4 * 4 * (16.0 * 48 + 48 * 9 + 48 * 16);
  CHECK(ops.flops() == Approx(2 * 2 * (stem + first + second + third + fourth)));
  const auto levels = graph.levels(ops, maps);
  CHECK(levels[0].shape() == Shape{2, 16, 128});
  CHECK(graph.change_head(ops, maps).kinds.shape() == Shape{1, 7, 8, 8});
}

TEST_CASE("the difference module may read fewer levels than the change head") {
  Json json = small();
  json["mm_vision_config"]["token_levels"] = {8};
  const ModelConfig config = read(json);
  const auto live = model::live_parameters(config);
  CHECK(live.at("model.vision_tower.adapters.0.weight") == Shape{128, 16});
  CHECK(live.count("model.vision_tower.adapters.1.weight") == 0);
  CHECK(live.count("change_head.lateral.1.weight") == 1);
}

TEST_CASE("a change head that stands instead of the images' features leaves the model no difference module") {
  Json json = small();
  json["change_head"]["feed"] = "instead";
  const ModelConfig config = read(json);
  CHECK(config.change_head->stands_instead());
  CHECK(read(Json::parse(config.to_json())).change_head->stands_instead());
  const auto live = model::live_parameters(config);
  // The language model hears of kinds and places alone: mean and largest share of each kind.
  CHECK(live.at("change_head.context.weight") == Shape{128, 2 * 7});
  for (const auto& entry : live) {
    CHECK(entry.first.find("vision_resampler") == std::string::npos);
    CHECK(entry.first.find("adapters") == std::string::npos);
  }
  CHECK(live.count("model.mm_projector.0.weight") == 1);

  ShapeOps ops;
  const model::CCExpert graph(config);
  const auto seen = graph.see(ops, ShapeOps::input({2, 3, 32, 32}));
  CHECK_FALSE(static_cast<bool>(seen.change));
  CHECK(graph.saliency(ops, seen).shape() == Shape{1, config.vision.tokens()});
}

TEST_CASE("a head that stands instead of the difference module may have cells of any whole number of its map") {
  Json json = small();
  json["change_head"] = {{"channels", 32}, {"feed", "instead"}};
  json["mm_vision_config"]["image_size"] = 48;
  json["mm_vision_config"]["token_stride"] = 12;
  const model::ModelConfig config = read(json);
  CHECK(config.vision.tokens() == 16);

  ShapeOps ops;
  const model::CCExpert graph(config);
  const auto seen = graph.see(ops, ShapeOps::input({2, 3, 48, 48}));
  CHECK(graph.saliency(ops, seen).shape() == Shape{1, 16});
}

TEST_CASE("a head that tells the cover has a layer that reads it and one that passes it on, a date at a time") {
  Json json = small();
  json["change_head"] = {{"channels", 32}, {"feed", "instead"}, {"cover", true}};
  const ModelConfig config = read(json);
  CHECK(read(Json::parse(config.to_json())).change_head->cover);
  CHECK_FALSE(read(small()).change_head->cover);
  const auto live = model::live_parameters(config);
  CHECK(live.at("change_head.cover.weight") == Shape{8, 32});
  CHECK(live.at("change_head.cover_context.weight") == Shape{128, 4});
  CHECK(live.count("change_head.cover_context.bias") == 0);

  ShapeOps ops;
  const model::CCExpert graph(config);
  const auto head = graph.change_head(ops, graph.features(ops, ShapeOps::input({2, 3, 32, 32})));
  CHECK(head.cover.shape() == Shape{1, 16, 8});
  CHECK(head.before.shape() == Shape{1, 16, 128});
  CHECK(head.after.shape() == Shape{1, 16, 128});
}

TEST_CASE("blocks after the last level read are neither computed nor asked for") {
  Json json = small();
  json["mm_vision_config"]["levels"] = {2, 4};
  json["mm_vision_config"]["token_stride"] = 4;
  const auto live = model::live_parameters(read(json));
  CHECK(live.count("model.vision_tower.vision_tower.blocks.1.project.weight") == 1);
  CHECK(live.count("model.vision_tower.vision_tower.blocks.2.project.weight") == 0);
}

TEST_CASE("configurations that fit no tower name the key at fault") {
  refused([](Json& j) { j["mm_vision_config"]["model_type"] = "resnet"; }, "mm_vision_config.model_type");
  refused([](Json& j) { j["mm_vision_config"].erase("stages"); }, "mm_vision_config.stages");
  refused([](Json& j) { j["mm_vision_config"]["stages"][0].erase("channels"); }, "stages[].channels");
  refused([](Json& j) { j["mm_vision_config"]["stages"][0]["kernel"] = 4; }, "must be odd");
  refused([](Json& j) { j["mm_vision_config"]["stages"][0]["stride"] = 3; }, "stages[].stride");
  refused([](Json& j) { j["mm_vision_config"]["levels"] = {4, 16}; }, "levels");
  refused([](Json& j) { j["mm_vision_config"]["levels"] = {8, 4}; }, "levels");
  refused([](Json& j) { j["mm_vision_config"]["token_levels"] = {2}; }, "token_levels");
  refused([](Json& j) { j["mm_vision_config"]["image_size"] = 36; }, "image_size");
  refused([](Json& j) { j["mm_vision_config"]["token_stride"] = 2; }, "token_stride");
  refused([](Json& j) { j["mm_vision_config"]["token_stride"] = 64; }, "token_stride");
  refused(
      [](Json& j) {
        j["mm_vision_config"]["image_size"] = 48;
        j["mm_vision_config"]["token_stride"] = 12;  // the difference module's grids double
      },
      "token_stride");
  refused([](Json& j) { j["mm_vision_config"]["padding"] = "valid"; }, "padding");
  refused([](Json& j) { j["mm_vision_config"]["pixel_std"] = {1, 0, 1}; }, "pixel_std");
  refused([](Json& j) { j["mm_vision_config"]["hidden_size"] = 256; }, "embedding_dim");
  refused([](Json& j) { j["change_head"]["feed"] = "all"; }, "change_head.feed");
  refused([](Json& j) { j["change_head"]["channels"] = 0; }, "change_head.channels");
  refused(
      [](Json& j) {
        j.erase("change_head");
        j["p_change_fit"] = {{"head", 1.0}};
      },
      "p_change_fit.head");
}
