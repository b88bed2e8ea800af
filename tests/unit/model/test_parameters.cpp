#include "core/model/parameters.h"

#include <fstream>
#include <sstream>

#include "core/graph/shape_ops.h"
#include "core/model/ccexpert.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

// Lines "name <tab> [2, 3]", as reference/state_dict_*.txt.
std::map<std::string, Shape> read_list(const std::filesystem::path& path) {
  std::map<std::string, Shape> list;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    const size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    std::string shape = line.substr(tab + 1);
    for (char& c : shape) c = (c == '[' || c == ']' || c == ',') ? ' ' : c;
    std::istringstream numbers(shape);
    Shape sizes;
    for (int64_t n; numbers >> n;) sizes.push_back(n);
    list[line.substr(0, tab)] = sizes;
  }
  return list;
}

void check_equal(const model::ModelConfig& config, const std::string& file) {
  const auto published = read_list(test::data_dir() / "reference" / file);
  REQUIRE(published.size() > 100);
  std::map<std::string, Shape> ours = model::live_parameters(config);
  for (const auto& entry : model::dead_parameters(config)) CHECK(ours.insert(entry).second);
  // A tied head is the embedding table under a second name: listed by the reference, not saved by it.
  if (config.text.tie_word_embeddings) ours["lm_head.weight"] = ours.at("model.embed_tokens.weight");
  for (const auto& [name, shape] : published) {
    INFO(name);
    REQUIRE(ours.count(name) == 1);
    CHECK(ours[name] == shape);
  }
  for (const auto& [name, shape] : ours) {
    INFO(name);
    CHECK(published.count(name) == 1);
  }
}

}  // namespace

TEST_CASE("the graph of the published 0.5B and 7B sizes reads exactly the published parameters") {
  check_equal(model::ModelConfig::preset("0.5b"), "state_dict_0.5b.txt");
  check_equal(model::ModelConfig::preset("7b"), "state_dict_7b.txt");
}

TEST_CASE("the tiny fixture's configuration gives its parameter list") {
  const auto path = test::data_dir() / "reference/tiny/config.json";
  check_equal(model::ModelConfig::from_json(test::read_file(path), path.string()), "tiny_state_dict.txt");
}

TEST_CASE("FLOPs follow from the shapes of the 0.5B model") {
  const auto config = model::ModelConfig::preset("0.5b");
  const model::CCExpert model(config);
  ShapeOps ops;
  const auto levels = model.tower(ops, ShapeOps::input({2, 3, 384, 384}));
  // By hand: 2 images, 26 blocks of 729 tokens: 2 * 729 * (4 * 1152^2 + 2 * 1152 * 4304) for the linears and
  // 4 * 729^2 * 1152 for attention, and the patch embedding.
  const double block = 2.0 * 729 * (4.0 * 1152 * 1152 + 2.0 * 1152 * 4304) + 4.0 * 729 * 729 * 1152;
  CHECK(ops.flops() == Approx(2 * (26 * block + 2.0 * 729 * 588 * 1152)));
  REQUIRE(levels.size() == 4);
  CHECK(levels[0].shape() == Shape{2, 729, 1152});
}
