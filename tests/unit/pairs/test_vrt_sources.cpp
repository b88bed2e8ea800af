// Pictures that a virtual raster of the folder is made of are not captioned once more.
#include "core/pairs/folder/vrt_sources.h"
#include "tests/unit/pairs/name_cases.h"

using namespace ccx;
using pairs::vrt_sources;

namespace {

std::string source(const std::string& path, bool is_relative = true) {
  return std::string("<SimpleSource><SourceFilename relativeToVRT=\"") + (is_relative ? "1" : "0") + "\">" + path +
         "</SourceFilename><SourceBand>1</SourceBand></SimpleSource>";
}

std::string vrt(const std::vector<std::string>& bands) {
  std::string out = "<VRTDataset rasterXSize=\"8\" rasterYSize=\"8\">";
  for (std::size_t i = 0; i < bands.size(); ++i)
    out += "<VRTRasterBand dataType=\"Byte\" band=\"" + std::to_string(i + 1) + "\">" + bands[i] + "</VRTRasterBand>";
  return out + "</VRTDataset>";
}

}  // namespace

TEST_CASE("the sources of a virtual raster") {
  const auto stack = vrt_sources(vrt({source("bands/r.tif"), source("bands/g &amp; h.tif"), source("/b.tif", false)}));
  CHECK(stack.paths == std::vector<std::string>{"bands/r.tif", "bands/g & h.tif"});
  CHECK(!stack.is_mosaic);
  const std::string tiles = source("1.tif") + source("2.tif");
  CHECK(vrt_sources(vrt({tiles, tiles, tiles})).is_mosaic);
  CHECK(vrt_sources("<VRTDataset><SourceDataset relativeToVRT=\"1\">src/x.tif</SourceDataset></VRTDataset>").paths ==
        std::vector<std::string>{"src/x.tif"});
  CHECK(vrt_sources("<html><SourceFilename relativeToVRT=\"1\">x.tif</SourceFilename></html>").paths.empty());
  CHECK(vrt_sources("<VRTDataset><SourceFilename relativeToVRT=\"1\">x.tif").paths.empty());
}

TEST_CASE("bands and views behind a .vrt are its parts, the tiles of a mosaic are told") {
  const test::TempDir dir;
  const auto found = [&] {
    pairs::PairSource in;
    in.in = dir.path();
    return pairs::find_pairs(in);
  };
  for (const std::string side : {"A", "B"}) {
    for (const char* band : {"one", "two", "three"})
      test::write_file(dir.path() / side / "bands" / ("x_" + std::string(band) + ".tif"), "");
    test::write_file(dir.path() / side / "x.vrt",
                     vrt({source("bands/x_one.tif"), source("bands/x_two.tif"), source("bands/x_three.tif")}));
  }
  const pairs::PairList list = found();
  REQUIRE(list.pairs.size() == 1);
  CHECK(list.pairs[0].before == (dir.path() / "A/x.vrt").string());
  CHECK(std::any_of(list.notes.begin(), list.notes.end(), [](const std::string& note) {
    return note.starts_with("6 files that a .vrt shows as one picture passed over");
  }));
  for (const std::string side : {"A", "B"})
    test::write_file(dir.path() / side / "x.vrt", vrt({source("bands/x_one.tif") + source("bands/x_two.tif")}));
  const pairs::PairList mosaic = found();
  CHECK(mosaic.pairs.size() == 4);
  CHECK(std::any_of(mosaic.notes.begin(), mosaic.notes.end(), [](const std::string& note) {
    return note.find("x.vrt and the pictures that it puts together are all taken for pictures") != std::string::npos;
  }));
}
