// `ccx data check` and `ccx data tokenizer`: looks datasets over before a run, and trains a tokenizer on text.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "core/base/error.h"
#include "core/image/image_options.h"
#include "core/io/messages.h"
#include "core/io/standard_output.h"
#include "train/data/check.h"
#include "train/data/tokenizer_trainer.h"

namespace ccx::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CheckGiven {
  std::vector<std::string> data;
  train::CheckOptions options;
  image::ReadOptions images;
  bool no_images = false;
  bool json = false;
};

struct TokenizerGiven {
  std::vector<std::string> text;
  train::TokenizerTraining training;
  std::string out;
  bool overwrite = false;
};

Json to_json(const train::CheckReport& report) {
  Json datasets = Json::array();
  for (const train::DatasetReport& dataset : report.datasets) {
    Json splits = Json::object();
    for (const auto& [name, s] : dataset.splits) {
      splits[name] = {{"pairs", s.pairs},         {"samples", s.samples},           {"changed", s.changed},
                      {"unchanged", s.unchanged}, {"flag_unknown", s.flag_unknown}, {"captions", s.captions},
                      {"words_min", s.shortest},  {"words_mean", s.mean_words},     {"words_max", s.longest},
                      {"sizes", s.sizes}};
    }
    datasets.push_back({{"name", dataset.name},
                        {"recognised", dataset.recognised},
                        {"notes", dataset.notes},
                        {"masks", dataset.masks},
                        {"splits", splits}});
  }
  return {{"datasets", datasets},
          {"errors", report.errors},
          {"duplicates", report.warnings},
          {"leaks", report.leaks},
          {"warnings", report.untrusted}};
}

void print_list(const char* title, const std::vector<std::string>& lines) {
  constexpr size_t kShown = 20;
  io::print("%-12s %zu\n", title, lines.size());
  for (size_t i = 0; i < std::min(kShown, lines.size()); ++i) io::print("  %s\n", lines[i].c_str());
  if (lines.size() > kShown) io::print("  ... and %zu more (--json lists all)\n", lines.size() - kShown);
}

void print_table(const train::CheckReport& report) {
  for (const train::DatasetReport& dataset : report.datasets) {
    io::print("%s\n", dataset.name.c_str());
    for (const std::string& line : dataset.recognised) io::print("  %s\n", line.c_str());
    for (const std::string& note : dataset.notes) io::print("  note: %s\n", note.c_str());
    if (dataset.masks > 0) io::print("  masks of change for %lld pairs\n", static_cast<long long>(dataset.masks));
    io::print("  %-8s %8s %9s %9s %9s  %-17s %s\n", "split", "pairs", "changed", "captions", "samples",
              "words min/mean/max", "sizes");
    for (const auto& [name, s] : dataset.splits) {
      std::string sizes;
      for (const auto& [size, count] : s.sizes)
        sizes += (sizes.empty() ? "" : ", ") + size + " (" + std::to_string(count) + ")";
      const int64_t known = s.changed + s.unchanged;
      char changed[16] = "-";
      if (known > 0)
        std::snprintf(changed, sizeof(changed), "%.1f%%",
                      100.0 * static_cast<double>(s.changed) / static_cast<double>(known));
      char lengths[48];
      std::snprintf(lengths, sizeof(lengths), "%lld / %.1f / %lld", static_cast<long long>(s.shortest), s.mean_words,
                    static_cast<long long>(s.longest));
      io::print("  %-8s %8lld %9s %9lld %9lld  %-17s  %s\n", name.c_str(), static_cast<long long>(s.pairs), changed,
                static_cast<long long>(s.captions), static_cast<long long>(s.samples), lengths, sizes.c_str());
    }
  }
  io::print("\n");
  print_list("errors", report.errors);
  print_list("duplicates", report.warnings);
  print_list("warnings", report.untrusted);
  print_list("leaks", report.leaks);
}

int check(const CheckGiven& given) {
  train::CheckOptions options = given.options;
  options.read_images = !given.no_images;
  options.images = given.images;
  const train::CheckReport report = train::check_datasets(train::read_dataset_list(given.data), options);
  if (given.json) {
    io::standard_output().write(to_json(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    print_table(report);
  }
  return report.errors.empty() && report.leaks.empty() ? kOk : kFailure;
}

int train_tokenizer(const TokenizerGiven& given) {
  std::vector<std::string> texts;
  for (const std::string& path : given.text) {
    const std::vector<std::string> some = train::read_training_text(path);
    texts.insert(texts.end(), some.begin(), some.end());
  }
  if (texts.empty()) throw InputError("the text is empty");
  const train::Merges merges = train::train_merges(texts, given.training);
  train::write_tokenizer(given.out, merges, given.overwrite);
  io::say_result("wrote " + given.out + ": " + std::to_string(merges.vocabulary.size()) + " tokens, " +
                 std::to_string(merges.merges.size()) + " merges from " + std::to_string(texts.size()) + " texts");
  return kOk;
}

const RegisterCommand kData(50, "data", "Check and convert datasets, train a tokenizer", nullptr);

const RegisterCommand kCheck(
    51, "data check", "Count, read and compare the pairs of datasets before a run", [](CommandSpec& spec) {
      const auto given = std::make_shared<CheckGiven>();
      spec.page = "training";
      spec.examples = {{"ccx data check mix.yaml"}, {"ccx data check levir_cc --json"}};
      spec.exits = {{kOk, "everything can be read and no split leaks into another"},
                    {kFailure, "something cannot be read, or a split leaks into another"}};
      options::OptionSet& options = spec.options;
      options.group("Input");
      options.add(&given->data, {.name = "data",
                                 .value = "DATA...",
                                 .help = "Datasets or dataset lists, as ccx train takes them; - for a list on stdin",
                                 .most = options::kMany,
                                 .required = true});
      options.add(&given->no_images, {.name = "--no-images", .help = "Do not open pictures"});
      image::declare_image_options(options, given->images);
      options.group("Output");
      options.add(&given->json, {.name = "--json", .help = "All of it as JSON"});
      options.group("Machine");
      options.add(&given->options.threads,
                  {.name = "--threads", .value = "N", .help = "Threads that read pictures", .range = {1, 256}});
      return [given] { return check(*given); };
    });

const RegisterCommand kTokenizer(
    53, "data tokenizer", "Train a byte-level BPE tokenizer in Qwen2's format", [](CommandSpec& spec) {
      const auto given = std::make_shared<TokenizerGiven>();
      spec.page = "tokenizer";
      spec.examples = {{"ccx data tokenizer --text levir_cc/LevirCCcaptions.json --vocab 1024 --out tokenizer"},
                       {"ccx data tokenizer --text scenes:3000@1 --vocab 1024 --out tokenizer"}};
      options::OptionSet& options = spec.options;
      options.group("Input");
      options.add(
          &given->text,
          {.name = "--text",
           .value = "FILE...",
           .help = "Text files, a line a text; or datasets (scenes:COUNT@SEED too), whose captions are taken; - "
                   "for lines on stdin",
           .most = options::kMany,
           .required = true});
      options.group("Tokens");
      options.add(
          &given->training.vocabulary,
          {.name = "--vocab", .value = "N", .help = "How many: 256 bytes, merges, 3 special ones", .unit = "tokens"});
      options.add(&given->training.min_count,
                  {.name = "--min-count", .value = "N", .help = "Rarer pairs are not merged", .range = {.least = 1}});
      options.group("Output");
      options.add(
          &given->out,
          {.name = "--out", .value = "DIR", .help = "Folder for tokenizer.json and its companions", .required = true});
      options.add(&given->overwrite, {.name = "--overwrite", .help = "Replace a tokenizer in --out that ccx wrote"});
      return [given] { return train_tokenizer(*given); };
    });

}  // namespace
}  // namespace ccx::cli
