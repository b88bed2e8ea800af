// Writing lists and placing their pictures (convert.h).
#include "core/pairs/lists/convert.h"

#include <algorithm>
#include <array>
#include <map>
#include <system_error>
#include <utility>

#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/io/file.h"
#include "core/pairs/lists/written_forms.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

// Puts the pictures of pairs below one folder and changes their paths to that.
class Placer {
 public:
  Placer(fs::path folder, ImageHandling how) : folder_(std::move(folder)), how_(how) {}

  // The file name of a pair that no other has in its split. `is_id`: who reads the list takes the name for the id.
  std::string file_name(const AnnotatedPair& pair, const std::string& split, bool is_id) {
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
  static void require_pictures(const std::vector<AnnotatedPair>& pairs) {
    for (const AnnotatedPair& pair : pairs) {
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

// stdout, a pipe, /dev/null.
bool is_stream(const fs::path& out) {
  std::error_code ignored;
  return !fs::is_directory(out, ignored) && out.has_filename() && io::find_destination(out).is_stream;
}

bool is_folder(const Conversion& conversion) {
  std::error_code ignored;
  if (conversion.to != WrittenForm::kLevir && is_stream(conversion.out)) return false;
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

namespace {

// Whether who reads the list takes a picture's name for the pair's id.
bool names_are_ids(WrittenForm form) {
  return form == WrittenForm::kLevir || form == WrittenForm::kCoco;
}

std::string split_folder(const AnnotatedPair& pair) {
  return safe_relative_path(pair.split.empty() ? "all" : pair.split).generic_string();
}

// Pairs made into a list of another form and, where asked for, pictures beside it; what is worth a note is counted.
class Converter {
 public:
  Converter(const Conversion& conversion, fs::path folder)
      : conversion_(conversion), folder_(std::move(folder)), placer_(folder_, conversion.images) {}

  // Splits and names, all before anything is written.
  void name(std::vector<AnnotatedPair>& pairs) {
    for (AnnotatedPair& pair : pairs) {
      unsplit_ += pair.split.empty() ? 1 : 0;
      if (pair.split.empty() && conversion_.to == WrittenForm::kLevir) pair.split = "train";
      names_.push_back(placer_.file_name(pair, split_folder(pair), names_are_ids(conversion_.to)));
    }
  }

  // The flag that a pair lacks, as its captions say it; none where they only sound as if nothing changed.
  void flag(std::vector<AnnotatedPair>& pairs) {
    if (conversion_.to == WrittenForm::kJsonLines) return;
    for (AnnotatedPair& pair : pairs) {
      if (pair.changed || pair.captions.empty()) continue;
      const auto says_none = [&](const std::string& caption) {
        return is_no_change(caption, conversion_.no_change_sentences);
      };
      if (std::all_of(pair.captions.begin(), pair.captions.end(), says_none)) {
        pair.changed = false;
        ++told_[0];
      } else if (std::any_of(pair.captions.begin(), pair.captions.end(), [&](const std::string& caption) {
                   return !says_none(caption) && sounds_like_no_change(caption);
                 })) {
        if (doubtful_++ == 0) doubt_ = pair.id;
      } else {
        pair.changed = true;
        ++told_[1];
      }
    }
  }

  // The paths that the list will have; the pictures go there unless they are left where they are.
  void place(std::vector<AnnotatedPair>& pairs) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      AnnotatedPair& pair = pairs[i];
      if (conversion_.images == ImageHandling::kLeave) {
        for (std::string* path : {&pair.before, &pair.after, &pair.mask})
          *path = named_from(folder_, *path, leads_outside_);
        continue;
      }
      const fs::path images = fs::path("images") / split_folder(pair);
      renamed_ += fs::path(pair.after).extension() != fs::path(pair.before).extension() ? 1 : 0;
      pair.before = placer_.place(pair.before, images / "A" / names_[i]);
      pair.after = placer_.place(pair.after, images / "B" / names_[i]);
      const fs::path mask = fs::path(names_[i]).replace_extension(fs::path(pair.mask).extension());
      pair.mask = placer_.place(pair.mask, images / "label" / mask);
    }
  }

  std::string list(const std::vector<AnnotatedPair>& pairs) const {
    switch (conversion_.to) {
      case WrittenForm::kLevir:
        return levir_list(pairs, names_);
      case WrittenForm::kUniversal:
        return universal_list(pairs);
      case WrittenForm::kCoco:
        return coco_list(pairs, names_);
      case WrittenForm::kJsonLines:
        break;
    }
    return json_lines(pairs);
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    if (unsplit_ > 0 && conversion_.to == WrittenForm::kLevir) {
      notes.push_back(counted(unsplit_, "pair") + " had no split: " + (unsplit_ == 1 ? "it is" : "they are") +
                      " in train");
    }
    if (told_[0] + told_[1] > 0) {
      const std::size_t count = told_[0] + told_[1];
      notes.push_back(counted(count, "pair") + " had no flag, and got one by the captions: " +
                      std::to_string(told_[1]) + " changed, " + std::to_string(told_[0]) + " unchanged");
    }
    if (doubtful_ > 0) {
      notes.push_back(
          std::to_string(doubtful_) + (doubtful_ == 1 ? " pair has" : " pairs have") +
          " no flag, as a caption reads as if nothing changed and is none of the sentences that say so (such "
          "as that of '" +
          printable(doubt_) + "'): --no-change-sentences names them");
    }
    if (placer_.flattened() > 0 && names_are_ids(conversion_.to)) {
      notes.push_back(std::to_string(placer_.flattened()) +
                      " ids with '/' have '_' in its place here, as file names do");
    }
    if (renamed_ > 0) {
      notes.push_back(
          std::to_string(renamed_) +
          " after pictures are of another format than their before pictures and have those's extension here");
    }
    if (leads_outside_) {
      notes.push_back("pictures lie outside " + (folder_.empty() ? std::string(".") : folder_.string()) +
                      ": the list has their absolute paths, and ccx reads it with --allow-outside");
    }
    return notes;
  }

 private:
  const Conversion& conversion_;
  fs::path folder_;
  Placer placer_;
  std::vector<std::string> names_;  // a pair's pictures, without folder
  std::size_t unsplit_ = 0;
  std::array<std::size_t, 2> told_{};  // flags that captions told: unchanged, changed
  std::size_t doubtful_ = 0;
  std::string doubt_;
  std::size_t renamed_ = 0;
  bool leads_outside_ = false;
};

}  // namespace

ConversionReport convert(std::vector<AnnotatedPair> pairs, const Conversion& conversion) {
  const bool leaves = conversion.images == ImageHandling::kLeave;
  if (conversion.to == WrittenForm::kLevir && leaves) {
    throw UsageError(
        "LEVIR-CC's form knows pictures by their place, images/SPLIT/A and B: add --images copy or --images link");
  }
  ConversionReport report;
  if (!leaves && is_stream(conversion.out))
    throw UsageError(conversion.out.string() + " takes the list alone: --images leave");
  const fs::path folder = is_folder(conversion)       ? conversion.out
                          : is_stream(conversion.out) ? fs::path()
                                                      : conversion.out.parent_path();
  report.list = is_folder(conversion) ? folder / list_name(conversion.to) : conversion.out;
  io::require_replaceable(io::find_destination(report.list), io::new_file());
  if (!leaves) Placer::require_pictures(pairs);

  Converter converter(conversion, folder);
  converter.flag(pairs);
  converter.name(pairs);
  converter.place(pairs);
  std::error_code ignored;
  fs::create_directories(folder.empty() ? fs::path(".") : folder, ignored);
  io::write_file_atomically(report.list, converter.list(pairs));
  report.notes = converter.notes();
  return report;
}

}  // namespace ccx::pairs
