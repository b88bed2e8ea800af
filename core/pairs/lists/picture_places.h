// Where the pictures of a list lie: the folder that its paths start from, and for lists that know a pair by one name
// the folders or suffixes of the two dates.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/pairs/lists/file_lookup.h"
#include "core/pairs/lists/list.h"

namespace ccx::pairs {

// One way in which the two names follow from a pair. "{split}" is its split or folder, "{name}" its file name, "{stem}"
// that without extension.
struct PicturePlace {
  std::string before;  // "images/{split}/A/{name}"; for lists with two paths, the base of both: "images/"
  std::string after;
};

// "{split}" and the others put in.
std::string filled(const std::string& pattern, const ListedPair& pair);

// The pair's one name: its file name, else its id.
const std::string& shared_name(const ListedPair& pair);

// The base under which most of the pairs' two paths are found; "" where none are.
std::string best_base(const std::filesystem::path& root, const std::vector<const ListedPair*>& sample,
                      FileLookup& lookup);

// The folders of the two dates that most of the pairs' two paths start from, where these name none: "x.png,x.png"
// beside A/ and B/. Nothing where there are none.
std::optional<PicturePlace> best_folders(const std::filesystem::path& root,
                                         const std::vector<const ListedPair*>& sample, FileLookup& lookup);

// The place at which most of the pairs' pictures are found; nothing where none are.
std::optional<PicturePlace> best_place(const std::filesystem::path& root, const std::vector<const ListedPair*>& sample,
                                       FileLookup& lookup);

// As LEVIR-CC is published; what is assumed where nothing is found.
PicturePlace usual_place(bool has_images_folder);

// Masks of change lie beside the folders of the two dates, under the same name: label/, mask/, gt/, OUT/, ... Empty
// where there is none.
std::filesystem::path mask_beside(const std::filesystem::path& before, FileLookup& lookup);

}  // namespace ccx::pairs
