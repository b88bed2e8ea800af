#include "cli/data_convert.h"

#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "core/base/error.h"
#include "core/pairs/lists/convert.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/pair_set.h"

namespace ccx::cli {
namespace {

struct ConvertGiven {
  std::string in;
  std::string to;
  std::string out;
  std::string images = "leave";
  std::string root;
  std::string split;
  bool allow_outside = false;
};

void say(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) std::cerr << "ccx: " << note << '\n';
}

// A list, the lists of a folder, or a folder of pictures alone.
std::vector<pairs::Pair> read(const ConvertGiven& given, bool leaves_pictures) {
  std::error_code ignored;
  std::vector<pairs::DataFile> files;
  try {
    if (given.in == "-") {
      files.push_back({"-", "", std::nullopt});
    } else {
      files = pairs::data_files(given.in);
    }
  } catch (const InputError&) {
    if (!std::filesystem::is_directory(given.in, ignored)) throw;
  }
  std::vector<pairs::Pair> all;
  if (files.empty()) {
    pairs::PairSource source;
    source.in = given.in;
    pairs::PairList list = pairs::find_pairs(source);
    say(list.notes);
    return std::move(list.pairs);
  }
  for (const pairs::DataFile& file : files) {
    pairs::PairSetOptions options;
    if (!given.root.empty()) {
      options.root = given.root;
    } else if (file.root) {
      options.root = file.root;
    }
    options.split = file.split.empty() ? given.split : "";
    options.allow_outside = given.allow_outside;
    options.ids_are_unique = false;
    options.keep_missing = leaves_pictures;
    options.want_masks = true;
    if (!file.split.empty() && !given.split.empty() && file.split != given.split) continue;
    pairs::PairSet set = pairs::read_pair_set(file.path, options);
    std::cerr << "ccx: " << file.path.string() << " is " << set.format << '\n';
    say(set.notes);
    for (pairs::Pair& pair : set.pairs) {
      if (pair.split.empty()) pair.split = file.split;
      all.push_back(std::move(pair));
    }
  }
  return all;
}

int convert(const ConvertGiven& given) {
  pairs::Conversion conversion;
  conversion.to = pairs::list_form_from_name(given.to);
  conversion.images = pairs::image_handling_from_name(given.images);
  conversion.out = given.out;
  std::vector<pairs::Pair> all = read(given, conversion.images == pairs::ImageHandling::kLeave);
  if (all.empty())
    throw InputError(given.in + " holds no pairs" + (given.split.empty() ? "" : " of the split '" + given.split + "'"));
  const std::size_t count = all.size();
  const pairs::ConversionReport report = pairs::convert(std::move(all), conversion);
  say(report.notes);
  std::cerr << "ccx: " << count << (count == 1 ? " pair in " : " pairs in ") << report.list.string() << '\n';
  return kOk;
}

}  // namespace

void add_data_convert(CLI::App& data, const std::shared_ptr<std::function<int()>>& chosen) {
  const auto given = std::make_shared<ConvertGiven>();
  CLI::App* app = data.add_subcommand("convert", "Write a set of pairs and captions in another form");
  app->add_option("in", given->in, "A list or folder, as ccx caption and ccx train take them; - for a list from stdin")
      ->required()
      ->type_name("PATH");
  app->add_option("--to", given->to, "levir, universal (CCExpert's), coco or jsonl")
      ->required()
      ->check(CLI::IsMember({"levir", "universal", "coco", "jsonl"}));
  app->add_option("--out", given->out, "The list to write, or a folder for it and its pictures")
      ->required()
      ->type_name("PATH");
  app->add_option("--images", given->images,
                  "leave names pictures where they are; copy and link put them into images/SPLIT/A and B")
      ->check(CLI::IsMember({"leave", "copy", "link"}))
      ->capture_default_str();
  app->add_option("--root", given->root, "What the list's paths are relative to [found beside the list]")
      ->type_name("DIR");
  app->add_option("--split", given->split, "Only this split")->type_name("NAME");
  app->add_flag("--allow-outside", given->allow_outside, "Let the list name files outside its root");
  app->footer(
      "Nothing that is there is replaced.\n\n"
      "  ccx data convert pairs.csv --to jsonl --out pairs.jsonl\n"
      "  ccx data convert second_cc --to levir --images link --out second_cc_levir");
  app->callback([given, chosen] { *chosen = [given] { return convert(*given); }; });
}

}  // namespace ccx::cli
