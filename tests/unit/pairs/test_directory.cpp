// Directories of every layout become pairs.
#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/naming/roles.h"
#include "core/pairs/pairs.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::contains;

namespace {

// A directory of empty files: finding pairs does not open them.
class Folder {
 public:
  explicit Folder(const std::vector<std::string>& files) {
    for (const std::string& file : files) test::write_file(dir_ / file, "");
  }
  std::filesystem::path operator/(const std::string& name) const { return dir_ / name; }
  const std::filesystem::path& path() const { return dir_.path(); }
  PairList pairs(Layout layout = Layout::kAuto) const {
    PairSource source;
    source.in = dir_.path();
    source.layout = layout;
    return find_pairs(source);
  }
  // "id: before after" with paths relative to the folder, "-" for a missing one.
  std::vector<std::string> lines(Layout layout = Layout::kAuto) const {
    std::vector<std::string> out;
    const auto relative = [&](const std::filesystem::path& path) {
      return path.empty() ? "-" : path.lexically_relative(dir_.path()).string();
    };
    for (const Pair& pair : pairs(layout).pairs) {
      out.push_back(pair.id + ": " + relative(pair.before) + " " + relative(pair.after));
    }
    return out;
  }

 private:
  test::TempDir dir_;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("twin folders pair by relative name, whatever the extension") {
  const Folder folder({"A/x.png", "B/x.png", "A/y.png", "B/y.tif", "A/sub/z.jpg", "B/sub/z.jpg"});
  CHECK(folder.lines() == Lines{"sub/z: A/sub/z.jpg B/sub/z.jpg", "x: A/x.png B/x.png", "y: A/y.png B/y.tif"});
  CHECK(folder.pairs().layout == Layout::kFolders);
}

TEST_CASE("every name for the two folders is known, in any case and at any depth") {
  for (const auto& [before, after] : std::vector<std::pair<std::string, std::string>>{{"A", "B"},
                                                                                      {"before", "after"},
                                                                                      {"Pre", "Post"},
                                                                                      {"T1", "T2"},
                                                                                      {"im1", "im2"},
                                                                                      {"t1", "T2"},
                                                                                      {"time1", "time2"}}) {
    const Folder folder({"deep/test/" + before + "/x.png", "deep/test/" + after + "/x.png"});
    CHECK(folder.lines() == Lines{"deep/test/x: deep/test/" + before + "/x.png deep/test/" + after + "/x.png"});
  }
}

TEST_CASE("several pairs of twin folders keep their places in the ids") {
  const Folder folder({"train/A/1.png", "train/B/1.png", "test/A/1.png", "test/B/1.png"});
  CHECK(folder.lines() == Lines{"test/1: test/A/1.png test/B/1.png", "train/1: train/A/1.png train/B/1.png"});
}

TEST_CASE("an image without its partner is a pair that lacks one, with the place it was looked for") {
  const Folder folder({"A/x.png", "B/x.png", "A/lone.png", "B/single.png", "more/A/y.png"});
  CHECK(folder.lines() ==
        Lines{"lone: A/lone.png -", "more/y: more/A/y.png -", "single: - B/single.png", "x: A/x.png B/x.png"});
  const PairList list = folder.pairs();
  CHECK_THAT(list.pairs[0].missing, contains("no image 'lone' in " + (folder / "B").string()));
  CHECK_THAT(list.pairs[2].missing, contains("no image 'single' in " + (folder / "A").string()));
}

TEST_CASE("a folder A without a folder B holds halves of pairs") {
  const Folder folder({"A/x.png", "A/y.png"});
  CHECK(folder.lines() == Lines{"x: A/x.png -", "y: A/y.png -"});
}

TEST_CASE("labels, hidden files and files of other kinds are not looked at") {
  const Folder folder(
      {"A/x.png", "B/x.png", "label/x.png", "A/Thumbs.db", "B/.x.png", ".cache/A/y.png", "A/notes.txt"});
  CHECK(folder.lines() == Lines{"x: A/x.png B/x.png"});
}

TEST_CASE("an image beside twin folders is passed over, and said") {
  const Folder folder({"A/x.png", "B/x.png", "overview.png"});
  CHECK(folder.lines() == Lines{"x: A/x.png B/x.png"});
  REQUIRE(folder.pairs().notes.size() == 1);
  CHECK_THAT(folder.pairs().notes[0], contains("overview.png"));
}

TEST_CASE("names with suffixes pair in each folder") {
  const Folder folder({"a_before.png", "a_after.png", "xbd/guatemala_01_pre_disaster.png",
                       "xbd/guatemala_01_post_disaster.png", "c_A.png", "c_B.jpg", "d-T1.tif", "d-T2.tif",
                       "e_before.png", "a_mask.png"});
  CHECK(folder.lines() ==
        Lines{"a: a_before.png a_after.png", "c: c_A.png c_B.jpg", "d: d-T1.tif d-T2.tif", "e: e_before.png -",
              "xbd/guatemala_01: xbd/guatemala_01_pre_disaster.png xbd/guatemala_01_post_disaster.png"});
  CHECK(folder.pairs().layout == Layout::kSuffixes);
}

TEST_CASE("halves of different pairs are not put together") {
  const Folder folder({"x_before.png", "y_after.png"});
  CHECK(folder.lines() == Lines{"x: x_before.png -", "y: - y_after.png"});
}

TEST_CASE("one folder a pair: by names, by numbers, by extra files that belong to neither") {
  const Folder folder({"p1/before.png", "p1/after.png", "p2/2019.png", "p2/2021.png", "p3/9.png", "p3/10.png",
                       "p4/A.png", "p4/B.png", "p4/diff.png", "p5/after.png", "p6/alone.png", "p7/x/im1.jpg",
                       "p7/x/im2.jpg"});
  CHECK(folder.lines() == Lines{"p1: p1/before.png p1/after.png", "p2: p2/2019.png p2/2021.png",
                                "p3: p3/9.png p3/10.png", "p4: p4/A.png p4/B.png", "p5: - p5/after.png",
                                "p6: p6/alone.png -", "p7/x: p7/x/im1.jpg p7/x/im2.jpg"});
  CHECK(folder.pairs().layout == Layout::kPairFolders);
}

TEST_CASE("an order that names do not tell is taken from the bytes, and said") {
  const Folder folder({"p/field.png", "p/yard.png"});
  CHECK(folder.lines() == Lines{"p: p/field.png p/yard.png"});
  REQUIRE(folder.pairs().notes.size() == 1);
  CHECK_THAT(folder.pairs().notes[0], contains("byte order"));
}

TEST_CASE("the input itself may be the folder of one pair") {
  const Folder folder({"before.png", "after.png"});
  CHECK(folder.lines() == Lines{folder.path().filename().string() + ": before.png after.png"});
}

TEST_CASE("pair folders that are called A and B are pairs, not twins") {
  const Folder folder({"A/before.png", "A/after.png", "B/before.png", "B/after.png", "C/before.png", "C/after.png"});
  CHECK(folder.lines() ==
        Lines{"A: A/before.png A/after.png", "B: B/before.png B/after.png", "C: C/before.png C/after.png"});
}

TEST_CASE("a layout can be forced") {
  const Folder folder({"A/x_before.png", "A/x_after.png", "B/x_before.png", "B/x_after.png"});
  CHECK(folder.lines(Layout::kFolders) ==
        Lines{"x_after: A/x_after.png B/x_after.png", "x_before: A/x_before.png B/x_before.png"});
  CHECK(folder.lines(Layout::kSuffixes) ==
        Lines{"A/x: A/x_before.png A/x_after.png", "B/x: B/x_before.png B/x_after.png"});
  CHECK_THROWS_WITH(folder.pairs(Layout::kManifest), contains("is a directory"));
}

TEST_CASE("an id that occurs twice is refused with both files") {
  const Folder two_families({"A/x.png", "B/x.png", "before/x.png", "after/x.png"});
  CHECK_THROWS_AS(two_families.pairs(), InputError);
  CHECK_THROWS_WITH(two_families.pairs(),
                    contains("'x' occurs twice") && contains("A/x.png") && contains("before/x.png"));
  const Folder two_downloads({"S2A_MSIL2A_20210617T100559_N0300_R022_T33UUP_20210617T113305.tif",
                              "S2A_MSIL2A_20210617T100559_N0500_R022_T33UUP_20230617T113305.tif"});
  CHECK_THROWS_WITH(two_downloads.pairs(), contains("occurs twice") && contains("N0300") && contains("N0500"));
}

TEST_CASE("the same picture in two formats is one picture: the better one, or the one that both dates have") {
  const Folder better({"A/x.png", "A/x.jpg", "B/x.png"});
  CHECK(better.lines() == Lines{"x: A/x.png B/x.png"});
  CHECK_THAT(better.pairs().notes.at(0), contains("A/x.jpg beside"));
  const Folder common({"A/x.tif", "A/x.jpg", "B/x.jpg"});
  CHECK(common.lines() == Lines{"x: A/x.jpg B/x.jpg"});
}

TEST_CASE("a directory without pairs is refused with what it holds and what is expected") {
  CHECK_THROWS_WITH(Folder({}).pairs(), contains("no images") && contains("A/ and B/"));
  CHECK_THROWS_WITH(Folder({"readme.txt"}).pairs(), contains("only 1 other file"));
  CHECK_THROWS_WITH(Folder({"p.png", "q.png", "r.png"}).pairs(), contains("3 images and no pairs"));
  PairSource missing;
  missing.in = "/does/not/exist";
  CHECK_THROWS_WITH(find_pairs(missing), contains("/does/not/exist") && contains("No such file"));
}

TEST_CASE("names with spaces, newlines and bytes that are not UTF-8 are pairs like others") {
  const Folder folder({"A/a b.png", "B/a b.png", "A/line\nbreak.png", "B/line\nbreak.png", "A/\xFF.png", "B/\xFF.png",
                       "A/100%.png", "B/100%.png"});
  const PairList list = folder.pairs();
  Lines ids;
  for (const Pair& pair : list.pairs) ids.push_back(pair.id);
  CHECK(ids == Lines{"%FF", "100%", "a b", "line\nbreak"});
  CHECK(list.pairs[0].before == folder / "A/\xFF.png");
}

TEST_CASE("a link back to a folder above is not followed, other links are") {
  const Folder folder({"A/x.png", "store/x.png"});
  std::filesystem::create_directory_symlink(folder / "store", folder / "B");
  std::filesystem::create_directory_symlink(folder.path(), folder / "A/loop");
  std::filesystem::create_symlink("self.png", folder / "A/self.png");
  const PairList list = folder.pairs();
  REQUIRE(list.pairs.size() == 2);
  CHECK(list.pairs[0].id == "self");  // a link to itself is an image that cannot be read
  CHECK(list.pairs[1].id == "x");
  CHECK(list.pairs[1].after == folder / "B/x.png");
  CHECK(std::any_of(list.notes.begin(), list.notes.end(),
                    [](const std::string& note) { return note.find("A/loop is a link back") != std::string::npos; }));
}

TEST_CASE("links to each other's folders end") {
  const Folder folder({"A/x.png", "B/x.png"});
  std::filesystem::create_directory_symlink(folder / "B", folder / "A/b");
  std::filesystem::create_directory_symlink(folder / "A", folder / "B/a");
  CHECK(folder.pairs().pairs.size() >= 1);
}

TEST_CASE("runs of digits are ordered as numbers") {
  CHECK(natural_less("9", "10"));
  CHECK(natural_less("img2", "img10"));
  CHECK(natural_less("a01", "a1"));  // equal numbers: by bytes
  CHECK_FALSE(natural_less("10", "9"));
  CHECK_FALSE(natural_less("x", "x"));
}

TEST_CASE("two folders of one picture each are a pair, and that their names differ is said") {
  const ccx::test::TempDir dir;
  for (const char* file : {"P/x.png", "Q/q.png", "R/x.png"}) ccx::test::write_file(dir.path() / file, "");
  ccx::pairs::PairSource source;
  source.before = (dir.path() / "P").string();
  source.after = (dir.path() / "Q").string();
  const ccx::pairs::PairList differing = ccx::pairs::find_pairs(source);
  REQUIRE(differing.pairs.size() == 1);
  REQUIRE(differing.notes.size() == 1);
  CHECK_THAT(differing.notes[0], ccx::test::contains("although their names differ"));
  source.after = (dir.path() / "R").string();
  CHECK(ccx::pairs::find_pairs(source).notes.empty());
}
