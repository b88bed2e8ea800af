// One declaration gives the command line's checks, JSON, what a run records, and what a continued run must share.
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/options/nearest.h"
#include "core/options/option_set.h"
#include "tests/support/catch.h"

using namespace ccx::options;
using ccx::test::contains;

namespace {

// A table of every kind of option.
struct Table {
  int tokens = 128;
  std::optional<float> least;
  double rate = 0.5;
  std::uint64_t seed = 42;
  std::string form = "auto";
  std::vector<std::string> parts = {"all"};
  bool quick = false;
  bool timings = true;
  std::optional<std::filesystem::path> maps;
  OptionSet set;

  Table() {
    set.group("Numbers");
    set.add(&tokens, {.name = "--max-tokens",
                      .value = "N",
                      .help = "The longest",
                      .unit = "tokens",
                      .range = {1, 64},
                      .recorded = {"max_tokens", Compared::kAlways}});
    set.add(&least, {.name = "--least", .value = "P", .range = {0, 1, true}, .recorded = {"least", Compared::kAlways}});
    set.add(&rate, {.name = "--rate", .value = "X", .range = {.least = 0}, .recorded = {"rate", Compared::kNo}});
    set.add(&seed, {.name = "--seed", .value = "N", .recorded = {"seed", Compared::kUnlessDefault}});
    set.group("Others");
    set.add(&form, {.name = "--form", .value = "NAME", .choices = {"auto", {"full", "all of it"}}});
    set.add(&parts, {.name = "parts", .value = "PART...", .most = kMany});
    set.add(&quick, {.name = "--quick", .letter = 'q', .excludes = {"--form"}});
    set.add(opposite(timings),
            {.name = "--no-timings", .needs = {"--quick"}, .recorded = {"timings", Compared::kAlways}});
    set.add(&maps, {.name = "--maps", .value = "DIR", .recorded = {"maps", Compared::kAlways, kPresence}});
  }
};

std::string refusal(const std::vector<Given>& given) {
  Table table;
  try {
    table.set.set(given);
  } catch (const ccx::UsageError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("words of a command line become values") {
  Table t;
  t.set.set({{"--max-tokens", {"7"}},
             {"--least", {"0.25"}},
             {"--seed", {"18446744073709551615"}},
             {"parts", {"a", "b"}},
             {"--quick", {"true"}},
             {"--no-timings", {"true"}},
             {"--maps", {"heat"}}});
  CHECK(t.tokens == 7);
  CHECK(t.least == 0.25F);
  CHECK(t.seed == UINT64_MAX);
  CHECK(t.parts == std::vector<std::string>{"a", "b"});
  CHECK(t.quick);
  CHECK_FALSE(t.timings);
  CHECK(t.set.given("--quick"));
  CHECK_FALSE(t.set.given("--rate"));
}

TEST_CASE("a value that does not fit is refused with what is expected, never with a type's own bounds") {
  CHECK(refusal({{"--max-tokens", {"0"}}}) == "--max-tokens 0: expected a whole number from 1 to 64");
  CHECK(refusal({{"--max-tokens", {"7x"}}}) == "--max-tokens 7x: expected a whole number from 1 to 64");
  CHECK(refusal({{"--max-tokens", {"1.5"}}}) == "--max-tokens 1.5: expected a whole number from 1 to 64");
  CHECK(refusal({{"--least", {"0"}}}) == "--least 0: expected a number above 0 up to 1");
  CHECK(refusal({{"--rate", {"-1"}}}) == "--rate -1: expected a number of at least 0");
  CHECK(refusal({{"--rate", {"nan"}}}) == "--rate nan: expected a number of at least 0");
  CHECK(refusal({{"--seed", {"-1"}}}) == "--seed -1: expected a whole number");
  CHECK(refusal({{"--form", {"half"}}}) == "--form half: expected auto or full");
  CHECK(refusal({{"--rate", {"1", "2"}}}) == "--rate is given twice: 1 2");
}

TEST_CASE("what excludes, needs and must be there is said by name") {
  CHECK(refusal({{"--quick", {"true"}}, {"--form", {"full"}}}) ==
        "--quick and --form exclude each other: take one of the two");
  CHECK(refusal({{"--no-timings", {"true"}}}) == "--no-timings requires --quick");
  std::string out;
  OptionSet set;
  set.add(&out, {.name = "--out", .value = "FILE", .help = "Where it goes", .required = true});
  CHECK_THROWS_WITH(set.set({}), contains("--out FILE is required: Where it goes"));
}

TEST_CASE("the same table reads and writes JSON by keyword") {
  Table t;
  t.set.set_json({{"max_tokens", 9}, {"least", 0.5}, {"form", "full"}, {"no_timings", false}});
  CHECK(t.tokens == 9);
  CHECK_FALSE(t.timings);
  const Json all = t.set.json();
  CHECK(all["max_tokens"] == 9);
  CHECK(all["parts"] == Json::array({"all"}));
  CHECK(all["maps"].is_null());
  CHECK_THROWS_WITH(t.set.set_json({{"max_token", 9}}), contains("did you mean max_tokens?"));
  CHECK_THROWS_WITH(t.set.set_json({{"max_tokens", "9"}}), contains("expected a whole number from 1 to 64"));
  CHECK_THROWS_AS(t.set.set_json(Json::array()), ccx::UsageError);
}

TEST_CASE("a run records what is declared to be, and is compared by it") {
  Table t;
  t.set.set({{"--least", {"0.9"}}, {"--maps", {"heat"}}});
  const Json recorded = t.set.recorded();
  // 0.9 and not the double nearest to the float.
  CHECK(recorded.dump() == R"({"max_tokens":128,"least":0.9,"rate":0.5,"seed":42,"timings":true,"maps":true})");
  const Table defaults;
  Json other = recorded;
  other["rate"] = 0.75;  // is not compared
  CHECK(differences(defaults.set, recorded, other).empty());
  other["max_tokens"] = 5;
  CHECK(differences(defaults.set, recorded, other) == std::vector<std::string>{"max_tokens was 128 and is 5"});
  // A run of before an option was had its default.
  other = recorded;
  other.erase("seed");
  CHECK(differences(defaults.set, other, recorded).empty());
  CHECK_FALSE(compared(defaults.set, recorded).contains("seed"));
  CHECK_FALSE(compared(defaults.set, recorded).contains("rate"));
  CHECK(compared(defaults.set, recorded)["least"] == 0.9);
}

TEST_CASE("the nearest word is found, and none where nothing is near") {
  const std::vector<std::string> words = {"caption", "merge", "completion", "--limit", "--max-new-tokens"};
  CHECK(nearest("captoin", words) == "caption");
  CHECK(nearest("cap", words) == "caption");
  CHECK(nearest("--limt", words) == "--limit");
  CHECK(nearest("--max-tokens", words) == "--max-new-tokens");
  CHECK(nearest("zebra", words).empty());
  CHECK(nearest("--format", {"--out", "--image-format"}) == "--image-format");
  CHECK(nearest("--format", {"--image-formats", "--pixelformat"}).empty());
  CHECK(nearest("--", {"--image-format"}).empty());
  CHECK(nearest("", words).empty());
  CHECK(nearest(std::string(100000, 'c'), words).empty());
}
