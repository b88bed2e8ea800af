// Which files of a data set's folder are its lists of captions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ccx::pairs {

struct DataFile {
  std::filesystem::path path;
  std::string split;  // what its name says: "train" of train.json; empty where it says nothing
  std::optional<std::filesystem::path>
      root;                        // where the pictures are looked for: the folder that was named; unset for a file
  std::vector<std::string> notes;  // what lies beside it in the folder and is not read
};

// Whether a folder is called as data sets call those of their lists: "annotations", "captions", "description_jsn", ...
bool is_annotation_folder(const std::filesystem::path& folder);

// The split that a list's name without its extension says: "train" of "LevirCCcaptions_train"; empty where it says
// none.
std::string split_in_name(const std::string& stem);

// A file itself. Of a folder the one list with captions in it, or else in its annotations/, captions/, list/ or json/;
// or one for each split, whose names say which; a .txt where there is no other. Throws InputError, naming what is there
// and how to choose, where there is none or more than one could be meant.
std::vector<DataFile> data_files(const std::filesystem::path& source);

}  // namespace ccx::pairs
