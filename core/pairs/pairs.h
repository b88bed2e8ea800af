// Finding the pairs to caption: in directories of every common layout, or in a manifest.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/pairs/folder/by_names.h"

namespace ccx::pairs {

// A pair of images, or what is left of one: a path is empty where there is no such image. Paths are bytes as the user
// would open them, the input's own path in front; strings and not std::filesystem::path, which keeps a list of its
// parts and takes ten times the memory: a million pairs must be held at once, so nothing stands here that captioning
// can do without (lists/pair_set.h has the rest).
struct Pair {
  std::string id;  // valid UTF-8, unique in a run
  std::string before;
  std::string after;
  std::string missing = {};  // where a missing image was looked for, for its failed record

  // Images that lie in one file a band: red, green, blue of before, then red, green, blue of after. `before` and
  // `after` are then the red ones. Empty for images in one file; an image in one file beside one in bands stands there
  // three times.
  std::vector<std::string> bands = {};
};

std::string layout_name(Layout layout);
// Throws UsageError for a name that is none of layout_name()'s.
Layout layout_from_name(const std::string& name);

std::string series_name(Series series);
// "", consecutive, first-last or all. Throws UsageError for another name.
Series series_from_name(const std::string& name);

struct PairSource {
  std::filesystem::path
      in;  // a directory, a list, or "-" for a list on stdin; may be empty where before and after are set
  Layout layout = Layout::kAuto;
  std::optional<std::filesystem::path> root;  // what a manifest's paths are relative to; its own folder if unset
  bool allow_outside = false;                 // a manifest may name files outside its root
  std::string before, after;        // two files, two folders or two shell patterns, relative to `in` where it is set
  std::string pattern;              // a regular expression with the groups id and time over the paths in `in`
  Series series = Series::kRefuse;  // of places with three dates or more
  std::string split;                // of a LEVIR-CC captions file: this split alone; empty for all
};

struct PairList {
  std::vector<Pair> pairs;         // directories: by the bytes of the id. Manifests: in the manifest's order
  Layout layout = Layout::kAuto;   // what was found, never kAuto
  std::vector<std::string> notes;  // what a person should know: files that were passed over, orders that were guessed
};

// A pair's id is the relative name of its images without extension and without what tells before from after: "test/x"
// for test/A/x.png and test/B/x.tif, for test/x_before.png, and for a folder test/x holding two images; with --series
// the dates stand behind it ("site/2018-2021"). Bytes that are not UTF-8 are escaped (names.h). Which names belong
// together is by_names.h's.
//
// Throws InputError for an input that is missing, unreadable, malformed or without any pair, for a manifest's path that
// leads outside its root, and for an id that occurs twice: the message names the file, the line and both images.
PairList find_pairs(const PairSource& source);

// A path without "." and doubled slashes, so that ./pairs and pairs/ give the same records. One with ".." stays as it
// is: behind a link that is another place.
std::filesystem::path tidied(const std::filesystem::path& path);

// Whether the pairs are named by the user (before and after, or pattern), and whether they are one pair of two files.
bool names_pairs(const PairSource& source);
bool names_one_pair(const PairSource& source);

// The parts of find_pairs().
PairList pairs_by_choice(const PairSource& source);
PairList pairs_in_directory(const PairSource& source);
PairList pairs_in_manifest(const PairSource& source);

}  // namespace ccx::pairs
