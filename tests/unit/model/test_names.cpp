// What a weight is by its name, and how wide layers are that use a part of theirs.
#include "core/graph/shape_ops.h"
#include "core/model/names.h"
#include "core/model/quantisation.h"
#include "tests/support/catch.h"

using namespace ccx;

TEST_CASE("weights are told by their names") {
  const std::string tower = "model.vision_tower.vision_tower.vision_model.";
  const std::string module = "model.vision_resampler.expert_change_feature_extractor_model.";
  CHECK(model::is_bias(tower + "encoder.layers.0.mlp.fc1.bias"));
  CHECK(model::is_bias(module + "layers.0.attn.in_proj_bias"));
  CHECK_FALSE(model::is_bias("model.norm.weight"));
  CHECK(model::is_layer_norm(tower + "encoder.layers.3.layer_norm2.weight"));
  CHECK(model::is_layer_norm(module + "layers.0.norm3.weight"));
  CHECK_FALSE(model::is_layer_norm("model.norm.weight"));
  CHECK_FALSE(model::is_layer_norm("model.layers.0.post_attention_layernorm.weight"));
  CHECK(model::is_table(model::kTokenTable));
  CHECK(model::is_table(tower + "embeddings.position_embedding.weight"));
  CHECK(model::is_table("model.vision_resampler.image_a_flag_embed"));
  CHECK_FALSE(model::is_table(model::kOwnHead));
  CHECK(model::is_place_table(tower + "embeddings.position_embedding.weight"));
  CHECK(model::is_patch_filter(tower + "embeddings.patch_embedding.weight"));
  CHECK(model::is_joined_projection(module + "layers.0.attn.in_proj_weight"));
  CHECK(model::is_unused_projector("model.mm_cc_projector.0.weight"));
  CHECK_FALSE(model::is_unused_projector("model.mm_projector.0.weight"));
}

TEST_CASE("attention of the language model is not the tower's") {
  CHECK(model::is_language_attention("model.layers.0.self_attn.q_proj"));
  CHECK_FALSE(
      model::is_language_attention("model.vision_tower.vision_tower.vision_model.encoder.layers.0.self_attn.q_proj"));
  CHECK_FALSE(model::is_language_attention("model.layers.0.mlp.up_proj"));
}

TEST_CASE("what keeps all its bits is told by its name as well") {
  for (const char* scope : {"model.vision_resampler.a.linear_mapping", "change_head.context", "change_head.summary",
                            "change_head.cover", "change_head.cover_context"}) {
    INFO(scope);
    CHECK(model::fewest_bits(scope) == 32);
  }
  CHECK(model::fewest_bits("model.mm_projector.0") == 8);
  CHECK(model::fewest_bits("model.layers.0.mlp.up_proj") == 4);
  CHECK(model::is_added_context("change_head.cover_context.weight"));
  CHECK_FALSE(model::is_added_context("change_head.cover.weight"));
  CHECK(model::is_kinds_bias("change_head.kinds.bias"));
}

TEST_CASE("a product with `rows` is as wide as the rows that there are") {
  ShapeOps ops;
  const Tensor x = ShapeOps::input({1, 5, 8});
  CHECK(ops.linear(x, Scope("a"), 10, Bias::kAdd, 4).shape() == Shape{1, 5, 4});
  CHECK(ops.flops() == 2.0 * 5 * 8 * 4);
  for (const int64_t rows : {0, 10, 12})
    CHECK(ops.linear(x, Scope("a"), 10, Bias::kAdd, rows).shape() == Shape{1, 5, 10});
}
