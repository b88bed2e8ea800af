// The data set on disk: LEVIR-CC's layout and captions file, the same files whatever the threads, resumed after a stop.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

#include "core/base/error.h"
#include "core/scenes/dataset.h"
#include "core/scenes/png.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

using namespace ccx;
using namespace ccx::scenes;
namespace fs = std::filesystem;

namespace {

DatasetOptions small_set(const fs::path& out) {
  DatasetOptions options;
  options.out = out;
  options.splits = {{"train", 6}, {"val", 2}, {"test", 3}};
  options.seed = 5;
  options.scene.size = 64;
  return options;
}

std::map<std::string, std::string> files(const fs::path& root) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) all[fs::relative(entry.path(), root).string()] = test::read_file(entry.path());
  }
  return all;
}

}  // namespace

TEST_CASE("a data set has LEVIR-CC's folders and captions") {
  const test::TempDir dir;
  const DatasetSummary summary = write_dataset(small_set(dir / "set"));
  CHECK(summary.pairs == 11);
  CHECK(summary.complete);
  const auto json = nlohmann::json::parse(test::read_file(dir / "set/LevirCCcaptions.json"));
  REQUIRE(json.at("images").size() == 11);
  int changed = 0;
  std::set<int> ids;
  for (const auto& image : json.at("images")) {
    const std::string split = image.at("split"), name = image.at("filename");
    CHECK(image.at("filepath") == split);
    CHECK(name.rfind(split + "_0000", 0) == 0);
    ids.insert(image.at("imgid").get<int>());
    changed += image.at("changeflag").get<int>();
    REQUIRE(image.at("sentences").size() == 5);
    for (const auto& sentence : image.at("sentences")) {
      std::string joined;
      for (const std::string word : sentence.at("tokens")) joined += (joined.empty() ? "" : " ") + word;
      CHECK(joined == sentence.at("raw").get<std::string>());
    }
    for (const char* part : {"A", "B", "label", "kinds"}) {
      const cv::Mat picture = cv::imread((dir / "set/images" / split / part / name).string(), cv::IMREAD_UNCHANGED);
      REQUIRE(picture.rows == 64);
      CHECK(picture.cols == 64);
      CHECK(picture.channels() == (std::string(part).size() > 1 ? 1 : 3));
      if (std::string(part) == "label") CHECK((cv::countNonZero(picture) > 0) == (image.at("changeflag") == 1));
      if (std::string(part) == "kinds") {
        double most = 0.0;
        cv::minMaxLoc(picture, nullptr, &most);
        CHECK(most < ccx::kChangeKindCount);  // numbers of kinds, as they are
        CHECK((most > 0.0) == (image.at("changeflag") == 1));
      }
    }
  }
  CHECK(ids.size() == 11);
  CHECK(static_cast<uint64_t>(changed) == summary.changed);
}

TEST_CASE("the files do not depend on the number of threads") {
  const test::TempDir dir;
  DatasetOptions options = small_set(dir / "one");
  write_dataset(options);
  options.out = dir / "four";
  options.threads = 4;
  write_dataset(options);
  CHECK(files(dir / "one") == files(dir / "four"));
}

TEST_CASE("an interrupted data set is finished by --resume, and only by the same options") {
  const test::TempDir dir;
  write_dataset(small_set(dir / "whole"));
  DatasetOptions options = small_set(dir / "cut");
  int asked = 0;
  options.interrupted = [&] { return ++asked > 4; };
  CHECK_FALSE(write_dataset(options).complete);
  CHECK_FALSE(fs::exists(dir / "cut/LevirCCcaptions.json"));

  options.interrupted = nullptr;
  CHECK_THROWS_AS(write_dataset(options), UsageError);  // not empty
  options.resume = true;
  DatasetOptions other = options;
  other.seed = 6;
  CHECK_THROWS_AS(write_dataset(other), UsageError);
  CHECK(write_dataset(options).complete);
  CHECK(files(dir / "cut") == files(dir / "whole"));
}

TEST_CASE("a folder that holds something else is left alone") {
  const test::TempDir dir;
  test::write_file(dir / "mine/notes.txt", "keep");
  CHECK_THROWS_AS(write_dataset(small_set(dir / "mine")), UsageError);
  CHECK(files(dir / "mine").size() == 1);
  test::write_file(dir / "file", "keep");
  CHECK_THROWS_AS(write_dataset(small_set(dir / "file")), UsageError);
}

TEST_CASE("a failed write names the path") {
  const test::TempDir dir;
  DatasetOptions options = small_set(dir / "set");
  options.splits = {{"train", 1}};
  fs::create_directories(dir / "set");
  // A folder where a picture should go: the write fails whoever runs the test.
  options.resume = true;
  options.interrupted = [] { return true; };
  write_dataset(options);
  fs::remove_all(dir / "set/images/train/B");
  test::write_file(dir / "set/images/train/B", "a file, not a folder");
  options.interrupted = nullptr;
  CHECK_THROWS_WITH(write_dataset(options), test::contains("images/train/B"));
}

TEST_CASE("splits divide the pairs and refuse what makes no sense") {
  const std::vector<Split> splits = parse_splits("train:0.8,val:0.1,test:0.1", 1001);
  REQUIRE(splits.size() == 3);
  CHECK(splits[0].count + splits[1].count + splits[2].count == 1001);
  CHECK(splits[0].count == 801);
  CHECK(splits[1].count == 100);
  CHECK(parse_splits("train", 7)[0].count == 7);
  for (const char* bad : {"", "train:0.5", "train:0.5,train:0.5", "train:x", "a/b", "train:0.5,val:0.6",
                          "train:-1,val:2", ":1", "train:0.5x,val:0.5"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_splits(bad, 10), UsageError);
  }
}

TEST_CASE("PNG files hold exactly the pixels they were given") {
  image::Image image = image::filled_image(37, 23);
  uint32_t state = 1;
  for (uint8_t& byte : image.rgb) byte = static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
  std::fill(image.rgb.begin(), image.rgb.begin() + 900, uint8_t{9});  // long runs as well as noise
  const std::string png = encode_png_rgb(image);
  const cv::Mat read = cv::imdecode(std::vector<uint8_t>(png.begin(), png.end()), cv::IMREAD_COLOR);
  REQUIRE(read.cols == 37);
  REQUIRE(read.rows == 23);
  cv::Mat rgb;
  cv::cvtColor(read, rgb, cv::COLOR_BGR2RGB);
  CHECK(std::equal(image.rgb.begin(), image.rgb.end(), rgb.data));

  for (const uint8_t value : {0, 255}) {
    const std::string flat = encode_png_grey(std::vector<uint8_t>(64 * 64, value), 64, 64);
    const cv::Mat grey = cv::imdecode(std::vector<uint8_t>(flat.begin(), flat.end()), cv::IMREAD_UNCHANGED);
    REQUIRE(grey.rows == 64);
    CHECK(cv::countNonZero(grey != value) == 0);
    CHECK(flat.size() < 200);
  }
  CHECK_THROWS_AS(encode_png_grey({1, 2, 3}, 2, 2), InputError);
}
