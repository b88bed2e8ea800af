// `ccx report RUN`: the page of a training run, from the files that `ccx train` writes, whole, cut short or damaged.
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string step_line(int64_t step, double loss) {
  return nlohmann::json{{"step", step},
                        {"epoch", 0.01 * static_cast<double>(step)},
                        {"loss", loss},
                        {"grad_norm", 2 * loss},
                        {"lr", 1e-4},
                        {"tower_lr", 2e-5},
                        {"pairs", 16},
                        {"seconds", 0.5},
                        {"waited_for_data", 0.05}}
             .dump() +
         "\n";
}

std::string evaluation_line(int64_t step, double score) {
  return nlohmann::json{{"step", step},
                        {"eval",
                         {{"split", "val"},
                          {"pairs", 55},
                          {"bad", 0},
                          {"scores", {{"s_m", score}, {"bleu_4", score / 2}, {"cider_d", score * 3}}},
                          {"best_by", "s_m"},
                          {"best_step", step},
                          {"seconds", 1.0}}}}
             .dump() +
         "\n";
}

// A run of 40 steps of 100, with three evaluations of which the second is the best.
struct Run {
  test::TempDir dir;
  std::filesystem::path folder = dir / "run";
  std::string metrics;
  nlohmann::json settings = {
      {"stage", 3}, {"model", "base"}, {"lr", 1e-4}, {"data", {"levir_cc"}}, {"total_steps", 100}};

  Run() {
    for (int step = 1; step <= 40; ++step) {
      metrics += step_line(step, 4.0 / step);
      if (step % 15 == 0 || step == 40) metrics += evaluation_line(step, step == 30 ? 0.75 : 0.5);
    }
    write();
  }
  void write() const {
    test::write_file(folder / "metrics.jsonl", metrics);
    test::write_file(folder / "run.json", settings.dump());
  }
  test::ProcessResult report(const std::string& more = "") const {
    return test::run_ccx("report " + test::quoted(folder.string()) + " --out " +
                         test::quoted((dir / "r.html").string()) + " " + more);
  }
  std::string page(const std::string& more = "") const {
    const auto result = report(more);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.empty());
    return test::read_file(dir / "r.html");
  }
};

}  // namespace

TEST_CASE(
    "a run's page draws loss, rate, speed, gradient norm and scores, names the best checkpoint and lists settings") {
  const Run run;
  std::filesystem::create_directory_symlink("checkpoints/step-00000030", run.folder / "best");
  const std::string html = run.page();
  for (const char* title :
       {"Loss", "Learning rate", "Pairs a second", "Gradient norm before clipping", "S*_m", "BLEU-4", "CIDEr-D"}) {
    CHECK_THAT(html, test::contains(std::string("<figcaption>") + title + "<span"));
  }
  CHECK(count(html, "<svg") == 7);
  CHECK_THAT(html, test::contains("step 40 of 100: not finished"));
  CHECK_THAT(html, test::contains(
                       "<dt>best checkpoint</dt><dd>step 30<small>S*_m 0.7500, best -&gt; checkpoints/step-00000030"));
  CHECK_THAT(html, test::contains("<tr class=\"best\"><th scope=\"row\">30 best</th><td>0.7500</td>"));
  CHECK_THAT(html, test::contains("Evaluation on split val, 55 pairs"));
  CHECK_THAT(html, test::contains("<th scope=\"row\">data</th><td>levir_cc</td>"));
  CHECK_THAT(html, test::contains("32 a second"));  // 16 pairs in 0.5 s
  CHECK_THAT(html, test::contains("<dd>10.0 %<small>of the steps&#39; time"));
}

TEST_CASE("a run that learns maps has their loss drawn too, and its score named as it is chosen by") {
  Run run;
  CHECK(run.page().find("Loss of the maps") == std::string::npos);
  run.metrics.clear();
  for (int step = 1; step <= 3; ++step) {
    nlohmann::json line = nlohmann::json::parse(step_line(step, 1.0));
    line["map_loss"] = 0.5 / step;
    run.metrics += line.dump() + "\n";
  }
  run.metrics +=
      R"({"step": 3, "eval": {"split": "val", "pairs": 8, "scores": {"map_flag_auc": 0.875}, "best_by": "map_flag_auc"}})"
      "\n";
  run.write();
  CHECK_THAT(run.page(), test::contains("<figcaption>Loss of the maps<span") &&
                             test::contains("<small>maps: flag_auc 0.8750</small>"));
}

TEST_CASE("a run's page loads nothing, runs nothing and is made for light and dark") {
  const std::string html = Run().page();
  CHECK(count(html, "http://") + count(html, "https://") + count(html, "url(") + count(html, "@import") +
            count(html, "<script") ==
        0);
  CHECK(count(html, "href=") + count(html, "src=") == 0);
  CHECK_THAT(html, test::contains("default-src 'none'") && !test::contains("script-src") &&
                       test::contains("prefers-color-scheme:dark"));
}

TEST_CASE("text from a run's files stays text") {
  Run run;
  const std::string bad = "</title></td><script>alert(1)</script>\"'&\u202e";
  run.settings[bad] = bad;
  run.settings["nested"] = {{"list", {bad, bad}}};
  nlohmann::json evaluation = nlohmann::json::parse(evaluation_line(50, 0.1));
  evaluation["eval"]["split"] = bad;
  evaluation["eval"]["best_by"] = bad;
  evaluation["eval"]["scores"][bad] = 0.3;
  run.metrics += evaluation.dump() + "\n";
  run.write();
  std::filesystem::create_directory_symlink("<b>x</b>", run.folder / "best");
  std::filesystem::create_directory_symlink("<b>y</b>", run.folder / "last");
  const std::string html = run.page("--title " + test::quoted(bad));
  CHECK(count(html, "<script") + count(html, "<b>") + count(html, "\u202e") == 0);
  CHECK(count(html, "</title><style") + count(html, "</title>\n<style") == 1);
  CHECK_THAT(html, test::contains("&lt;script&gt;alert(1)"));
}

TEST_CASE("a page of a long run is thinned, and its spikes are kept") {
  Run run;
  run.metrics.clear();
  constexpr int kSteps = 60'000;
  for (int step = 1; step <= kSteps; ++step) {
    run.metrics += step_line(step, step == 30'001 ? 512.0 : 1.0 + step % 7 * 0.01);
    if (step % 100 == 0) run.metrics += evaluation_line(step, step * 1e-6);
  }
  run.settings["total_steps"] = kSteps;
  run.write();
  const std::string html = run.page();
  // Seven charts of at most two points for each of 350 columns and a line; what a longer run adds is nothing.
  CHECK(html.size() < 300'000);
  CHECK_THAT(html, test::contains("step 60000 of 60000: finished"));
  CHECK_THAT(html, test::contains(">100</text>"));  // the axis reaches the spike
  CHECK_THAT(html, test::contains("40 of 600"));
}

TEST_CASE("lines that cannot be read are counted and left out") {
  Run run;
  run.metrics +=
      "not json\n[1, 2]\n{\"step\": \"41\", \"loss\": 1}\n{\"step\": -3, \"loss\": 1}\n{\"step\": 41, \"eval\": 7}\n";
  run.metrics += std::string(3 << 20, '{') + "\n";                          // longer than any line that is written
  run.metrics += "{\"step\": 41, \"loss\": null, \"grad_norm\": 1e300}\n";  // a step that was skipped: read
  run.metrics += "{\"step\": 42, \"lo";                                     // cut: the run is writing it, or died
  run.write();
  const auto result = run.report();
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.err, test::contains("6 lines of metrics.jsonl cannot be read") && test::contains("41 steps"));
  const std::string html = test::read_file(run.dir / "r.html");
  CHECK_THAT(html, test::contains("6 lines of metrics.jsonl cannot be read") && test::contains("is not complete"));
  CHECK_THAT(html, test::contains("<dt>no finite loss</dt><dd>1"));
}

TEST_CASE("where a run went on after a crash, the steps that were done again count once") {
  Run run;
  for (int step = 21; step <= 25; ++step) run.metrics += step_line(step, 9);
  run.write();
  const auto result = run.report();
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.err, test::contains("25 steps and 1 evaluations"));
  CHECK_THAT(test::read_file(run.dir / "r.html"), test::contains("step 25 of 100"));
}

TEST_CASE("a run without settings is shown without them, and says so") {
  Run run;
  for (const std::string& content : {std::string("{\"stage\": 3,"), std::string(100'000, '['), std::string("[]")}) {
    test::write_file(run.folder / "run.json", content);
    CHECK_THAT(run.page(), test::contains("run.json is damaged") && test::contains("<figcaption>Loss"));
  }
  std::filesystem::remove(run.folder / "run.json");
  CHECK_THAT(run.page(), test::contains("run.json is not there") && test::contains("step 40<"));
}

TEST_CASE("a run with nothing to show is refused with the file's name") {
  Run run;
  const auto refused = [&](const std::string& message) {
    const auto result = run.report();
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, test::contains("metrics.jsonl") && test::contains(message));
    CHECK_FALSE(std::filesystem::exists(run.dir / "r.html"));
  };
  test::write_file(run.folder / "metrics.jsonl", "");
  refused("has not finished its first");
  test::write_file(run.folder / "metrics.jsonl", "{}\n\xff\xfe\n");
  refused("none of its 2 lines");
  std::filesystem::remove(run.folder / "metrics.jsonl");
  refused("has not finished its first");
}

TEST_CASE(
    "options of a page of captions are refused with a run's folder, and a folder that is both is not guessed at") {
  const Run run;
  const auto option = run.report("--thumbnail 64");
  CHECK(option.exit_code == 2);
  CHECK_THAT(option.err, test::contains("--thumbnail"));
  test::write_file(run.folder / "captions.jsonl", "{\"id\": \"a\", \"caption\": \"b\"}\n");
  CHECK(run.report().exit_code == 2);
}
