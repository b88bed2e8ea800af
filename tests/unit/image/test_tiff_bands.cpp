// What a TIFF's tags say of its bands, where GDAL does not read them: the page's side of the choice of bands.
#include "core/image/tiff_bands.h"

#include "core/base/error.h"
#include "core/image/gdal_metadata.h"
#include "tests/support/catch.h"

using namespace ccx;
using image::BandsBy;
using image::TiffBandTags;
using Bands = std::vector<int>;

namespace {

std::string described(const std::vector<std::string>& names) {
  std::string out = "<GDALMetadata>";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out +=
        "<Item name=\"DESCRIPTION\" sample=\"" + std::to_string(i) + "\" role=\"description\">" + names[i] + "</Item>";
  }
  return out + "</GDALMetadata>";
}

image::ShownBands shown(const TiffBandTags& tags, const std::string& path = "a.tif") {
  return image::shown_bands(image::tiff_bands(path, tags));
}

}  // namespace

TEST_CASE("GDAL's metadata in a TIFF are read with their entities, comments and quotes") {
  const std::vector<image::MetadataText> items = image::gdal_metadata(
      "<?xml version=\"1.0\"?><!-- <Item name=\"no\">1</Item> -->\n<GDALMetadata>\n"
      "  <Item name=\"SENSOR\">  A &amp;amp; B&#233;</Item><Item name='empty'/>"
      "<Item sample=\"2\" domain='IMAGERY' name=\"x&quot;\"><![CDATA[<1>]]></Item>\n"
      "  <Group><Item name=\"inside\">1</Item></Group>\n</GDALMetadata>\nand text<Other><Item "
      "name=\"o\">1</Item></Other>");
  REQUIRE(items.size() == 2);
  CHECK(items[0].name == "SENSOR");
  CHECK(items[0].value == "A & Bé");  // escaped twice, as GDAL writes it
  CHECK(items[0].sample == -1);
  CHECK(items[1].name == "x\"");
  CHECK(items[1].domain == "IMAGERY");
  CHECK(items[1].value == "<1>");
  CHECK(items[1].sample == 2);
}

TEST_CASE("metadata that are no whole XML are refused as by GDAL, and other text says nothing") {
  for (const char* text : {"", "Blue, Green, Red", "<Metadata><Item name=\"a\">b</Item></Metadata>"}) {
    CHECK(image::gdal_metadata(text).empty());
  }
  for (const char* text : {"<GDALMetadata>", "<GDALMetadata></GDALMeta>", "<GDALMetadata", "<", "</a>", "<a b></a>",
                           "<a b=\"></a>", "<!-- ", "<a><![CDATA[ </a>", "<a b='1'></a></a>"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(image::gdal_metadata(text), test::contains("no whole XML"));
  }
  // Deep and wide ones end in a moment.
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  CHECK_THROWS_AS(image::gdal_metadata(deep), InputError);
  std::string wide = "<GDALMetadata>";
  for (int i = 0; i < 50'000; ++i) wide += "<Item name=\"n\">&&&amp;&#x110000;&#xD800;&#0;</Item>";
  CHECK(image::gdal_metadata(wide + "</GDALMetadata>").size() == 50'000);
}

TEST_CASE("a TIFF's bands are chosen by names, wavelengths, interpretation and order") {
  const image::ShownBands named = shown({1, 4, {0, 0, 0}, described({"Blue", "Green", "Red", "NIR"})});
  CHECK(named.read == Bands{3, 2, 1});
  CHECK(named.by == BandsBy::kNames);
  CHECK(named.doubt.empty());

  const std::string numbers = described({"B1", "B2", "B3", "B4", "B5", "B6", "B7"});
  CHECK_FALSE(shown({1, 7, {}, numbers}).doubt.empty());
  CHECK(shown({1, 7, {}, numbers}, "x/LC08_1.tif").read == Bands{4, 3, 2});
  CHECK(shown({1, 7, {}, numbers}, "LC08/1.tif").read == Bands{1, 2, 3});  // the file's own name counts
  const std::string satellite = "<GDALMetadata><Item name=\"Satellite\">LANDSAT_5</Item>" + numbers.substr(14);
  CHECK(shown({1, 7, {}, satellite}).read == Bands{3, 2, 1});

  std::string waves = "<GDALMetadata>";
  for (const char* item : {"0\">0.48", "1\">0.56", "2\">0.66"}) {
    waves += std::string("<Item name=\"WAVELENGTH\" sample=\"") + item + "</Item>";
  }
  CHECK(shown({1, 3, {}, waves + "</GDALMetadata>"}).by == BandsBy::kWavelengths);

  CHECK(shown({2, 3, {}, ""}).by == BandsBy::kColours);
  CHECK(shown({1, 3, {}, ""}).by == BandsBy::kOrder);
  CHECK(shown({1, 2, {}, ""}).read == Bands{1});
  CHECK(shown({5, 4, {}, ""}).cmyk);
  CHECK_THROWS_AS(shown({1, 0, {}, ""}), InputError);
}

TEST_CASE(
    "alpha of a TIFF is what ExtraSamples or GDAL's metadata call so, unless its name says that it was measured") {
  const auto alpha = [](const TiffBandTags& tags) { return image::tiff_bands("", tags).alpha; };
  CHECK(alpha({2, 4, {2}, ""}) == 4);
  CHECK(alpha({2, 4, {0}, ""}) == 0);
  CHECK(alpha({1, 2, {1}, ""}) == 2);
  CHECK(alpha({2, 4, {2}, described({"red", "green", "blue", "nir"})}) == 0);
  CHECK(alpha({2, 3, {2, 2, 2, 2, 2}, ""}) == 0);  // more of them than samples
  CHECK(alpha({1,
               3,
               {},
               "<GDALMetadata><Item name=\"COLORINTERP\" sample=\"2\" role=\"colorinterp\">Alpha</Item>"
               "<Item name=\"COLORINTERP\" sample=\"1\" role=\"colorinterp\">unheard</Item></GDALMetadata>"}) == 3);
}
