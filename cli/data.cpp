// `ccx data`: looks datasets over before a run, converts them, and trains a tokenizer on text.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/data_convert.h"
#include "cli/image_options.h"
#include "core/base/error.h"
#include "core/io/standard_output.h"
#include "train/data/check.h"
#include "train/data/tokenizer_trainer.h"

namespace ccx::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CheckGiven {
  std::vector<std::string> data;
  train::CheckOptions options;
  ImageOptions images;
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
  options.images = given.images.options();
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
  std::cerr << "wrote " << given.out << ": " << merges.vocabulary.size() << " tokens, " << merges.merges.size()
            << " merges from " << texts.size() << " texts\n";
  return kOk;
}

const RegisterCommand kData(50, "data", "Check and convert datasets, train a tokenizer", [](CLI::App& app) {
  app.require_subcommand(1);
  const auto check_given = std::make_shared<CheckGiven>();
  const auto tokenizer_given = std::make_shared<TokenizerGiven>();
  const auto chosen = std::make_shared<std::function<int()>>();

  CLI::App* check_app = app.add_subcommand("check", "Count, read and compare the pairs of datasets before a run");
  check_app->add_option("data", check_given->data, "Datasets or dataset lists, as ccx train takes them")
      ->required()
      ->type_name("DATA ...");
  check_app->add_flag("--no-images", check_given->no_images, "Do not open pictures");
  add_image_options(*check_app, check_given->images);
  check_app->add_flag("--json", check_given->json, "All of it as JSON");
  check_app->add_option("--threads", check_given->options.threads, "Threads that read pictures")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  check_app->footer(
      "Exit code 1 when something cannot be read or a split leaks into another.\n\n  ccx data check mix.yaml\n  ccx "
      "data check levir_cc --json");
  check_app->callback([check_given, chosen] { *chosen = [check_given] { return check(*check_given); }; });

  CLI::App* tokenizer_app = app.add_subcommand("tokenizer", "Train a byte-level BPE tokenizer in Qwen2's format");
  tokenizer_app
      ->add_option("--text", tokenizer_given->text,
                   "Text files, a line a text; or datasets (scenes:COUNT@SEED too), whose captions are taken")
      ->required()
      ->type_name("FILE ...");
  tokenizer_app
      ->add_option("--vocab", tokenizer_given->training.vocabulary, "Tokens: 256 bytes, merges, 3 special ones")
      ->capture_default_str();
  tokenizer_app->add_option("--min-count", tokenizer_given->training.min_count, "Rarer pairs are not merged")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  tokenizer_app->add_option("--out", tokenizer_given->out, "Folder for tokenizer.json and its companions")
      ->required()
      ->type_name("DIR");
  tokenizer_app->add_flag("--overwrite", tokenizer_given->overwrite, "Replace a tokenizer in --out that ccx wrote");
  tokenizer_app->footer(
      "  ccx data tokenizer --text levir_cc/LevirCCcaptions.json --vocab 1024 --out tokenizer\n"
      "  ccx data tokenizer --text scenes:3000@1 --vocab 1024 --out tokenizer");
  tokenizer_app->callback(
      [tokenizer_given, chosen] { *chosen = [tokenizer_given] { return train_tokenizer(*tokenizer_given); }; });
  add_data_convert(app, chosen);
  return [chosen] { return (*chosen)(); };
});

}  // namespace
}  // namespace ccx::cli
