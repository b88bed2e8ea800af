#include "core/model/conv_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/model/config_keys.h"

namespace ccx::model {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kConvTower = "inverted_residuals";
constexpr std::array<std::pair<ChangeHeadConfig::Feed, const char*>, 5> kFeeds = {
    {{ChangeHeadConfig::Feed::kNone, "none"},
     {ChangeHeadConfig::Feed::kContext, "context"},
     {ChangeHeadConfig::Feed::kGate, "gate"},
     {ChangeHeadConfig::Feed::kBoth, "both"},
     {ChangeHeadConfig::Feed::kInstead, "instead"}}};

bool choice(const JsonReader& in, const char* key, const char* yes, const char* no, bool fallback) {
  std::string word = fallback ? yes : no;
  in.text(key, word);
  if (word != yes && word != no) throw in.error(key, "is \"" + word + "\"; choose \"" + yes + "\" or \"" + no + "\"");
  return word == yes;
}

void three_numbers(const JsonReader& in, const char* key, bool positive, std::array<float, 3>& values) {
  if (!in.has(key)) return;
  const nlohmann::json& list = in.raw(key);
  if (!list.is_array() || list.size() != 3) throw in.error(key, "must be a list of three numbers");
  for (size_t i = 0; i < 3; ++i) {
    const double value = list[i].is_number() ? list[i].get<double>() : std::nan("");
    if (!(std::abs(value) <= 1e3) || (positive && value <= 0)) {
      throw in.error(key, positive ? "must be three positive numbers" : "must be three numbers");
    }
    values[i] = static_cast<float>(value);
  }
}

void read_levels(const JsonReader& in, const char* key, const ConvTowerConfig& tower, std::vector<int>& levels) {
  if (in.has(key)) {
    const nlohmann::json& list = in.raw(key);
    if (!list.is_array() || list.empty()) throw in.error(key, "must be a list of strides such as [4,8,16,32]");
    levels.clear();
    for (const nlohmann::json& entry : list) {
      if (!entry.is_number_integer()) throw in.error(key, "must be a list of whole numbers");
      levels.push_back(static_cast<int>(std::clamp<int64_t>(entry.get<int64_t>(), -1, 1 << 20)));
    }
  }
  int last = 1;
  for (const int level : levels) {
    const bool power = level >= 2 && (level & (level - 1)) == 0;
    if (!power || level <= last || level > tower.stride()) {
      throw in.error(key, "must be ascending strides out of 2, 4, 8, ... " + std::to_string(tower.stride()));
    }
    last = level;
  }
}

void read_stages(const JsonReader& in, ConvTowerConfig& tower) {
  const char* key = "stages";
  if (!in.has(key) || !in.raw(key).is_array() || in.raw(key).empty() || in.raw(key).size() > 64) {
    throw in.error(key, "must be a list of stages");
  }
  for (const nlohmann::json& entry : in.raw(key)) {
    if (!entry.is_object()) throw in.error(key, "must be a list of objects");
    const JsonReader stage_in = in.element(key, entry);
    ConvTowerConfig::Stage stage;
    stage_in.integer("expand", stage.expand, 1, 64);
    stage_in.integer("channels", stage.channels, 1, 1 << 14, true);
    stage_in.integer("repeats", stage.repeats, 1, 256);
    stage_in.integer("stride", stage.stride, 1, 2);
    stage_in.integer("kernel", stage.kernel, 1, 15);
    if (stage.kernel % 2 == 0) throw stage_in.error("kernel", "must be odd");
    tower.stages.push_back(stage);
  }
  if (tower.stride() > 256) throw in.error(key, "halve the picture more than eight times");
}

}  // namespace

int ConvTowerConfig::stride() const {
  int stride = 2;
  for (const Stage& stage : stages) stride *= stage.stride;
  return stride;
}

int ConvTowerConfig::level_channels(size_t level) const {
  int stride = 2;
  int channels = stem_channels;
  for (const Stage& stage : stages) {
    stride *= stage.stride;
    if (stride > levels[level]) break;
    channels = stage.channels;
  }
  return channels;
}

bool is_conv_tower(const JsonReader& in) {
  std::string type = "siglip_vision_model";
  in.text("model_type", type);
  if (type == kConvTower) return true;
  if (type.rfind("siglip", 0) != 0) {
    throw in.error("model_type",
                   "is \"" + type + "\"; ccx knows SigLIP (\"siglip_vision_model\") and \"" + kConvTower + "\"");
  }
  return false;
}

VisionConfig read_conv_tower(const JsonReader& in) {
  VisionConfig vision;
  ConvTowerConfig tower;
  vision.select_layers.clear();
  vision.num_hidden_layers = 0;
  vision.hidden_size = 128;
  vision.image_size = 256;
  vision.patch_size = 16;
  in.integer("hidden_size", vision.hidden_size, 1, kMaxWidth);
  in.integer("image_size", vision.image_size, 1, 16384);
  in.integer("token_stride", vision.patch_size, 1, 256);
  in.integer("stem_channels", tower.stem_channels, 1, 1 << 14);
  tower.same_padding = choice(in, "padding", "same", "symmetric", tower.same_padding);
  tower.relu6 = choice(in, "activation", "relu6", "relu", tower.relu6);
  three_numbers(in, "pixel_mean", false, tower.mean);
  three_numbers(in, "pixel_std", true, tower.std);
  read_stages(in, tower);
  read_levels(in, "levels", tower, tower.levels);
  tower.token_levels = tower.levels;
  read_levels(in, "token_levels", tower, tower.token_levels);
  for (const int level : tower.token_levels) {
    if (std::find(tower.levels.begin(), tower.levels.end(), level) == tower.levels.end()) {
      throw in.error("token_levels", "names " + std::to_string(level) + ", which is not among \"levels\"");
    }
  }
  if (vision.image_size % tower.stride() != 0) {
    throw in.error("image_size", "is " + std::to_string(vision.image_size) + ", which the tower's stride of " +
                                     std::to_string(tower.stride()) + " does not divide");
  }
  const int finest = tower.levels.front();
  if (vision.patch_size % finest != 0 || vision.image_size % vision.patch_size != 0) {
    throw in.error("token_stride", "must be a multiple of " + std::to_string(finest) + " that divides image_size");
  }
  vision.conv = tower;
  return vision;
}

void check_token_stride(const JsonReader& root, const ModelConfig& config) {
  if (!config.vision.conv || (config.change_head && config.change_head->stands_instead())) return;
  const int tokens = config.vision.patch_size;
  const int stride = config.vision.conv->stride();
  if ((tokens & (tokens - 1)) != 0 || tokens > stride) {
    throw root.child("mm_vision_config")
        .error("token_stride",
               "must be a power of two up to " + std::to_string(stride) + ", or the change head's feed \"instead\"");
  }
}

std::string conv_tower_json(const VisionConfig& vision) {
  const ConvTowerConfig& tower = *vision.conv;
  Json stages = Json::array();
  for (const ConvTowerConfig::Stage& stage : tower.stages) {
    stages.push_back({{"expand", stage.expand},
                      {"channels", stage.channels},
                      {"repeats", stage.repeats},
                      {"stride", stage.stride},
                      {"kernel", stage.kernel}});
  }
  const auto rounded = [](const std::array<float, 3>& values) {
    Json list = Json::array();
    for (const float value : values) list.push_back(std::round(1e6 * static_cast<double>(value)) / 1e6);
    return list;
  };
  return Json({{"model_type", kConvTower},
               {"image_size", vision.image_size},
               {"hidden_size", vision.hidden_size},
               {"token_stride", vision.patch_size},
               {"levels", tower.levels},
               {"token_levels", tower.token_levels},
               {"pixel_mean", rounded(tower.mean)},
               {"pixel_std", rounded(tower.std)},
               {"padding", tower.same_padding ? "same" : "symmetric"},
               {"activation", tower.relu6 ? "relu6" : "relu"},
               {"stem_channels", tower.stem_channels},
               {"stages", stages}})
      .dump();
}

VisionConfig conv_tower_from_json(std::string_view text, const std::string& source) {
  const nlohmann::json json = parsed_config(text, source);
  if (!json.is_object()) throw CheckpointError(source + ": the tower's configuration is not a JSON object");
  const JsonReader in(json, source, "mm_vision_config.");
  if (!is_conv_tower(in)) throw in.error("model_type", "is not \"" + std::string(kConvTower) + "\"");
  return read_conv_tower(in);
}

std::optional<ChangeHeadConfig::Feed> feed_from_name(const std::string& name) {
  const auto found =
      std::find_if(kFeeds.begin(), kFeeds.end(), [&](const auto& entry) { return name == entry.second; });
  return found == kFeeds.end() ? std::nullopt : std::optional(found->first);
}

void read_change_head(const JsonReader& root, ModelConfig& config) {
  if (!root.has("change_head")) return;
  const JsonReader in = root.child("change_head");
  ChangeHeadConfig head;
  in.integer("channels", head.channels, 1, 1 << 12);
  std::string feed = "context";
  in.text("feed", feed);
  const auto found = feed_from_name(feed);
  if (!found) {
    throw in.error("feed", "is \"" + feed + "\"; choose \"none\", \"context\", \"gate\", \"both\" or \"instead\"");
  }
  head.feed = *found;
  in.boolean("context_gradient", head.context_gradient);
  in.boolean("cover", head.cover);
  config.change_head = head;
}

Json change_head_json(const ChangeHeadConfig& head) {
  const auto found =
      std::find_if(kFeeds.begin(), kFeeds.end(), [&](const auto& entry) { return head.feed == entry.first; });
  Json json = {{"channels", head.channels}, {"feed", found->second}, {"context_gradient", head.context_gradient}};
  if (head.cover) json["cover"] = true;
  return json;
}

void read_p_change_fit(const JsonReader& root, ModelConfig& config) {
  if (!root.has(kChangeFitKey)) return;
  const JsonReader in = root.child(kChangeFitKey);
  model::ChangeFit fit;
  in.any_number("bias", fit.bias);
  in.any_number("language", fit.language);
  in.any_number("head", fit.head);
  if (fit.head != 0 && !config.change_head) throw in.error("head", "needs a \"change_head\"");
  config.p_change_fit = fit;
}

Json p_change_fit_json(const model::ChangeFit& fit) {
  const auto rounded = [](float value) { return std::round(1e6 * static_cast<double>(value)) / 1e6; };
  return {{"bias", rounded(fit.bias)}, {"language", rounded(fit.language)}, {"head", rounded(fit.head)}};
}

}  // namespace ccx::model
