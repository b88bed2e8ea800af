// Names that bands have too: sheets of a map, zones called by colours.
#include <string>
#include <vector>

#include "tests/unit/pairs/name_cases.h"

using namespace ccx;
using ccx::test::check_names;
using ccx::test::contains;
using ccx::test::NameCase;
using ccx::test::notes_of;

namespace {

// The same names in before/ and after/, and a pair of each.
NameCase both(const std::string& what, const std::vector<std::string>& names) {
  NameCase out{what, {}, {}};
  for (const std::string& name : names) {
    const std::string before = "before/" + name + ".png", after = "after/" + name + ".png";
    out.files.push_back(before);
    out.files.push_back(after);
    out.pairs.push_back(name + ": " + before + " " + after);
  }
  return out;
}

}  // namespace

TEST_CASE("sheets of a map, blocks and coloured zones are pictures, not bands") {
  check_names({both("sheets", {"A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "C2"}),
               both("from two on", {"A02", "A03", "A04", "B02", "B03", "B04"}),
               both("blocks", {"block_B1", "block_B2", "block_B3", "block_B4"}),
               both("zones", {"blue", "green", "red", "yellow"})});
}

TEST_CASE("pictures put together from bands are told") {
  const std::vector<std::string> bands = {"before/B02.tif", "before/B03.tif", "before/B04.tif",
                                          "after/B02.tif",  "after/B03.tif",  "after/B04.tif"};
  CHECK_THAT(notes_of(bands), contains("2 pictures put together from files of red, green and blue"));
}
