// Writing lists and placing their pictures (convert.h).
#include "core/pairs/lists/convert.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/io/file.h"
#include "core/pairs/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// The flag of a pair, or what its captions say of it.
std::optional<bool> flag_of(const Pair& pair) {
  if (pair.changed) return pair.changed;
  if (pair.captions.empty()) return std::nullopt;
  return !std::all_of(pair.captions.begin(), pair.captions.end(), [](const std::string& caption) {
    return ccx::is_no_change(caption, ccx::levir_cc_no_change_sentences());
  });
}

// Puts the pictures of pairs below one folder and changes their paths to that.
class Placer {
 public:
  Placer(fs::path folder, ImageHandling how) : folder_(std::move(folder)), how_(how) {}

  // The file name of a pair that no other has in its split. `is_id`: who reads the list takes the name for the id.
  std::string file_name(const Pair& pair, const std::string& split, bool is_id) {
    std::string stem = safe_relative_path(pair.id).generic_string();
    if (stem.find('/') != std::string::npos) ++flattened_;
    std::replace(stem.begin(), stem.end(), '/', '_');
    const std::string extension = fs::path(pair.before).extension().string();
    std::string name = stem + extension;
    const auto [known, is_new] = taken_.emplace(split + "/" + stem, pair.id);
    if (is_new) return name;
    if (is_id) {
      throw InputError(
          "'" + printable(known->second) + "' and '" + printable(pair.id) + "' would both be called " + name +
          " in this form, which knows pairs by the names of their pictures: give one of them another id, or convert to "
          "jsonl or universal");
    }
    int number = 2;
    while (!taken_.emplace(split + "/" + stem + "-" + std::to_string(number), pair.id).second) ++number;
    return stem + "-" + std::to_string(number) + extension;
  }
  // Of the ids given to file_name(), those that held a '/'.
  std::size_t flattened() const { return flattened_; }

  // What is missing is said before anything is written.
  static void require_pictures(const std::vector<Pair>& pairs) {
    for (const Pair& pair : pairs) {
      if (!pair.bands.empty())
        throw InputError("'" + printable(pair.id) +
                         "' lies in one file a band: leave such pictures where they are (--images leave)");
      for (const std::string& path : {pair.before, pair.after}) {
        std::error_code ignored;
        if (path.empty() || !fs::exists(path, ignored)) {
          throw InputError("'" + printable(pair.id) + "' has no picture " +
                           (path.empty() ? "(" + pair.missing + ")" : path) +
                           "; leave pictures where they are with --images leave, or mend the list");
        }
      }
    }
  }

  std::string place(const std::string& from, const fs::path& to) {
    if (from.empty()) return "";
    const fs::path target = folder_ / to;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (!error && how_ == ImageHandling::kCopy) fs::copy_file(from, target, fs::copy_options::none, error);
    if (!error && how_ == ImageHandling::kLink)
      fs::create_symlink(fs::absolute(from).lexically_normal(), target, error);
    // ENVI's header says what the bytes are.
    const fs::path header = fs::path(from).replace_extension(".hdr");
    if (!error && header != from && fs::exists(header, error)) {
      const fs::path beside = fs::path(target).replace_extension(".hdr");
      if (how_ == ImageHandling::kCopy) fs::copy_file(header, beside, fs::copy_options::none, error);
      if (how_ == ImageHandling::kLink) fs::create_symlink(fs::absolute(header).lexically_normal(), beside, error);
    }
    if (error) throw InputError(target.string() + ": " + error.message());
    return to.generic_string();
  }

 private:
  fs::path folder_;
  ImageHandling how_;
  std::map<std::string, std::string> taken_;  // names without extensions, and whose they are
  std::size_t flattened_ = 0;
};

// A path as a list in `folder` names it: relative where the file lies below, else from the root.
std::string named_from(const fs::path& folder, const std::string& path, bool& leads_outside) {
  if (path.empty()) return "";
  const fs::path absolute = fs::absolute(path).lexically_normal();
  const fs::path relative =
      absolute.lexically_relative(fs::absolute(folder.empty() ? fs::path(".") : folder).lexically_normal());
  if (!relative.empty() && *relative.begin() != "..") return relative.generic_string();
  leads_outside = true;
  return absolute.generic_string();
}

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(utf8_name(text));
}

std::string levir(const std::vector<Pair>& pairs, const std::vector<std::string>& names) {
  Json images = Json::array();
  std::size_t sentence_id = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Pair& pair = pairs[i];
    Json ids = Json::array();
    Json sentences = Json::array();
    for (const std::string& caption : pair.captions) {
      Json tokens = Json::array();
      std::istringstream words(ccx::normalise_sentence(caption));
      for (std::string word; words >> word;) tokens.push_back(word);
      sentences.push_back({{"tokens", tokens}, {"raw", caption}, {"imgid", i}, {"sentid", sentence_id}});
      ids.push_back(sentence_id++);
    }
    Json image = {{"filepath", pair.split}, {"filename", names[i]}, {"imgid", i}, {"split", pair.split}};
    if (const auto flag = flag_of(pair)) image["changeflag"] = *flag ? 1 : 0;
    image["sentids"] = ids;
    image["sentences"] = sentences;
    images.push_back(std::move(image));
  }
  return dumped({{"images", images}}, -1) + "\n";
}

std::string universal(const std::vector<Pair>& pairs) {
  Json list = Json::array();
  for (const Pair& pair : pairs) {
    Json entry = {{"uid", pair.id}};
    if (const auto flag = flag_of(pair)) entry["change_flag"] = *flag ? 1 : 0;
    entry["img1_path"] = or_null(pair.before);
    entry["img2_path"] = or_null(pair.after);
    entry["change_caption"] = pair.captions;
    if (!pair.split.empty()) entry["split"] = pair.split;
    list.push_back(std::move(entry));
  }
  return dumped(list, 1) + "\n";
}

std::string coco(const std::vector<Pair>& pairs, const std::vector<std::string>& names) {
  Json images = Json::array();
  Json annotations = Json::array();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Pair& pair = pairs[i];
    Json image = {{"id", i}, {"file_name", names[i]}, {"before", or_null(pair.before)}, {"after", or_null(pair.after)}};
    if (const auto flag = flag_of(pair)) image["changed"] = *flag;
    if (!pair.split.empty()) image["split"] = pair.split;
    images.push_back(std::move(image));
    for (const std::string& caption : pair.captions) {
      annotations.push_back({{"id", annotations.size()}, {"image_id", i}, {"caption", caption}});
    }
  }
  return dumped({{"type", "captions"}, {"images", images}, {"annotations", annotations}}, -1) + "\n";
}

std::string json_lines(const std::vector<Pair>& pairs) {
  std::string out;
  for (const Pair& pair : pairs) {
    Json entry = {{"id", pair.id}, {"before", or_null(pair.before)}, {"after", or_null(pair.after)}};
    if (!pair.captions.empty()) entry["captions"] = pair.captions;
    if (pair.changed) entry["changed"] = *pair.changed;
    if (!pair.split.empty()) entry["split"] = pair.split;
    if (!pair.mask.empty()) entry["mask"] = utf8_name(pair.mask);
    out += dumped(entry, -1) + "\n";
  }
  return out;
}

bool is_folder(const Conversion& conversion) {
  std::error_code ignored;
  return conversion.to == WrittenForm::kLevir || !conversion.out.has_extension() || !conversion.out.has_filename() ||
         fs::is_directory(conversion.out, ignored);
}

const char* list_name(WrittenForm form) {
  return form == WrittenForm::kLevir       ? "LevirCCcaptions.json"
         : form == WrittenForm::kJsonLines ? "captions.jsonl"
                                           : "captions.json";
}

}  // namespace

WrittenForm list_form_from_name(const std::string& name) {
  if (name == "levir") return WrittenForm::kLevir;
  if (name == "universal") return WrittenForm::kUniversal;
  if (name == "coco") return WrittenForm::kCoco;
  if (name == "jsonl") return WrittenForm::kJsonLines;
  throw UsageError("unknown form '" + name + "'; known are levir, universal, coco, jsonl");
}

ImageHandling image_handling_from_name(const std::string& name) {
  if (name == "leave") return ImageHandling::kLeave;
  if (name == "copy") return ImageHandling::kCopy;
  if (name == "link") return ImageHandling::kLink;
  throw UsageError("--images is leave, copy or link, not '" + name + "'");
}

ConversionReport convert(std::vector<Pair> pairs, const Conversion& conversion) {
  const bool leaves = conversion.images == ImageHandling::kLeave;
  if (conversion.to == WrittenForm::kLevir && leaves) {
    throw UsageError(
        "LEVIR-CC's form knows pictures by their place, images/SPLIT/A and B: add --images copy or --images link");
  }
  ConversionReport report;
  const fs::path folder = is_folder(conversion) ? conversion.out : conversion.out.parent_path();
  report.list = is_folder(conversion) ? folder / list_name(conversion.to) : conversion.out;
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(report.list, ignored)))
    throw InputError(report.list.string() + " is there already; name another --out");

  std::size_t unsplit = 0;
  std::size_t renamed = 0;
  bool leads_outside = false;
  std::vector<std::string> names;
  Placer placer(folder, conversion.images);
  if (!leaves) Placer::require_pictures(pairs);
  const bool is_id = conversion.to == WrittenForm::kLevir || conversion.to == WrittenForm::kCoco;
  const auto split_of = [](const Pair& pair) {
    return safe_relative_path(pair.split.empty() ? "all" : pair.split).generic_string();
  };
  for (Pair& pair : pairs) {  // all before anything is written
    unsplit += pair.split.empty() ? 1 : 0;
    if (pair.split.empty() && conversion.to == WrittenForm::kLevir) pair.split = "train";
    names.push_back(placer.file_name(pair, split_of(pair), is_id));
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Pair& pair = pairs[i];
    if (leaves) {
      for (std::string* path : {&pair.before, &pair.after, &pair.mask})
        *path = named_from(folder, *path, leads_outside);
      continue;
    }
    const fs::path images = fs::path("images") / split_of(pair);
    renamed += fs::path(pair.after).extension() != fs::path(pair.before).extension() ? 1 : 0;
    pair.before = placer.place(pair.before, images / "A" / names[i]);
    pair.after = placer.place(pair.after, images / "B" / names[i]);
    pair.mask = placer.place(pair.mask,
                             images / "label" / fs::path(names[i]).replace_extension(fs::path(pair.mask).extension()));
  }
  fs::create_directories(folder.empty() ? fs::path(".") : folder, ignored);
  const std::string text = conversion.to == WrittenForm::kLevir       ? levir(pairs, names)
                           : conversion.to == WrittenForm::kUniversal ? universal(pairs)
                           : conversion.to == WrittenForm::kCoco      ? coco(pairs, names)
                                                                      : json_lines(pairs);
  io::write_file_atomically(report.list, text);
  if (unsplit > 0 && conversion.to == WrittenForm::kLevir) {
    report.notes.push_back(std::to_string(unsplit) + " pairs had no split: they are in train");
  }
  if (placer.flattened() > 0 && is_id) {
    report.notes.push_back(std::to_string(placer.flattened()) +
                           " ids with '/' have '_' in its place here, as file names do");
  }
  if (renamed > 0) {
    report.notes.push_back(
        std::to_string(renamed) +
        " after pictures are of another format than their before pictures and have those's extension here");
  }
  if (leads_outside) {
    report.notes.push_back("pictures lie outside " + (folder.empty() ? std::string(".") : folder.string()) +
                           ": the list has their absolute paths, and ccx reads it with --allow-outside");
  }
  return report;
}

}  // namespace ccx::pairs
