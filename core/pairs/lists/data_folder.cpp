// Choosing the lists of a folder (data_folder.h).
#include "core/pairs/lists/data_folder.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

#include "core/base/ascii.h"
#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/pairs/lists/list.h"
#include "core/pairs/lists/pair_set.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

enum class Kind { kData, kText };  // .json, .csv, ...; .txt

bool has_extension_of(Kind kind, const fs::path& path) {
  const std::string extension = ascii::lower(path.extension().string());
  if (kind == Kind::kText) return extension == ".txt";
  return extension == ".json" || extension == ".jsonl" || extension == ".ndjson" || extension == ".csv" ||
         extension == ".tsv";
}

struct Looked {
  std::vector<DataFile> files;      // lists with captions
  std::vector<std::string> passed;  // other files and why they are none
};

// A text may be anything: a list of captions is called one, or names pictures.
bool is_called_a_list(const fs::path& path) {
  const std::string name = ascii::lower(path.stem().string());
  for (const char* word : {"caption", "sentence", "descri", "annotation", "text", "label"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

std::vector<fs::path> files_in(const fs::path& folder, Kind kind) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (!is_hidden(at->path().filename().string()) && at->is_regular_file(ignored) &&
        has_extension_of(kind, at->path()))
      paths.push_back(at->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Looked look(const fs::path& folder, const fs::path& root, Kind kind = Kind::kData) {
  constexpr std::size_t kMostTexts = 20;  // more of them are a text for each picture
  Looked looked;
  const std::vector<fs::path> paths = files_in(folder, kind);
  if (kind == Kind::kText && paths.size() > kMostTexts) return looked;
  for (const fs::path& path : paths) {
    try {
      const ListInput input = read_list_input(path);
      const List list = parse_list(input.text, input.name);
      if (kind == Kind::kText && !list.names_pictures && !is_called_a_list(path)) continue;
      const bool has_captions =
          std::any_of(list.pairs.begin(), list.pairs.end(), [](const ListedPair& p) { return !p.captions.empty(); });
      if (has_captions && !list.is_model_output) {
        looked.files.push_back({path, split_in_name(path.stem().string()), root, {}});
      } else {
        looked.passed.push_back(path.filename().string() + (list.is_model_output
                                                                ? " holds a model's captions"
                                                                : " has no captions (it is " + list.why + ")"));
      }
    } catch (const Error& failure) {
      if (kind == Kind::kData) looked.passed.push_back(failure.what());
    }
  }
  return looked;
}

bool are_one_a_split(const std::vector<DataFile>& files) {
  std::set<std::string> splits;
  for (const DataFile& file : files) {
    if (file.split.empty() || !splits.insert(file.split).second) return false;
  }
  return true;
}

// train/metadata.jsonl, validation/metadata.jsonl: a folder a split with a list each, whose paths start there.
std::vector<DataFile> one_list_a_split(const fs::path& source) {
  std::vector<DataFile> out;
  std::error_code error;
  for (fs::directory_iterator at(source, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const std::string name = at->path().filename().string();
    if (!at->is_directory(ignored) || !is_split_name(name)) continue;
    Looked looked = look(at->path(), at->path());
    if (looked.files.size() != 1) return {};
    looked.files[0].split = split_in_name(name);
    out.push_back(std::move(looked.files[0]));
  }
  std::sort(out.begin(), out.end(), [](const DataFile& a, const DataFile& b) { return a.path < b.path; });
  return out;
}

// Where the lists of a data set lie, the likeliest first; behind them folders that begin like one.
constexpr std::array<std::string_view, 9> kFolders = {"",     "annotations", "captions",     "list",           "json",
                                                      "text", "metadata",    "descriptions", "description_jsn"};

std::vector<fs::path> folders_of_lists(const fs::path& source) {
  std::vector<fs::path> out;
  for (const std::string_view sub : kFolders) out.push_back(sub.empty() ? source : source / sub);
  std::vector<fs::path> others;
  std::error_code error;
  for (fs::directory_iterator at(source, error), end; !error && at != end; at.increment(error)) {
    if (is_annotation_folder(at->path()) && std::find(out.begin(), out.end(), at->path()) == out.end())
      others.push_back(at->path());
  }
  std::sort(others.begin(), others.end());
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

std::string names(const std::vector<DataFile>& files) {
  std::string out;
  for (const DataFile& file : files) out += (out.empty() ? "" : ", ") + file.path.filename().string();
  return out;
}

std::string told_beside(const DataFile& file) {
  return "beside it " + file.path.filename().string() + " holds captions too: not read; name it to read it";
}

// Lists beside the one that is read.
std::vector<std::string> notes_of(const fs::path& folder, const fs::path& source, Kind kind, const Looked& looked) {
  std::vector<std::string> notes;
  for (const std::string& passed : looked.passed) notes.push_back("beside it " + passed + ": not read");
  if (kind == Kind::kText) return notes;
  for (const DataFile& file : look(folder, source, Kind::kText).files) {
    notes.push_back(told_beside(file));
  }
  return notes;
}

// Texts that are called like the pictures, a caption each: in which folder; empty where there are none.
fs::path folder_of_texts(const fs::path& source) {
  for (const fs::path& folder : folders_of_lists(source)) {
    if (files_in(folder, Kind::kText).size() > 1) return folder;
  }
  return {};
}

[[noreturn]] void refuse(const fs::path& source, const std::vector<std::string>& passed) {
  std::string found = " holds no list of captions";
  PairSource pictures;
  pictures.in = source;
  try {
    const std::size_t count = pairs_in_directory(pictures).pairs.size();
    found = " holds " + counted(count, "pair") + " of pictures, which ccx caption reads, but no list of captions";
  } catch (const Error&) {  // none, or they need to be told apart
  }
  std::string why;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, passed.size()); ++i) why += "; " + passed[i];
  if (const fs::path texts = folder_of_texts(source); !texts.empty()) {
    why += "; the texts in " + texts.string() +
           " are not read one by one: put them into one list with the columns filename and caption";
  }
  throw InputError(source.string() + found +
                   " (a .json, .jsonl, .csv, .tsv or .txt file, such as captions.csv with the columns filename and "
                   "caption, or LEVIR-CC's LevirCCcaptions.json)" +
                   why + "; name the file");
}

}  // namespace

bool is_annotation_folder(const fs::path& folder) {
  static const std::set<std::string> known = {"list",     "lists", "splits", "split",     "json",      "jsons", "meta",
                                              "metadata", "text",  "texts",  "ImageSets", "filelists", "labels"};
  const fs::path plain = folder.has_filename() ? folder : folder.parent_path();
  const std::string name = plain.filename().string();
  const std::string small = ascii::lower(name);
  return known.count(name) != 0 || small.starts_with("annotation") || small.starts_with("caption") ||
         small.starts_with("description");
}

std::string split_in_name(const std::string& stem) {
  std::string word;
  std::string found;
  for (const char c : stem + "_") {
    if (ascii::is_letter(c)) {
      word += ascii::lower(c);
    } else {
      if (is_split_name(word)) found = word;
      word.clear();
    }
  }
  return found;
}

std::vector<DataFile> data_files(const fs::path& source) {
  std::error_code ignored;
  if (!fs::is_directory(source, ignored)) return {{source, "", std::nullopt, {}}};
  std::vector<std::string> passed;
  for (const Kind kind : {Kind::kData, Kind::kText}) {
    for (const fs::path& folder : folders_of_lists(source)) {
      if (!fs::is_directory(folder, ignored)) continue;
      Looked looked = look(folder, source, kind);
      passed.insert(passed.end(), looked.passed.begin(), looked.passed.end());
      // LEVIR-CC's layout: this name is the data set's own list, whatever lies beside it.
      for (const DataFile& file : looked.files) {
        if (file.path.filename() != "LevirCCcaptions.json") continue;
        std::vector<std::string> notes;
        for (const DataFile& other : looked.files) {
          if (other.path != file.path) notes.push_back(told_beside(other));
        }
        return {{file.path, "", std::nullopt, std::move(notes)}};
      }
      if (looked.files.empty()) continue;
      if (looked.files.size() == 1 || are_one_a_split(looked.files)) {
        if (looked.files.size() == 1 && looked.files[0].path.stem() != looked.files[0].split)
          looked.files[0].split.clear();
        looked.files[0].notes = notes_of(folder, source, kind, looked);
        return looked.files;
      }
      throw InputError(source.string() + " holds " + std::to_string(looked.files.size()) + " lists of captions, " +
                       names(looked.files) + ": name the one that is meant");
    }
  }
  if (std::vector<DataFile> files = one_list_a_split(source); !files.empty()) return files;
  refuse(source, passed);
}

}  // namespace ccx::pairs
