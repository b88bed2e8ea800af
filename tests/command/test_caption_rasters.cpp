// What `ccx caption` says of the pictures that it read: the record, stderr, options, resume.
#include "core/image/encode.h"
#include "core/image/png_chunks.h"
#include "tests/command/caption_case.h"
#include "tests/support/catch.h"
#include "tests/support/rasters.h"

using namespace ccx;
using namespace ccx::test;

namespace {

// A pair of rasters in the case's folder.
void write_dates(const CaptionCase& c, const std::string& name, const RasterSpec& before, const RasterSpec& after) {
  write_raster(c / ("pairs/A/" + name), before);
  write_raster(c / ("pairs/B/" + name), after);
}

}  // namespace

TEST_CASE("a record tells how deep rasters were read, and nothing of plain pictures") {
  const CaptionCase c(2);
  write_dates(c, "x.tif", scene_raster(GDT_UInt16, 8, 2), scene_raster(GDT_Byte, 1, 6));
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 0);
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].find("\"read\"") == std::string::npos);
  CHECK_THAT(lines[2], contains(R"("read":{"before":{"type":"uint16","bands":[1,2,3],"stretch":[)"));
  CHECK(lines[2].find("\"after\":{\"type\"") == std::string::npos);
  const ProcessResult fixed = c.caption("--overwrite --stretch 0..2040 --bands 3,2,1");
  CHECK(fixed.exit_code == 0);
  CHECK_THAT(lines_of(c.output())[2], contains(R"("before":{"type":"uint16","bands":[3,2,1],"stretch":[0,2040]})") &&
                                          contains(R"("after":{"type":"uint8","bands":[3,2,1],"stretch":[0,2040]})"));
}

TEST_CASE("warnings stand in the record with their codes, and one count a code on stderr") {
  const CaptionCase c;
  for (const std::string name : {"1.tif", "2.tif"}) {
    RasterSpec half = scene_raster(GDT_Byte, 1, 2);
    half.nodata = 0;
    half.value = [](int x, int y, int band) { return x < 48 ? scene_value(x, y, band, 2) : 0; };
    write_dates(c, name, scene_raster(GDT_Byte, 1, 6), half);
  }
  RasterSpec grey = scene_raster();
  grey.bands = 1;
  RasterSpec other = grey;
  other.value = [](int x, int y, int) { return scene_value(x, y, 0, 1); };
  write_dates(c, "3.tif", grey, other);
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 0);
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[0], contains(R"("warnings":[{"code":"nodata","message":")") && contains(R"("nodata":0.2500)"));
  CHECK_THAT(lines[2], contains(R"("warnings":[{"code":"grey")") && contains(R"("bands":[1])"));
  CHECK_THAT(result.err, contains("2 pairs have an image that is without data in places (nodata)"));
  CHECK_THAT(result.err, contains("1 pair has a grey image") && contains("(grey)"));
  CHECK_THAT(read_file(c / "c.jsonl.run.json"), contains("\"nodata\": 2") && contains("\"grey\": 1"));

  const ProcessResult dry = c.ccx("caption --in pairs --dry-run");
  CHECK(dry.exit_code == 0);
  CHECK_THAT(dry.out, contains(R"("code":"nodata")"));
  CHECK_THAT(dry.err, contains("2 pairs have an image that is without data"));

  const ProcessResult strict = c.caption("--overwrite --strict-pairs");
  CHECK(strict.exit_code == 3);
  CHECK_THAT(lines_of(c.output())[0], contains(R"("error":{"code":"nodata","message":")"));
  CHECK_THAT(lines_of(c.output())[2], contains(R"("error":{"code":"grey")"));
}

TEST_CASE("a run is not continued with other bands or another stretch, and its warnings are counted over both parts") {
  const CaptionCase c;
  RasterSpec grey = scene_raster(GDT_UInt16, 8, 6);
  grey.bands = 1;
  RasterSpec later = grey;
  later.value = [](int x, int y, int) { return scene_value(x, y, 0, 1) * 8; };
  write_dates(c, "1.tif", grey, later);
  CHECK(c.caption().exit_code == 0);
  CHECK_THAT(c.caption("--resume --stretch minmax").err, contains("stretch was \"auto\" and is \"minmax\""));
  CHECK_THAT(c.caption("--resume --bands 1").err, contains("bands was"));
  CHECK(c.caption("--resume --strict-pairs").exit_code == 2);
  write_dates(c, "2.tif", grey, later);
  const ProcessResult both = c.caption("--resume");
  CHECK(both.exit_code == 0);
  CHECK_THAT(both.err, contains("2 pairs have a grey image"));
  const ProcessResult merged = c.ccx("merge c.jsonl --in pairs --out m.jsonl");
  CHECK(merged.exit_code == 0);
  CHECK_THAT(read_file(c / "m.jsonl.run.json"), contains("\"grey\": 2"));
}

TEST_CASE("two places are a failed record, wrong options are found before anything is read") {
  const CaptionCase c;
  RasterSpec here = scene_raster(), there = scene_raster(GDT_Byte, 1, 2);
  here.to_ground = {{500000, 0.5, 0, 3300000, 0, -0.5}};
  here.epsg = 32614;
  there.to_ground = {{700000, 0.5, 0, 3500000, 0, -0.5}};
  there.epsg = 32615;
  write_dates(c, "1.tif", here, there);
  there = here;
  there.to_ground = {{500008, 0.5, 0, 3300000, 0, -0.5}};
  there.value = [](int x, int y, int band) { return scene_value(x + 16, y, band, 2); };
  write_dates(c, "2.tif", here, there);
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 3);
  CHECK_THAT(lines_of(c.output())[0], contains(R"("error":{"code":"different_place","message":")"));
  CHECK_THAT(lines_of(c.output())[1], contains(R"("window":[16,0,48,64])"));
  CHECK_THAT(result.err, contains("1 pair was cropped or warped"));
  CHECK(c.caption("--overwrite --stretch 5").exit_code == 2);
  CHECK(c.caption("--overwrite --bands 1,2").exit_code == 2);
  CHECK_THAT(c.caption("--overwrite --bands 7,8,9").err, contains("decode_image"));
}

TEST_CASE("a VRT may draw on the input's folder, and on others only when that is allowed") {
  const CaptionCase c;
  write_raster(c / "outside/s.tif", scene_raster());
  const std::string vrt =
      "<VRTDataset rasterXSize=\"64\" rasterYSize=\"64\"><VRTRasterBand dataType=\"Byte\" band=\"1\">"
      "<SimpleSource><SourceFilename relativeToVRT=\"1\">../../outside/s.tif</SourceFilename>"
      "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>";
  std::filesystem::create_directories(c / "pairs/A");
  std::filesystem::create_directories(c / "pairs/B");
  write_file(c / "pairs/A/x.vrt", vrt);
  write_raster(c / "pairs/B/x.tif", scene_raster(GDT_Byte, 1, 2));
  write_file(c / "list.jsonl", R"({"id":"x","before":"pairs/A/x.vrt","after":"pairs/B/x.tif"})"
                               "\n");
  CHECK(c.ccx("caption --in list.jsonl --out o.jsonl --model model").exit_code == 0);
  const ProcessResult inner = c.ccx("caption --in list.jsonl --root pairs/.. --out o.jsonl --overwrite --model model");
  CHECK(inner.exit_code == 0);
  write_file(c / "pairs/list.jsonl", R"({"id":"x","before":"A/x.vrt","after":"B/x.tif"})"
                                     "\n");
  const ProcessResult refused = c.ccx("caption --in pairs/list.jsonl --out o.jsonl --overwrite --model model");
  CHECK(refused.exit_code == 3);
  CHECK_THAT(c.output("o.jsonl"), contains("outside") && contains("--allow-outside"));
  CHECK(c.ccx("caption --in pairs/list.jsonl --allow-outside --out o.jsonl --overwrite --model model").exit_code == 0);
}

TEST_CASE("a record tells of pictures that were turned north, of little common ground and of other frames") {
  const CaptionCase c;
  RasterSpec before = scene_raster(GDT_Byte, 1, 2), after = scene_raster();
  for (RasterSpec* date : {&before, &after}) {
    date->to_ground = {{500000, 0.5, 0, 3300000, 0, 0.5}};
    date->epsg = 32614;
  }
  write_dates(c, "1.tif", before, after);
  (*after.to_ground)[0] += 30;
  write_dates(c, "2.tif", before, after);
  const std::string still = image::encode_png(scene_image());
  const std::string head = still.substr(0, image::kPngStart), control = image::png_chunk("fcTL", std::string(26, '\0'));
  write_file(c / "pairs/A/3.png", image::encode_png(scene_image(64, 2)));
  write_file(c / "pairs/B/3.png", head + image::png_chunk("acTL", std::string(8, '\0')) + control +
                                      still.substr(image::kPngStart, still.size() - image::kPngStart - 12) + control +
                                      image::png_chunk("fdAT", "frame") + image::png_chunk("IEND", ""));
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 0);
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[0], contains(R"("after":{"type":"uint8","bands":[1,2,3],"north_up":true})"));
  CHECK(lines[0].find("warnings") == std::string::npos);
  CHECK_THAT(lines[1], contains(R"("code":"little_shared","message":"the two share 6.2 % of the ground)"));
  CHECK_THAT(lines[2], contains(R"("code":"several_pages","message":"the after image is the first of 2 frames)"));
  CHECK_THAT(result.err, contains("1 pair shows little ground in both dates: only that was compared (little_shared)") &&
                             contains("one of several pages or frames of its file (several_pages)"));
  CHECK(c.caption("--overwrite --strict-pairs").exit_code == 3);
  CHECK_THAT(lines_of(c.output())[2], contains(R"("error":{"code":"several_pages")"));
  CHECK_THAT(lines_of(c.output())[1], contains(R"("error":{"code":"little_shared")"));
}

TEST_CASE("a record tells by what bands were chosen, and stderr counts pairs whose bands or places are a guess") {
  const CaptionCase c;
  RasterSpec named = scene_raster(GDT_UInt16, 8, 6);
  named.bands = 4;
  named.value = [](int x, int y, int band) { return band < 3 ? scene_value(x, y, 2 - band) * 8 : 400.0; };
  RasterSpec unnamed = named;
  named.names = {"B2", "B3", "B4", "B8"};
  write_dates(c, "1.tif", named, named);
  write_dates(c, "2.tif", unnamed, unnamed);
  for (const std::string date : {"A", "B"}) {
    write_raster(c / ("pairs/" + date + "/3.tif"), scene_raster(GDT_Byte, 1, date == "A" ? 2 : 6));
    write_file(c / ("pairs/" + date + "/3.tfw"),
               date == "A" ? "0.5\n0\n0\n-0.5\n500000\n3300000\n" : "0.00001\n0\n0\n-0.00001\n10\n50\n");
  }
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 0);
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[0], contains(R"("bands":[3,2,1],"bands_by":"names","stretch":[)"));
  CHECK(lines[0].find("bands_unclear") == std::string::npos);
  CHECK_THAT(lines[1], contains(R"("bands":[1,2,3],"bands_by":"order")") &&
                           contains(R"("code":"bands_unclear","message":"both images, shown by bands 1,2,3)"));
  CHECK_THAT(lines[2], contains(R"("code":"unaligned")"));
  CHECK_THAT(result.err, contains("(bands_unclear)") && contains("1 pair has images that could not be brought") &&
                             contains("--bands says which they are"));
}
