// Datasets, mixtures, sampling, loading and augmentation.
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/image/normalise.h"
#include "core/scenes/scenes.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/pictures.h"
#include "tests/support/process.h"
#include "tests/support/rasters.h"
#include "train/data/augment.h"
#include "train/data/batch.h"
#include "train/data/check.h"
#include "train/data/dataset.h"
#include "train/data/dataset_list.h"
#include "train/data/loader.h"
#include "train/data/sampler.h"

using namespace ccx;
using namespace ccx::train;

namespace {

std::string universal(int pairs) {
  nlohmann::json list = nlohmann::json::array();
  for (int i = 0; i < pairs; ++i) {
    list.push_back({{"uid", "p" + std::to_string(i)},
                    {"change_flag", i % 2},
                    {"img1_path", "A/" + std::to_string(i) + ".png"},
                    {"img2_path", "B/" + std::to_string(i) + ".png"},
                    {"change_caption", {"one " + std::to_string(i), "two words " + std::to_string(i)}}});
  }
  return list.dump();
}

std::vector<std::string> ids(const std::vector<PairItem>& items) {
  std::vector<std::string> out;
  for (const PairItem& item : items) out.push_back(item.id);
  return out;
}

DatasetEntry entry(const std::string& source, const std::string& sampling) {
  DatasetEntry e;
  e.source = e.name = source;
  e.sampling = parse_sampling(sampling);
  return e;
}

}  // namespace

TEST_CASE("CCExpert's list, LEVIR-CC's captions file and JSONL give the same kind of pairs") {
  const test::TempDir dir;
  test::write_file(dir / "u.json", universal(2));
  const std::vector<PairItem> list = read_dataset((dir / "u.json").string());
  REQUIRE(list.size() == 2);
  CHECK(list[1].id == "p1");
  CHECK(list[1].changed == true);
  CHECK(list[1].before == dir / "A/1.png");
  CHECK(list[1].captions == std::vector<std::string>{"one 1", "two words 1"});

  test::write_file(dir / "LevirCCcaptions.json",
                   R"({"images": [{"filepath": "val", "filename": "val_7.png", "split": "val", "changeflag": 0,
                       "sentences": [{"raw": " no change has occurred ."}]}]})");
  const std::vector<PairItem> levir = read_dataset(dir.path().string());
  REQUIRE(levir.size() == 1);
  CHECK(levir[0].split == "val");
  CHECK(levir[0].after == dir / "images/val/B/val_7.png");
  CHECK(levir[0].captions[0] == "no change has occurred .");

  test::write_file(
      dir / "l.jsonl",
      "{\"id\": \"x\", \"before\": \"/b.png\", \"after\": \"a.png\", \"caption\": \"c\", \"split\": \"test\"}\n\n");
  const std::vector<PairItem> lines = read_dataset((dir / "l.jsonl").string(), "/root");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].before == "/b.png");
  CHECK(lines[0].after == "/root/a.png");
  CHECK(lines[0].split == "test");
}

TEST_CASE("a malformed dataset is refused with its file and entry") {
  const test::TempDir dir;
  const auto refused = [&](const std::string& name, const std::string& content, const std::string& reason) {
    test::write_file(dir / name, content);
    CHECK_THROWS_WITH(read_dataset((dir / name).string()), test::contains(reason));
  };
  refused("a.json", "{", "not valid JSON");
  refused("b.json", "[]", "lists no pairs");
  refused("c.json", "{\"x\": 1}", "no list that ccx knows");
  refused("d.json", "[3]", "entry 1: is not an object");
  refused("e.json", R"([{"img1_path": 3, "img2_path": [], "change_caption": ["a"]}])", "entry 1");
  refused("f.json", R"([{"img1_path": "a", "img2_path": "b", "change_caption": []}])", "has no captions");
  refused("g.jsonl", "{\"before\": \"a\", \"after\": \"b\", \"caption\": \"c\"}\nnonsense\n", "g.jsonl:2");
  refused("h.json", R"({"images": [{"filename": "a.png", "split": "train", "sentences": [{}]}]})", "entry 1");
  CHECK_THROWS_AS(read_dataset("scenes:many"), UsageError);
  CHECK_THROWS_AS(read_dataset((dir / "absent.json").string()), InputError);
}

TEST_CASE("all, first, end, random and shares take what they say") {
  const test::TempDir dir;
  test::write_file(dir / "u.json", universal(10));
  const std::string source = (dir / "u.json").string();
  CHECK(take(entry(source, "all"), "train", 1).size() == 10);
  CHECK(ids(take(entry(source, "first:3"), "train", 1)) == std::vector<std::string>{"p0", "p1", "p2"});
  CHECK(ids(take(entry(source, "end:2"), "train", 1)) == std::vector<std::string>{"p8", "p9"});
  CHECK(ids(take(entry(source, "20%"), "train", 1)) == std::vector<std::string>{"p0", "p1"});
  CHECK(ids(take(entry(source, "end:10%"), "train", 1)) == std::vector<std::string>{"p9"});
  CHECK(take(entry(source, "first:99"), "train", 1).size() == 10);
  const std::vector<std::string> random = ids(take(entry(source, "random:4"), "train", 1));
  CHECK(std::set<std::string>(random.begin(), random.end()).size() == 4);
  CHECK(ids(take(entry(source, "random:4"), "train", 1)) == random);
  CHECK(ids(take(entry(source, "random:4"), "train", 2)) != random);
  CHECK(take(entry(source, "all"), "val", 1).empty());
  DatasetEntry twice = entry(source, "first:3");
  twice.repeat = 2;
  CHECK(ids(take(twice, "train", 1)) == std::vector<std::string>{"p0", "p1", "p2", "p0", "p1", "p2"});
  for (const char* bad :
       {"", "some", "first", "first:", "first:-1", "first:1.5", "middle:3", "101%", "3", "random:x"}) {
    INFO(bad);
    CHECK_THROWS_AS(parse_sampling(bad), UsageError);
  }
}

TEST_CASE("a dataset list in YAML or JSON names its datasets relative to itself") {
  const test::TempDir dir;
  test::write_file(dir / "sub/u.json", universal(4));
  test::write_file(
      dir / "mix.yaml",
      "datasets:\n  - json_path: sub/u.json\n    sampling_strategy: first:1\n    repeat: 3\n  - path: scenes:5@9\n");
  const std::vector<DatasetEntry> entries = read_dataset_list({(dir / "mix.yaml").string()});
  REQUIRE(entries.size() == 2);
  CHECK(take(entries[0], "train", 0).size() == 3);
  CHECK(take(entries[1], "train", 0).size() == 5);
  test::write_file(dir / "mix.json", R"({"datasets": [{"json_path": "sub/u.json", "sampling_strategy": "end:50%"}]})");
  CHECK(take(read_dataset_list({(dir / "mix.json").string()})[0], "train", 0).size() == 2);

  test::write_file(dir / "bad.yaml", "datasets:\n  - json_path: x.json\n    samplingstrategy: all\n");
  CHECK_THROWS_WITH(read_dataset_list({(dir / "bad.yaml").string()}),
                    test::contains("unknown key \"samplingstrategy\""));
  test::write_file(dir / "bad2.yaml", "datasets:\n  - json_path: x.json\n    repeat: often\n");
  CHECK_THROWS_WITH(read_dataset_list({(dir / "bad2.yaml").string()}), test::contains("dataset 1"));
  test::write_file(dir / "bad3.yaml", "a: [");
  CHECK_THROWS_AS(read_dataset_list({(dir / "bad3.yaml").string()}), InputError);
}

TEST_CASE("an epoch visits every sample once, in another order each time") {
  std::vector<PairItem> items(7);
  for (PairItem& item : items) item.captions = {"a", "b", "c"};
  const Sampler flat(items, {Captions::kFlatten, 4, true, 5});
  CHECK(flat.samples() == 21);
  CHECK(flat.micro_batches() == 6);
  std::vector<std::pair<int64_t, int64_t>> orders[2];
  for (int64_t epoch = 0; epoch < 2; ++epoch) {
    std::set<std::pair<int64_t, int64_t>> seen;
    for (int64_t i = 0; i < flat.micro_batches(); ++i) {
      for (const Visit& visit : flat.micro_batch(epoch, i)) {
        seen.insert({visit.item, visit.caption});
        orders[epoch].emplace_back(visit.item, visit.caption);
      }
    }
    CHECK(seen.size() == 21);
    CHECK(orders[epoch].size() == 21);
  }
  CHECK(orders[0] != orders[1]);

  const Sampler random(items, {Captions::kRandomChoice, 2, true, 5});
  CHECK(random.samples() == 7);
  std::set<int64_t> captions;
  for (int64_t epoch = 0; epoch < 10; ++epoch) captions.insert(random.micro_batch(epoch, 0)[0].caption);
  CHECK(captions == std::set<int64_t>{0, 1, 2});
  CHECK(Sampler(items, {Captions::kRandomChoice, 2, false, 5}).micro_batch(3, 1)[0].item == 2);

  const Sampler first(items, {Captions::kFirst, 2, true, 5});
  CHECK(first.samples() == 7);
  for (int64_t i = 0; i < first.micro_batches(); ++i) {
    for (const Visit& visit : first.micro_batch(2, i)) CHECK(visit.caption == 0);
  }
}

TEST_CASE("the loader hands batches out in order whatever the threads, and passes failures on") {
  for (const int threads : {1, 4}) {
    Loader loader(
        [](int64_t index) {
          Batch batch;
          batch.ids = {std::to_string(index)};
          return batch;
        },
        3, 40, threads, 5);
    for (int64_t i = 3; i < 40; ++i) CHECK(loader.next().ids[0] == std::to_string(i));
  }
  Loader failing(
      [](int64_t index) -> Batch {
        if (index == 2) throw InputError("broken");
        return {};
      },
      0, 10, 2, 4);
  CHECK_THROWS_WITH(
      [&] {
        for (int i = 0; i < 10; ++i) failing.next();
      }(),
      test::contains("broken"));
}

TEST_CASE("a sample that cannot be read is named, and its neighbours are untouched") {
  const test::TempDir dir;
  std::vector<PairItem> items(3);
  for (size_t i = 0; i < 3; ++i) {
    items[i].id = "p" + std::to_string(i);
    items[i].before = dir / ("a" + std::to_string(i) + ".png");
    items[i].after = items[i].before;
    items[i].captions = {"a road"};
    if (i != 1) test::write_png(items[i].before, image::filled_image(20, 20, static_cast<uint8_t>(100 * i)));
  }
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::data_dir() / "reference/tiny");
  const SampleReader reader(items, tokenizer, 16, {});
  const Batch batch = reader.read({{0, 0, 1}, {1, 0, 2}, {2, 0, 3}});
  CHECK(batch.ids == std::vector<std::string>{"p0", "p2"});
  REQUIRE(batch.bad.size() == 1);
  CHECK(batch.bad[0].id == "p1");
  CHECK_THAT(batch.bad[0].message, test::contains("a1.png"));
  CHECK(batch.pixels.size() == 2 * 2 * 3 * 16 * 16);
}

TEST_CASE("training pictures are read with the bands and the stretch that are asked for") {
  const test::TempDir dir;
  test::RasterSpec spec = test::scene_raster(GDT_UInt16, 10);
  test::write_raster(dir / "a.tif", spec);
  std::vector<PairItem> items(1);
  items[0].id = "p";
  items[0].before = items[0].after = dir / "a.tif";
  items[0].captions = {"a road"};
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::data_dir() / "reference/tiny");
  SampleReader reader(items, tokenizer, 16, {});
  image::ReadOptions images;
  images.bands = {3, 2, 1};
  images.stretch = image::parse_stretch("0..2550");
  reader.set_images(images);
  image::Image scene = test::scene_image();
  for (size_t i = 0; i < scene.rgb.size(); i += 3) std::swap(scene.rgb[i], scene.rgb[i + 2]);
  CHECK(reader.read_pair(items[0]).before == image::preprocess(scene, 16));
}

TEST_CASE("pairs drawn smaller than the model sees are stretched as pictures of that size are") {
  std::vector<PairItem> items(1);
  items[0].id = "s";
  scenes::SceneOptions small;
  small.size = 64;
  uint64_t seed = 0;
  while (!scenes::generate(seed, small).changed) ++seed;
  items[0].scene_seed = seed;
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::data_dir() / "reference/tiny");
  SampleReader reader(items, tokenizer, 96, {}, 0, {96, 24, 4});
  reader.set_scene_size(64);
  const scenes::Pair drawn = scenes::generate(seed, small);
  const SampleReader::Pair read = reader.read_pair(items[0]);
  CHECK(read.before == image::preprocess(drawn.before, 96));
  const ChangeMask mask{ChangeMask::Form::kKinds, 64, 64, drawn.kinds};
  REQUIRE(read.changes);
  CHECK(read.changes->shares == change_targets(mask, {96, 24, 4}, true).shares);
}

TEST_CASE("a mask goes with georeferenced pictures that are turned for north to be up") {
  const test::TempDir dir;
  std::vector<PairItem> items(1);
  items[0].id = "s";
  items[0].before = dir / "a.tif";
  items[0].after = dir / "b.tif";
  items[0].kinds = dir / "mask.png";
  items[0].captions = {"a house is built"};
  test::RasterSpec south_up = test::scene_raster(GDT_Byte, 1, 2);
  south_up.to_ground = {{500000, 0.5, 0, 3300000, 0, 0.5}};
  south_up.epsg = 32614;
  test::write_raster(items[0].before, south_up);
  test::write_raster(items[0].after, south_up);
  ChangeMask mask{ChangeMask::Form::kKinds, 64, 64, std::vector<uint8_t>(64 * 64, 0)};
  std::fill_n(mask.values.begin(), 64 * 16, uint8_t{1});  // the first rows of the file, which are the south
  image::Image drawn = image::filled_image(64, 64);
  std::fill_n(drawn.rgb.begin(), 3 * 64 * 16, uint8_t{1});
  test::write_png(items[0].kinds, drawn);
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::data_dir() / "reference/tiny");
  const SampleReader::Pair read = SampleReader(items, tokenizer, 96, {}, 0, {96, 24, 4}).read_pair(items[0]);
  REQUIRE(read.changes);
  std::reverse(mask.values.begin(), mask.values.end());
  CHECK(read.changes->shares == change_targets(mask, {96, 24, 4}, true).shares);
}

TEST_CASE("a caption beyond the model's context is a bad sample, and its neighbours are untouched") {
  const test::TempDir dir;
  std::vector<PairItem> items(2);
  for (size_t i = 0; i < 2; ++i) {
    items[i].id = "p" + std::to_string(i);
    items[i].before = items[i].after = dir / "a.png";
    items[i].captions = {"a road"};
  }
  test::write_png(dir / "a.png", image::filled_image(20, 20, 100));
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::data_dir() / "reference/tiny");
  SampleReader reader(items, tokenizer, 16, {});
  const size_t ids = text::build_training_sample(tokenizer, "a road").ids.size();
  reader.set_longest(ids);
  for (int i = 0; i < 500; ++i) items[1].captions[0] += " and a road";
  const Batch batch = reader.read({{0, 0, 1}, {1, 0, 2}});
  CHECK(batch.ids == std::vector<std::string>{"p0"});
  REQUIRE(batch.bad.size() == 1);
  CHECK(batch.bad[0].id == "p1");
  CHECK_THAT(batch.bad[0].message, test::contains("a caption is too long"));
}

TEST_CASE("unchanged pairs alone are captioned with the sentence that was asked for") {
  std::vector<PairItem> items;
  for (uint64_t seed = 0; seed < 12; ++seed) {
    PairItem item;
    item.id = std::to_string(seed);
    item.scene_seed = seed;
    items.push_back(item);
  }
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::data_dir() / "reference/tiny");
  Augmentation plain;
  plain.no_change_caption = "the scene is the same as before";
  const SampleReader asked(items, tokenizer, 64, plain), own(items, tokenizer, 64, {});
  const std::vector<int64_t> sentence = text::build_training_sample(tokenizer, plain.no_change_caption).ids;
  int unchanged = 0, changed = 0;
  for (int64_t i = 0; i < 12; ++i) {
    // The first of an unchanged pair's own captions is "there is no difference".
    const Batch with = asked.read({{i, 0, 1}}), without = own.read({{i, 0, 1}});
    if (asked.read_pair(items[static_cast<size_t>(i)]).changed) {
      ++changed;
      CHECK(with.samples[0].ids == without.samples[0].ids);
    } else {
      ++unchanged;
      CHECK(with.samples[0].ids == sentence);
      CHECK(without.samples[0].ids != sentence);
      CHECK(asked.read_pair(items[static_cast<size_t>(i)]).captions.size() == 5);  // evaluation keeps all references
    }
  }
  CHECK(unchanged > 0);
  CHECK(changed > 0);
}

TEST_CASE("a flip moves both pictures alike and never touches a caption that names a side") {
  image::Image picture = image::filled_image(3, 2);
  for (size_t i = 0; i < 6; ++i) picture.rgb[3 * i] = static_cast<uint8_t>(10 * (i + 1));  // 10 20 30 / 40 50 60
  const auto red = [](const image::Image& image) {
    std::vector<int> out;
    for (size_t i = 0; i < image.rgb.size(); i += 3) out.push_back(image.rgb[i]);
    return out;
  };
  CHECK(red(transformed(picture, 4)) == std::vector<int>{30, 20, 10, 60, 50, 40});
  CHECK(red(transformed(picture, 1)) == std::vector<int>{40, 10, 50, 20, 60, 30});  // clockwise
  CHECK(red(transformed(picture, 2)) == std::vector<int>{60, 50, 40, 30, 20, 10});
  CHECK(names_a_direction("houses at the Top right."));
  CHECK_FALSE(names_a_direction("bright roofs are stopped"));
  for (uint64_t seed = 0; seed < 20; ++seed) {
    image::Image a = picture;
    image::Image b = picture;
    Random random(seed);
    augment(a, b, "a house on the left", {true, false}, random);
    CHECK(a == picture);
    Random again(seed);
    augment(a, b, "a house", {true, false}, again);
    CHECK(a == b);
    augment(a, b, "a house", {false, true}, again);
    CHECK_FALSE(a == b);
  }
}

TEST_CASE("jitter is drawn from the seed, differs between the dates and leaves the after picture in register") {
  // A bright square on grey: its middle can be found again whatever tone and file do to it.
  image::Image picture = image::filled_image(128, 128, 90);
  for (int y = 50; y < 80; ++y) {
    for (int x = 40; x < 70; ++x) std::fill_n(picture.pixel(x, y), 3, uint8_t{200});
  }
  const auto middle = [](const image::Image& p) {
    int least = 255, most = 0;
    for (size_t i = 1; i < p.rgb.size(); i += 3)
      least = std::min<int>(least, p.rgb[i]), most = std::max<int>(most, p.rgb[i]);
    double x_sum = 0, y_sum = 0, count = 0;
    for (int y = 0; y < p.height; ++y) {
      for (int x = 0; x < p.width; ++x) {
        if (p.pixel(x, y)[1] * 2 < least + most) continue;
        x_sum += x, y_sum += y, ++count;
      }
    }
    return std::pair{x_sum / count, y_sum / count};
  };
  double moved = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    image::Image a = picture, b = picture, c = picture, d = picture;
    Random random(seed), again(seed);
    augment(a, b, "a house", parse_augmentation("jitter:0.6"), random);
    augment(c, d, "a house", parse_augmentation("jitter:0.6"), again);
    CHECK(a == c);
    CHECK(b == d);
    CHECK_FALSE(a == b);
    const auto [ax, ay] = middle(a);
    const auto [bx, by] = middle(b);
    CHECK(std::abs(bx - 54.5) < 0.5);  // of the after picture nothing moves: noise and JPEG leave half a pixel
    CHECK(std::abs(by - 64.5) < 0.5);
    moved = std::max({moved, std::abs(ax - 54.5), std::abs(ay - 64.5)});
  }
  CHECK(moved > 0.6);  // of up to 3.5 * 0.6 pixels of 256, which are half as many here
  CHECK(moved < 2.5);
}

TEST_CASE("augmentations are named exactly") {
  CHECK(parse_augmentation("jitter").jitter == 1.0);
  CHECK(parse_augmentation("jitter:0.5").jitter == 0.5);
  CHECK_FALSE(parse_augmentation("jitter").geometric);
  const Augmentation both = parse_augmentation("geometric,jitter:2");
  CHECK(both.geometric);
  CHECK(both.jitter == 2.0);
  CHECK(parse_augmentation("both").jitter == 0.0);
  for (const char* wrong : {"", "jitter:", "jitter:0", "jitter:-1", "jitter:4", "jitter:1x", "jitter:nan", "geometric,",
                            "geometric,none", "jitters"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_augmentation(wrong), UsageError);
  }
}

TEST_CASE("a check finds broken files, repeats and leaks") {
  const test::TempDir dir;
  for (int i = 0; i < 3; ++i)
    test::write_png(dir / (std::to_string(i) + ".png"), image::filled_image(8, 8, static_cast<uint8_t>(i)));
  test::write_png(dir / "copy.png", image::filled_image(8, 8, 1));
  const auto line = [](const std::string& id, const std::string& picture, const std::string& split) {
    return "{\"id\": \"" + id + "\", \"before\": \"0.png\", \"after\": \"" + picture +
           "\", \"caption\": \"a b c\", \"split\": \"" + split + "\", \"changed\": true}\n";
  };
  test::write_file(dir / "d.jsonl", line("x", "1.png", "train") + line("y", "2.png", "train") +
                                        line("y2", "2.png", "train") + line("z", "copy.png", "test") +
                                        line("gone", "9.png", "train"));
  const CheckReport report = check_datasets(read_dataset_list({(dir / "d.jsonl").string()}), {});
  REQUIRE(report.errors.size() == 1);
  CHECK_THAT(report.errors[0], test::contains("gone"));
  REQUIRE(report.warnings.size() == 1);
  CHECK_THAT(report.warnings[0], test::contains("y2"));
  REQUIRE(report.leaks.size() == 1);
  CHECK_THAT(report.leaks[0], test::contains("z (test) is the pair of x (train)"));
  const SplitReport& train = report.datasets[0].splits.at("train");
  CHECK(train.pairs == 4);
  CHECK(train.mean_words == 3);
  CHECK(train.sizes.at("8x8") == 6);
}
