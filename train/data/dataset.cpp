#include "train/data/dataset.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "train/scenes/scenes.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// An entry of a file, with errors that say which.
class Entry {
 public:
  Entry(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json_.is_object()) fail("expected an object");
  }

  [[noreturn]] void fail(const std::string& what) const { throw InputError(where_ + ": " + what); }

  bool has(const char* key) const { return json_.contains(key) && !json_[key].is_null(); }

  // The first of the keys that is there.
  std::string text(std::initializer_list<const char*> keys) const {
    for (const char* key : keys) {
      if (!has(key)) continue;
      if (json_[key].is_number_integer()) return std::to_string(json_[key].get<int64_t>());
      if (!json_[key].is_string()) fail(std::string("\"") + key + "\" must be a string");
      return json_[key].get<std::string>();
    }
    fail("\"" + std::string(*keys.begin()) + "\" is missing");
  }

  std::optional<bool> flag(std::initializer_list<const char*> keys) const {
    for (const char* key : keys) {
      if (!has(key)) continue;
      if (json_[key].is_boolean()) return json_[key].get<bool>();
      if (json_[key].is_number_integer()) return json_[key].get<int64_t>() != 0;
      fail(std::string("\"") + key + "\" must be 0, 1, true or false");
    }
    return std::nullopt;
  }

  std::vector<std::string> captions() const {
    for (const char* key : {"change_caption", "captions", "sentences", "caption"}) {
      if (!has(key)) continue;
      const Json& value = json_[key];
      if (value.is_string()) return {value.get<std::string>()};
      std::vector<std::string> out;
      if (!value.is_array()) fail(std::string("\"") + key + "\" must be a string or a list of strings");
      for (const Json& item : value) {
        if (!item.is_string()) fail(std::string("\"") + key + "\" must be a list of strings");
        out.push_back(item.get<std::string>());
      }
      if (out.empty()) fail(std::string("\"") + key + "\" is empty");
      return out;
    }
    fail("there are no captions: expected \"change_caption\", \"captions\" or \"caption\"");
  }

  const Json& json() const { return json_; }

 private:
  const Json& json_;
  std::string where_;
};

fs::path resolve(const fs::path& root, const std::string& path) { return fs::path(path).is_absolute() ? fs::path(path) : root / path; }

PairItem read_plain(const Entry& entry, const fs::path& root) {
  PairItem item;
  const std::string before = entry.text({"img1_path", "before"});
  const std::string after = entry.text({"img2_path", "after"});
  item.id = entry.has("uid") || entry.has("id") ? entry.text({"uid", "id"}) : before;
  item.before = resolve(root, before);
  item.after = resolve(root, after);
  item.captions = entry.captions();
  if (entry.has("kinds")) item.kinds = resolve(root, entry.text({"kinds"}));
  if (entry.has("label")) item.label = resolve(root, entry.text({"label"}));
  item.changed = entry.flag({"change_flag", "changed", "changeflag"});
  if (entry.has("split")) item.split = entry.text({"split"});
  return item;
}

// Masks lie beside A and B: `kinds` as ccx draws them, `label` as LEVIR-MCI has them. Both are PNG whatever the
// pictures are.
void find_masks(const fs::path& folder, PairItem& item) {
  const std::string name = item.id + ".png";
  std::error_code error;
  if (fs::exists(folder / "kinds" / name, error)) item.kinds = folder / "kinds" / name;
  if (fs::exists(folder / "label" / name, error)) item.label = folder / "label" / name;
}

// images/{filepath}/A/{filename} beside the captions file, as LEVIR-CC is published.
std::vector<PairItem> read_levir(const Json& json, const fs::path& file, const fs::path& image_root) {
  const fs::path root = image_root.empty() ? file.parent_path() / "images" : image_root;
  std::vector<PairItem> items;
  for (const Json& image : json["images"]) {
    const Entry entry(image, file.string() + ", images[" + std::to_string(items.size()) + "]");
    PairItem item;
    const std::string name = entry.text({"filename"});
    item.split = entry.text({"split", "filepath"});
    const fs::path folder = root / (entry.has("filepath") ? entry.text({"filepath"}) : item.split);
    item.id = fs::path(name).stem().string();
    item.before = folder / "A" / name;
    item.after = folder / "B" / name;
    item.changed = entry.flag({"changeflag", "change_flag"});
    find_masks(folder, item);
    if (!entry.has("sentences") || !image["sentences"].is_array() || image["sentences"].empty()) {
      entry.fail("\"sentences\" must be a list that is not empty");
    }
    for (const Json& sentence : image["sentences"]) {
      if (!sentence.is_object() || !sentence.contains("raw") || !sentence["raw"].is_string()) {
        entry.fail("a sentence has no \"raw\" text");
      }
      // The published file has a space before every sentence and a full stop after it.
      const std::string raw = sentence["raw"].get<std::string>();
      const size_t first = raw.find_first_not_of(' ');
      item.captions.push_back(first == std::string::npos ? "" : raw.substr(first));
    }
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<PairItem> read_json(const fs::path& file, const fs::path& image_root) {
  const Json json = io::read_json<Json>(file, io::kListLimits);
  if (json.is_object() && json.contains("images") && json["images"].is_array()) return read_levir(json, file, image_root);
  if (!json.is_array()) {
    throw InputError(file.string() + ": expected CCExpert's list of pairs or LEVIR-CC's captions file (\"images\": [...])");
  }
  const fs::path root = image_root.empty() ? file.parent_path() : image_root;
  std::vector<PairItem> items;
  for (const Json& pair : json) {
    items.push_back(read_plain(Entry(pair, file.string() + ", entry " + std::to_string(items.size() + 1)), root));
  }
  return items;
}

std::vector<PairItem> read_jsonl(const fs::path& file, const fs::path& image_root) {
  const fs::path root = image_root.empty() ? file.parent_path() : image_root;
  std::istringstream in(io::read_file(file));
  std::vector<PairItem> items;
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = file.string() + ", line " + std::to_string(number);
    const Json json = io::parse_json<Json>(line, where, io::kListLimits);
    items.push_back(read_plain(Entry(json, where), root));
  }
  return items;
}

uint64_t parse_number(std::string_view text, const std::string& source) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw UsageError("\"" + source + "\" should be scenes:COUNT@SEED or scenes:COUNT@SEED/WORLDS, for example scenes:20000@1 or scenes:20000@1/all-desert");
  }
  return value;
}

std::vector<PairItem> draw_scenes(const std::string& source) {
  const size_t slash = source.find('/');
  const std::string_view text = std::string_view(source).substr(7, slash == std::string::npos ? slash : slash - 7);
  const scenes::WorldSet worlds =
      slash == std::string::npos ? scenes::kAllWorlds : scenes::parse_worlds(source.substr(slash + 1));
  const size_t at = text.find('@');
  const uint64_t count = parse_number(text.substr(0, at), source);
  const uint64_t seed = at == std::string_view::npos ? 0 : parse_number(text.substr(at + 1), source);
  if (count == 0 || count > 100'000'000) throw UsageError("\"" + source + "\": COUNT must be 1 to 100000000");
  std::vector<PairItem> items;
  const auto add = [&](const std::string& split, uint64_t pairs) {
    for (uint64_t i = 0; i < pairs; ++i) {
      PairItem item;
      item.id = "scene_" + split + "_" + std::to_string(i);
      item.scene_seed = scenes::pair_seed(seed, split, i);
      item.scene_worlds = worlds;
      item.split = split;
      items.push_back(std::move(item));
    }
  };
  add("train", count);
  add("val", std::clamp<uint64_t>(count / 20, 8, 500));
  return items;
}

}  // namespace

std::vector<PairItem> read_dataset(const std::string& source, const fs::path& image_root) {
  if (source.rfind("scenes:", 0) == 0) return draw_scenes(source);
  const fs::path path = source;
  std::vector<PairItem> items;
  if (fs::is_directory(path)) {
    const fs::path captions = path / "LevirCCcaptions.json";
    if (!fs::exists(captions)) {
      throw InputError(source + " holds no LevirCCcaptions.json; name a captions file (.json, .jsonl) or a dataset list");
    }
    items = read_json(captions, image_root);
  } else if (path.extension() == ".jsonl") {
    items = read_jsonl(path, image_root);
  } else if (path.extension() == ".json") {
    items = read_json(path, image_root);
  } else if (!fs::exists(path)) {
    throw InputError(source + " does not exist");
  } else {
    throw InputError(source + ": a dataset is a folder with LevirCCcaptions.json, a .json or a .jsonl file");
  }
  if (items.empty()) throw InputError(source + " holds no pairs");
  return items;
}

std::vector<std::string> read_captions(const std::string& source) {
  const fs::path path = source;
  std::vector<std::string> captions;
  if (source.rfind("scenes:", 0) == 0) {
    scenes::SceneOptions small;  // the pictures are not looked at
    small.size = 64;
    for (const PairItem& item : draw_scenes(source)) {
      if (item.split != "train") continue;
      small.worlds = item.scene_worlds;
      for (const std::string& sentence : scenes::generate(*item.scene_seed, small).sentences) captions.push_back(sentence);
    }
    return captions;
  }
  if (path.extension() != ".jsonl") {
    for (const PairItem& item : read_dataset(source)) captions.insert(captions.end(), item.captions.begin(), item.captions.end());
    return captions;
  }
  std::istringstream in(io::read_file(path));
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = source + ", line " + std::to_string(number);
    const Json json = io::parse_json<Json>(line, where, io::kListLimits);
    const std::vector<std::string> some = Entry(json, where).captions();
    captions.insert(captions.end(), some.begin(), some.end());
  }
  return captions;
}

}  // namespace ccx::train
