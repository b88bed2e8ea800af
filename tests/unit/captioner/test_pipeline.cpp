// Batches, devices and failures: what comes out never depends on what came together.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/captioner/batcher.h"
#include "core/captioner/pipeline.h"
#include "core/pairs/naming/names.h"
#include "tests/support/catch.h"
#include "tests/support/fake_engine.h"
#include "tests/support/pairs.h"

using namespace ccx;
using namespace ccx::captioner;
using ccx::test::FakeBehaviour;
using ccx::test::FakeEngine;

namespace {

std::vector<PendingPair> pending(std::size_t count) {
  std::vector<PendingPair> waiting(count);
  for (std::size_t i = 0; i < count; ++i) {
    waiting[i].index = i;
    waiting[i].key = pairs::stable_hash(std::to_string(i));
    const std::vector<float> pixels(3 * 28 * 28, static_cast<float>(i));
    waiting[i].loaded.pixels = {pixels, pixels};
  }
  return waiting;
}

const auto kSilent = [](const std::string&) {};

std::vector<pairs::Pair> pairs_in(const std::filesystem::path& folder) {
  pairs::PairSource source;
  source.in = folder;
  return pairs::find_pairs(source).pairs;
}

struct Run {
  std::vector<std::string> texts;    // by position: the caption, or the error's name
  std::vector<std::size_t> indexes;  // in the order of delivery
};

Run run(
    const std::vector<pairs::Pair>& pairs, const FakeBehaviour& behaviour, std::size_t engines, std::size_t batch,
    const std::function<bool(std::size_t delivered)>& should_stop = [](std::size_t) { return false; }) {
  std::vector<std::unique_ptr<engine::Engine>> all;
  for (std::size_t i = 0; i < engines; ++i)
    all.push_back(std::make_unique<FakeEngine>(behaviour, engine::GenerationOverrides{}));
  Run result;
  PipelineWork work{pairs, std::vector<bool>(pairs.size(), false), batch, 2};
  PipelineHooks hooks;
  std::atomic<std::size_t> delivered{0};
  hooks.deliver = [&](std::vector<Outcome> outcomes) {
    delivered += outcomes.size();
    for (Outcome& outcome : outcomes) {
      result.indexes.push_back(outcome.index);
      result.texts.push_back(outcome.failure ? records::error_name(outcome.failure->code) : outcome.caption->text);
    }
  };
  hooks.note = kSilent;
  hooks.should_stop = [&] { return should_stop(delivered); };
  run_pipeline(work, all, hooks);
  return result;
}

}  // namespace

TEST_CASE("a batch without memory is halved until it fits, and stays small") {
  FakeEngine engine({.memory_for = 3}, {});
  std::vector<std::string> notes;
  Batcher batcher(engine, 8, [&](const std::string& note) { notes.push_back(note); });
  const std::vector<Outcome> outcomes = batcher.run(pending(8));
  REQUIRE(outcomes.size() == 8);
  for (const Outcome& outcome : outcomes) CHECK(outcome.caption.has_value());
  CHECK(engine.batches() == std::vector<std::size_t>{2, 2, 2, 2});
  CHECK(notes.size() == 2);  // 8 to 4, 4 to 2
  batcher.run(pending(4));
  CHECK(engine.batches().size() == 6);
  CHECK(notes.size() == 2);
}

TEST_CASE("a pair that alone is too much for the device fails, the others do not") {
  FakeEngine engine({.too_big_keys = {pairs::stable_hash("2")}}, {});
  Batcher batcher(engine, 4, kSilent);
  const std::vector<Outcome> outcomes = batcher.run(pending(5));
  for (const Outcome& outcome : outcomes) CHECK(outcome.caption.has_value() == (outcome.index != 2));
  REQUIRE(outcomes[2].failure);
  CHECK(outcomes[2].failure->code == records::ErrorCode::kOutOfMemory);
  // Not the device's own words: they hold numbers that differ from run to run.
  CHECK(outcomes[2].failure->message == "not enough memory on fake for this one pair");
}

TEST_CASE("an error in a batch is its pair's alone") {
  FakeEngine engine({.broken_keys = {pairs::stable_hash("1")}}, {});
  Batcher batcher(engine, 4, kSilent);
  const std::vector<Outcome> outcomes = batcher.run(pending(6));
  for (const Outcome& outcome : outcomes) CHECK(outcome.caption.has_value() == (outcome.index != 1));
  REQUIRE(outcomes[1].failure);
  CHECK(outcomes[1].failure->code == records::ErrorCode::kInternal);
  CHECK(outcomes[1].failure->message == "fake device: cannot compute this");
}

TEST_CASE("outcomes come in input order and are the same for every batch size and number of devices") {
  const test::TempDir dir;
  test::write_pairs(dir.path(), 23);
  test::write_file(dir / "A/005.png", "no image");
  std::filesystem::remove(dir / "B/011.png");
  const std::vector<pairs::Pair> pairs = pairs_in(dir.path());
  const FakeBehaviour behaviour = {.too_big_keys = {pairs::stable_hash("017")},
                                   .per_pair = std::chrono::milliseconds(1)};
  const Run reference = run(pairs, behaviour, 1, 1);
  REQUIRE(reference.texts.size() == 23);
  CHECK(std::is_sorted(reference.indexes.begin(), reference.indexes.end()));
  CHECK(reference.texts[5] == "decode_image");
  CHECK(reference.texts[11] == "missing_after");
  CHECK(reference.texts[17] == "out_of_memory");
  CHECK(std::count_if(reference.texts.begin(), reference.texts.end(),
                      [](const std::string& text) { return text.find(' ') != std::string::npos; }) == 20);
  for (const auto& [engines, batch] :
       std::vector<std::pair<std::size_t, std::size_t>>{{1, 4}, {3, 2}, {2, 5}, {4, 64}}) {
    const Run other = run(pairs, behaviour, engines, batch);
    INFO(engines << " engines, batches of " << batch);
    CHECK(other.indexes == reference.indexes);
    CHECK(other.texts == reference.texts);
  }
}

TEST_CASE("a stop delivers a beginning without gaps, several devices or not") {
  const test::TempDir dir;
  test::write_pairs(dir.path(), 100);
  const std::vector<pairs::Pair> pairs = pairs_in(dir.path());
  const Run result =
      run(pairs, {.per_pair = std::chrono::milliseconds(1)}, 3, 2, [](std::size_t delivered) { return delivered > 0; });
  CHECK(result.indexes.size() >= 2);
  CHECK(result.indexes.size() < 100);  // workers run but a few batches ahead of what is delivered
  for (std::size_t i = 0; i < result.indexes.size(); ++i) CHECK(result.indexes[i] == i);
}

TEST_CASE("an error of the delivery ends the run and comes out") {
  const test::TempDir dir;
  test::write_pairs(dir.path(), 12);
  const std::vector<pairs::Pair> pairs = pairs_in(dir.path());
  std::vector<std::unique_ptr<engine::Engine>> engines;
  engines.push_back(std::make_unique<FakeEngine>(FakeBehaviour{}, engine::GenerationOverrides{}));
  PipelineWork work{pairs, std::vector<bool>(pairs.size(), false), 2, 1};
  int delivered = 0;
  PipelineHooks hooks{[&](const std::vector<Outcome>&) {
                        if (++delivered == 2) throw Error("disk full");
                      },
                      kSilent, [] { return false; }};
  CHECK_THROWS_WITH(run_pipeline(work, engines, hooks), "disk full");
  CHECK(delivered == 2);
}

TEST_CASE("what is done is not done again") {
  const test::TempDir dir;
  test::write_pairs(dir.path(), 9);
  const std::vector<pairs::Pair> pairs = pairs_in(dir.path());
  std::vector<std::unique_ptr<engine::Engine>> engines;
  engines.push_back(std::make_unique<FakeEngine>(FakeBehaviour{}, engine::GenerationOverrides{}));
  std::vector<bool> done(9, false);
  for (const std::size_t i : {0, 1, 2, 3, 6}) done[i] = true;
  std::vector<std::size_t> indexes;
  PipelineHooks hooks{[&](const std::vector<Outcome>& outcomes) {
                        for (const Outcome& outcome : outcomes) indexes.push_back(outcome.index);
                      },
                      kSilent, [] { return false; }};
  run_pipeline({pairs, done, 4, 1}, engines, hooks);
  CHECK(indexes == std::vector<std::size_t>{4, 5, 7, 8});
  // Windows of the whole input: {4,5,7} and {8}.
  CHECK(static_cast<FakeEngine&>(*engines[0]).batches() == std::vector<std::size_t>{3, 1});
}
