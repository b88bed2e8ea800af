// `ccx report` as a user meets it: a page that holds everything, loads nothing and trusts no record.
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

struct Fixture {
  test::TempDir dir;
  std::string path(const std::string& name) const { return test::quoted((dir / name).string()); }

  Fixture() {
    test::write_png(dir / "a.png", image::filled_image(300, 200, 90));
    test::write_png(dir / "b.png", image::filled_image(300, 200, 200));
    test::write_file(dir / "refs.jsonl",
                     "{\"id\": \"one\", \"references\": [\"a road appears\"], \"changeflag\": 1}\n"
                     "{\"id\": \"two\", \"references\": [\"no change has occurred\"]}\n"
                     "{\"id\": \"three\", \"references\": [\"houses are built\"]}\n");
    test::write_file(
        dir / "captions.jsonl",
        "{\"id\": \"one\", \"before\": \"a.png\", \"after\": \"b.png\", \"caption\": \"no change has occurred\"}\n"
        "{\"id\": \"two\", \"before\": \"a.png\", \"after\": \"gone.png\", \"caption\": \"a house\"}\n"
        "{\"id\": \"three\", \"before\": \"a.png\", \"after\": null, \"error\": {\"code\": \"missing_after\", "
        "\"message\": \"no partner\"}}\n");
  }

  std::string page(const std::string& more = "") const {
    const auto result =
        test::run_ccx("report --no-meteor " + path("captions.jsonl") + " --out " + path("r.html") + " " + more);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.empty());
    return test::read_file(dir / "r.html");
  }
};

}  // namespace

TEST_CASE("a report holds pictures, captions, references, scores and the kinds to filter by") {
  const Fixture f;
  const std::string html = f.page("--refs " + f.path("refs.jsonl"));
  CHECK(count(html, "class=\"card\"") == 3);
  CHECK(count(html, "src=\"data:image/jpeg;base64,/9j/") == 4);  // a.png three times, b.png once
  CHECK(count(html, "data-kind=\"said-same changed missed\"") == 1);
  CHECK(count(html, "data-kind=\"said-changed unchanged alarm\"") == 1);
  CHECK(count(html, "data-kind=\"failed\"") == 1);
  CHECK_THAT(html, test::contains("a road appears") && test::contains("missing_after: no partner") &&
                       test::contains("<caption>Scores, protocol ccexpert, without METEOR") &&
                       test::contains("Change flag, 0.00 % right") && test::contains("<svg") &&
                       test::contains("worst first"));
}

TEST_CASE("a report shows what the probabilities are worth, where the captions have any") {
  const Fixture f;
  CHECK(count(f.page("--refs " + f.path("refs.jsonl")), "What the probability is worth") == 0);
  test::write_file(f.dir / "captions.jsonl",
                   "{\"id\": \"one\", \"caption\": \"a road\", \"p_change\": 0.875}\n"
                   "{\"id\": \"two\", \"caption\": \"a house\", \"p_change\": 0.845}\n"
                   "{\"id\": \"three\", \"caption\": \"houses\", \"p_change\": 0.25}\n");
  const std::string html = f.page("--refs " + f.path("refs.jsonl"));
  CHECK(count(html, "<circle class=\"dot\"") == 2);  // a bin each
  // |0.5 - 0.86| * 2 / 3 + |1 - 0.25| / 3
  CHECK_THAT(html, test::contains("2 pairs: said 0.86, changed 0.50") &&
                       test::contains("1 pair: said 0.25, changed 1.00") && test::contains("calibration error 0.490"));
}

TEST_CASE("a report loads nothing: no address but data URIs, and a policy that says so") {
  const Fixture f;
  const std::string html = f.page("--refs " + f.path("refs.jsonl"));
  CHECK(count(html, "http://") + count(html, "https://") + count(html, "url(") + count(html, "@import") == 0);
  CHECK(count(html, "src=\"") == count(html, "src=\"data:image/jpeg"));
  CHECK(count(html, "href=") == 0);
  CHECK_THAT(html, test::contains("default-src 'none'"));
}

TEST_CASE("hostile ids, captions, references, errors and paths stay text") {
  const Fixture f;
  const std::string bad = R"(</script><script>alert(1)</script><img src=x onerror=\"x\"> ' & \u202e)";
  test::write_file(f.dir / "captions.jsonl", "{\"id\": \"" + bad + "1\", \"before\": \"" + bad +
                                                 "\", \"after\": \"../../" + bad + "\", \"caption\": \"" + bad +
                                                 "\", \"references\": [\"" + bad + "\"]}\n{\"id\": \"" + bad +
                                                 "2\", \"error\": \"" + bad + "\", \"references\": [\"x\"]}\n");
  const std::string html = f.page("--title " + test::quoted("<b>title</b>"));
  CHECK(count(html, "<script>") == 1);  // the page's own
  CHECK(count(html, "<img") == 0);
  CHECK(count(html, "<b>title") == 0);
  CHECK(count(html, "\u202e") == 0);  // the override would turn the reading direction of the page
  CHECK_THAT(html, test::contains("&lt;script&gt;alert(1)&lt;/script&gt;") && test::contains("onerror=&quot;x&quot;"));
}

TEST_CASE("captions without references make a gallery without scores") {
  const std::string html = Fixture().page();
  CHECK(count(html, "class=\"card\"") == 3);
  CHECK(count(html, "<table") == 0);
  CHECK_THAT(html, test::contains("said unchanged"));
}

TEST_CASE("pictures that cannot be shown are counted and do not stop a report") {
  const Fixture f;
  const auto result = test::run_ccx("report --no-meteor " + f.path("captions.jsonl") + " --out " + f.path("r.html"));
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.err, test::contains("1 picture could not be shown") && test::contains("gone.png"));
  CHECK(count(f.page("--thumbnail 0"), "<img") == 0);
}

TEST_CASE("a folder stands for its captions.jsonl, and one without is refused") {
  const Fixture f;
  CHECK(test::run_ccx("report --no-meteor " + test::quoted(f.dir.path().string()) + " --out " + f.path("r.html"))
            .exit_code == 0);
  const test::TempDir empty;
  const auto refused = test::run_ccx("report " + test::quoted(empty.path().string()) + " --out " + f.path("r.html"));
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, test::contains("captions.jsonl"));
}
