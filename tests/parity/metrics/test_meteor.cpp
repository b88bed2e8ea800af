// METEOR's parts: the normaliser and the alignment against METEOR 1.5 itself, its cache against damage.
#include "core/metrics/meteor.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/base/error.h"
#include "core/metrics/meteor_aligner.h"
#include "core/metrics/meteor_cache.h"
#include "core/metrics/text.h"
#include "tests/parity/metrics/vectors.h"

using namespace ccx;
using namespace ccx::metrics;

namespace {

// A data folder in miniature.
void write_sources(const std::filesystem::path& folder) {
  test::write_file(folder / "function.words", "the\nof\n");
  test::write_file(folder / "nonbreaking.prefixes", "# titles\nMr\n\nNo #NUMERIC_ONLY#\n");
  test::write_file(folder / "synonym.synsets", "house\n1 2\nhome\n2 3\ngoose\n7\ntree\n5\n");
  test::write_file(folder / "synonym.exceptions", "goose\ngeese\n");
  test::write_file(folder / "paraphrase.txt", "0.5\nput up\nbuilt\n0.25\nput up\nbuilt in haste\n0.1\nlots of\nmany\n");
  REQUIRE(test::run_shell("gzip -n < " + test::quoted((folder / "paraphrase.txt").string()) + " > " +
                          test::quoted((folder / "paraphrase-en.gz").string()))
              .exit_code == 0);
}

int count_builds(const std::filesystem::path& folder, int opens) {
  int builds = 0;
  for (int i = 0; i < opens; ++i) MeteorData::open(folder, [&](const std::string&) { ++builds; });
  return builds;
}

MeteorAlignment align(const MeteorData& data, const std::string& hypothesis, const std::string& reference) {
  return meteor_align(split_whitespace(hypothesis), split_whitespace(reference), data);
}

}  // namespace

TEST_CASE("the normaliser separates, joins and drops as METEOR's does") {
  test::needs_meteor();
  const NonbreakingPrefixes prefixes =
      NonbreakingPrefixes::parse(test::read_file(find_meteor_data() / "nonbreaking.prefixes"));
  const nlohmann::json vectors = test::read_json(test::data_dir() / "metrics" / "meteor_normalizer.json");
  REQUIRE(vectors.size() >= 500);
  for (const auto& vector : vectors) {
    const std::string text = vector.at("text");
    INFO(text);
    CHECK(meteor_normalize(text, prefixes) == vector.at("normalized").get<std::string>());
  }
}

TEST_CASE("the statistics of 400 random pairs are METEOR's, integer by integer") {
  const Meteor* meteor = test::needs_meteor();
  const nlohmann::json vectors = test::read_json(test::data_dir() / "metrics" / "meteor_alignments.json");
  REQUIRE(vectors.size() == 400);
  for (const auto& vector : vectors) {
    const std::string hypothesis = vector.at("hypothesis");
    INFO(hypothesis);
    CHECK(meteor->stats(hypothesis, vector.at("references").get<std::vector<std::string>>()).line() ==
          vector.at("stats").get<std::string>());
  }
}

TEST_CASE("of overlapping paraphrases the search takes the one that METEOR takes") {
  const Meteor* meteor = test::needs_meteor();
  struct Case {
    std::string hypothesis, reference;
    double score;  // of METEOR 1.5 itself
  };
  const std::vector<Case> cases = {
      {"replace", "tents take the place of the", 0.21072340023531627},
      {"replace the", "two tents take the place of the grey sand in one corner", 0.14283098090965995},
      {"a lawn has been replaced by a path",
       "the path is moved and a yard with a gate to the path is laid to replace the hedge", 0.10586737773272807},
      {"the barn took the place of the old mill", "the mill was replaced by a barn in the end", 0.19324734881054742},
      {"some sheds take the place of trees", "sheds were built to replace the trees", 0.2899263334272111},
      {"a number of huts were put up in front of the pond", "many huts have been set up before the pond",
       0.4037953656039271},
      {"the same the same as before", "as before the same", 0.4443438716486749},
      {"red roof red roof", "red roof red roof", 1.0}};
  for (const Case& one : cases) {
    INFO(one.hypothesis << " | " << one.reference);
    // The sum's order differs from Java's in the last bits alone.
    CHECK(meteor_score(meteor->stats(one.hypothesis, {one.reference})) == Approx(one.score).margin(1e-12));
  }
}

TEST_CASE("each stage proposes its matches: exact, stem, synonym, irregular form, paraphrase in both directions") {
  const test::TempDir dir;
  write_sources(dir.path());
  const MeteorData data = MeteorData::open(dir.path());
  const auto stage_of = [&](const std::string& hypothesis, const std::string& reference) {
    const MeteorAlignment alignment = align(data, hypothesis, reference);
    return alignment.matches.empty() ? -1 : alignment.matches.front().stage;
  };
  CHECK(stage_of("tree", "tree") == 0);
  CHECK(stage_of("building", "build") == 1);
  CHECK(stage_of("home", "house") == 2);
  CHECK(stage_of("geese", "goose") == 2);
  CHECK(stage_of("lots of", "many") == 3);
  CHECK(stage_of("many", "lots of") == 3);
  CHECK(stage_of("home", "tree") == -1);
  CHECK(stage_of("an", "c0") == 0);  // equal by Java's string hash, and so to METEOR

  const MeteorAlignment phrase = align(data, "they built in haste", "they put up");
  REQUIRE(phrase.matches.size() == 2);
  CHECK(phrase.matches[1].hypothesis_length == 3);
  CHECK(phrase.matches[1].reference_length == 2);
  CHECK(phrase.chunks == 1);
}

TEST_CASE("a pair matched whole in one chunk has no penalty and adds no chunk to its corpus") {
  MeteorStats whole;
  whole.hypothesis_length = whole.reference_length = 3;
  whole.stages[0] = {3, 3, 0, 0};
  whole.chunks = 1;
  whole.hypothesis_matches = whole.reference_matches = 3;
  CHECK(meteor_score(whole) == 1.0);
  MeteorStats corpus;
  corpus += whole;
  corpus += whole;
  CHECK(corpus.chunks == 0);
  CHECK(meteor_score(corpus) == 1.0);
  CHECK(meteor_score(MeteorStats()) == 0.0);
}

TEST_CASE("the tables are built once, and damaged, cut, foreign and outdated caches are refused and rebuilt") {
  const test::TempDir dir;
  write_sources(dir.path());
  const std::filesystem::path cache = dir / "ccx-meteor.cache";
  // The other place for them, the user's, is this test's own.
  const char* home = std::getenv("XDG_CACHE_HOME");
  const std::string before = home != nullptr ? home : "";
  ::setenv("XDG_CACHE_HOME", (dir / "user").c_str(), 1);
  CHECK(count_builds(dir.path(), 3) == 1);
  const std::string good = test::read_file(cache);

  SECTION("a flipped bit anywhere behind its name") {
    for (std::size_t at : {std::size_t{9}, std::size_t{24}, std::size_t{40}, good.size() / 2, good.size() - 1}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x40);
      test::write_file(cache, bad);
      INFO("byte " << at);
      CHECK(count_builds(dir.path(), 1) == 1);
      CHECK(test::read_file(cache) == good);
    }
  }
  SECTION("a file of another kind under its name, which stays, and the user's folder has the tables") {
    test::write_file(cache, "a list of mine\n");
    CHECK(count_builds(dir.path(), 2) == 1);
    CHECK(test::read_file(cache) == "a list of mine\n");
    CHECK(std::distance(std::filesystem::directory_iterator(dir / "user/ccx"), {}) == 1);
  }
  SECTION("a cut file") {
    for (std::size_t size : {std::size_t{0}, std::size_t{20}, good.size() / 2, good.size() - 8}) {
      test::write_file(cache, good.substr(0, size));
      CHECK(count_builds(dir.path(), 1) == 1);
    }
  }
  SECTION("another content of the sources") {
    test::write_file(dir / "synonym.synsets", "house\n1 2\nhome\n4 3\ngoose\n7\ntree\n5\n");
    int builds = 0;
    const MeteorData data = MeteorData::open(dir.path(), [&](const std::string&) { ++builds; });
    CHECK(builds == 1);
    CHECK(align(data, "home", "house").matches.empty());
  }
  home != nullptr ? ::setenv("XDG_CACHE_HOME", before.c_str(), 1) : ::unsetenv("XDG_CACHE_HOME");
}

TEST_CASE("a forged cache whose checksum holds cannot lead outside the file") {
  MeteorTables tables;
  const std::vector<std::uint32_t> offsets = {0, 0xFFFFFFF0u};
  tables.sections[kSynonymOffsets] = std::string(reinterpret_cast<const char*>(offsets.data()), 8);
  tables.sections[kSynonymText] = "house";
  CHECK_THROWS_AS(MeteorCache::adopt(MeteorCache::serialise(tables, 1), 1), InputError);
}

TEST_CASE("missing and malformed data is named") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(MeteorData::open(dir.path()),
                    test::contains("function.words") && test::contains("get_meteor_data"));
  CHECK_THROWS_WITH(find_meteor_data(dir.path()), test::contains(dir.path().string()));
  write_sources(dir.path());
  SECTION("a synset that is no number") {
    test::write_file(dir / "synonym.synsets", "house\n1 x2\n");
    CHECK_THROWS_WITH(MeteorData::open(dir.path()), test::contains("synonym.synsets: line 2") && test::contains("x2"));
  }
  SECTION("a paraphrase table that is cut short") {
    const std::string table = test::read_file(dir / "paraphrase-en.gz");
    test::write_file(dir / "paraphrase-en.gz", table.substr(0, table.size() - 12));
    CHECK_THROWS_WITH(MeteorData::open(dir.path()), test::contains("paraphrase-en.gz"));
  }
}
