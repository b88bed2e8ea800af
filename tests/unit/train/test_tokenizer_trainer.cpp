// A tokenizer trained on given text.
#include "core/base/error.h"
#include "core/text/tokenizer.h"
#include "core/text/training_sample.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "train/data/tokenizer_trainer.h"

using namespace ccx;
using namespace ccx::train;

namespace {

std::vector<std::string> captions() {
  std::vector<std::string> texts;
  for (int i = 0; i < 20; ++i) {
    texts.push_back("many houses are built along the road");
    texts.push_back("the scene is the same as before");
    texts.push_back("trees are replaced by " + std::to_string(i) + " buildings");
  }
  return texts;
}

}  // namespace

TEST_CASE("a trained tokenizer loads, round-trips any text, and makes words of the text single tokens") {
  const test::TempDir dir;
  const Merges merges = train_merges(captions(), {700, 2});
  write_tokenizer(dir.path(), merges);
  const text::Tokenizer tokenizer = text::Tokenizer::load(dir.path());
  CHECK(tokenizer.size() == static_cast<int64_t>(merges.vocabulary.size()));
  for (const std::string text : {"many houses are built along the road", "Übermut, 3 x\n\tund \xf0\x9f\x8f\xa0!", ""}) {
    CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
  }
  CHECK(tokenizer.encode("many houses are built along the road").size() == 7);
  // The question is in every sample: it is as short as in Qwen2, whose 46 ids include two images.
  CHECK(text::build_prompt(tokenizer).ids().size() <= 46);
}

TEST_CASE("a trained tokenizer keeps Qwen2's newline, on which the labels rest") {
  const test::TempDir dir;
  write_tokenizer(dir.path(), train_merges(captions(), {700, 2}));
  const text::Tokenizer tokenizer = text::Tokenizer::load(dir.path());
  CHECK(tokenizer.encode("\n") == std::vector<int64_t>{198});
  const text::TrainingSample sample = text::build_training_sample(tokenizer, "the road");
  int64_t newlines = 0;
  for (const int64_t label : sample.labels) newlines += label == 198;
  CHECK(newlines >= 5);
}

TEST_CASE("the same text gives the same tokenizer, and its size is what was asked") {
  std::vector<std::string> texts = captions();
  for (int i = 0; i < 300; ++i) {  // enough different words, each seen twice, to fill the vocabulary
    const std::string word = {static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26 % 26),
                              static_cast<char>('a' + i * 7 % 26)};
    texts.push_back(word + " " + word);
  }
  const Merges a = train_merges(texts, {520, 2});
  const Merges b = train_merges(texts, {520, 2});
  CHECK(a.vocabulary == b.vocabulary);
  CHECK(a.merges == b.merges);
  CHECK(a.vocabulary.size() == 520);
  CHECK(a.vocabulary.back() == "<|im_end|>");
  CHECK_THROWS_AS(train_merges(captions(), {100, 2}), UsageError);
}
