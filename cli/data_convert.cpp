// `ccx data convert`: a set of pairs and captions in another form.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/io/messages.h"
#include "core/io/output_ending.h"
#include "core/pairs/lists/convert.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/no_change_file.h"
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
  std::string no_change_file;
  bool allow_outside = false;
};

void say(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) io::say_note(note);
}

// A list, the lists of a folder, or a folder of pictures alone.
std::vector<pairs::AnnotatedPair> read(const ConvertGiven& given, bool leaves_pictures) {
  std::error_code ignored;
  std::vector<pairs::DataFile> files;
  try {
    if (given.in == "-") {
      files.push_back({"-", "", std::nullopt, {}});
    } else {
      files = pairs::data_files(given.in);
    }
  } catch (const InputError&) {
    if (!std::filesystem::is_directory(given.in, ignored)) throw;
  }
  std::vector<pairs::AnnotatedPair> all;
  if (files.empty()) {
    pairs::PairSource source;
    source.in = given.in;
    pairs::PairList list = pairs::find_pairs(source);
    say(list.notes);
    for (pairs::Pair& pair : list.pairs) all.push_back({std::move(pair)});
    return all;
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
    io::say_note(file.path.string() + " is " + set.format);
    say(set.notes);
    const auto lacks_picture = [](const pairs::AnnotatedPair& pair) { return !pair.missing.empty(); };
    const auto missing = std::count_if(set.pairs.begin(), set.pairs.end(), lacks_picture);
    if (missing > 0) {
      const auto first = std::find_if(set.pairs.begin(), set.pairs.end(), lacks_picture);
      io::say_note("of " + std::to_string(missing) + " of " + std::to_string(set.pairs.size()) +
                   " pairs no picture was found, the first: " + first->missing);
    }
    for (pairs::AnnotatedPair& pair : set.pairs) {
      if (pair.split.empty()) pair.split = file.split;
      all.push_back(std::move(pair));
    }
  }
  return all;
}

// The list's own name; --out may be a folder too.
void check_ending(const pairs::Conversion& conversion) {
  std::error_code ignored;
  const bool is_lines = conversion.to == pairs::WrittenForm::kJsonLines;
  if (conversion.to == pairs::WrittenForm::kLevir || std::filesystem::is_directory(conversion.out, ignored)) return;
  const std::string note =
      is_lines ? io::require_ending(
                     conversion.out,
                     io::json_lines("--to jsonl is named .jsonl, and other forms of lists are levir, universal, coco"))
               : io::require_ending(conversion.out,
                                    {{".json"}, "JSON", "this form is named .json, and --to jsonl is a line a pair"});
  if (!note.empty()) io::say_note(note);
}

int convert(const ConvertGiven& given) {
  pairs::Conversion conversion;
  conversion.to = pairs::list_form_from_name(given.to);
  conversion.images = pairs::image_handling_from_name(given.images);
  conversion.out = given.out;
  if (!given.no_change_file.empty())
    conversion.no_change_sentences = pairs::read_no_change_sentences(given.no_change_file);
  check_ending(conversion);
  std::vector<pairs::AnnotatedPair> all = read(given, conversion.images == pairs::ImageHandling::kLeave);
  if (all.empty())
    throw InputError(given.in + " holds no pairs" + (given.split.empty() ? "" : " of the split '" + given.split + "'"));
  const std::size_t count = all.size();
  const pairs::ConversionReport report = pairs::convert(std::move(all), conversion);
  say(report.notes);
  io::say_note(counted(count, "pair") + " in " + (report.list == "-" ? "stdout" : report.list.string()));
  return kOk;
}

const RegisterCommand kConvert(
    52, "data convert", "Write a set of pairs and captions in another form", [](CommandSpec& spec) {
      const auto given = std::make_shared<ConvertGiven>();
      spec.page = "training";
      spec.about = "Nothing that is there is replaced.";
      spec.examples = {{"ccx data convert pairs.csv --to jsonl --out pairs.jsonl"},
                       {"ccx data convert second_cc --to levir --images link --out second_cc_levir"}};
      options::OptionSet& options = spec.options;
      options.group("Input");
      options.add(&given->in,
                  {.name = "in",
                   .value = "PATH",
                   .help = "A list or folder, as ccx caption and ccx train take them; - for a list from stdin",
                   .required = true});
      options.add(&given->root, {.name = "--root",
                                 .value = "DIR",
                                 .help = "What the list's paths are relative to",
                                 .by_default = "found beside the list"});
      options.add(&given->split, {.name = "--split", .value = "NAME", .help = "Only this split"});
      options.add(&given->allow_outside,
                  {.name = "--allow-outside", .help = "Let the list name files outside its root"});
      options.add(
          &given->no_change_file,
          {.name = "--no-change-sentences",
           .value = "FILE",
           .help = "What says that nothing changed where no flag does: a sentence a line, or a model's config.json",
           .by_default = "LEVIR-CC's five"});
      options.group("Output");
      options.add(&given->to, {.name = "--to",
                               .value = "FORM",
                               .help = "The form",
                               .choices = {"levir", {"universal", "CCExpert's"}, "coco", "jsonl"},
                               .required = true});
      options.add(&given->out, {.name = "--out",
                                .value = "PATH",
                                .help = "The list to write, or a folder for it and its pictures; - for stdout",
                                .required = true});
      options.add(&given->images, {.name = "--images",
                                   .value = "HOW",
                                   .help = "Pictures",
                                   .choices = {{"leave", "named where they are"},
                                               {"copy", "into images/SPLIT/A and B"},
                                               {"link", "likewise"}}});
      return [given] { return convert(*given); };
    });

}  // namespace
}  // namespace ccx::cli
