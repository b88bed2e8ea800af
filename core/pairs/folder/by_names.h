// The pairs among the pictures of a folder, by their names alone: the rules of `ccx caption --in FOLDER` (docs/names.md
// has them). No file system: a page gives NameTree::of_paths() of the names that a browser lists, and shows the paths,
// ids, notes and errors that come back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/pairs/folder/name_tree.h"

namespace ccx::pairs {

enum class Layout {
  kAuto,
  kFolders,      // the folder tells the time: A/ and B/, before/ and after/, 2018/ and 2021/, ...
  kPairFolders,  // one folder a pair, two images in it
  kSuffixes,     // the file's name does: x_before.png and x_after.png, x_2018.png and x_2021.png, ...
  kManifest      // a list
};

// What becomes of a place with three dates or more.
enum class Series {
  kRefuse,       // an error that names --series
  kConsecutive,  // each date with the next
  kFirstLast,
  kAll  // each with each later one
};

// Whether the i-th and the j-th of so many dates are a pair, i < j. Of two dates they are, whatever the series.
constexpr bool are_pair_of(Series series, std::size_t i, std::size_t j, std::size_t dates) {
  return series == Series::kAll || (series == Series::kFirstLast ? i == 0 && j + 1 == dates : j == i + 1);
}

// What a person is told where a place has three.
inline constexpr const char* kAboutSeries =
    "--series consecutive pairs each with the next, --series first-last the first with the last, "
    "--series all each with each later one";

struct NamingOptions {
  Layout layout = Layout::kAuto;  // not kManifest
  Series series = Series::kRefuse;
  std::string root;       // the folder's path, for messages; paths of pictures are shown behind it
  std::string root_name;  // the id of a folder that is one pair itself
};

// A pair as indices of pictures: files of the tree, or pictures composed of three files.
struct NamedPair {
  static constexpr uint32_t kNone = UINT32_MAX;
  std::string id;
  uint32_t before = kNone;
  uint32_t after = kNone;
  std::string missing;  // why there is no partner
};

struct NamedPairs {
  std::vector<NamedPair> pairs;                   // by the bytes of their ids
  std::vector<std::array<uint32_t, 3>> composed;  // files of red, green, blue; the index of a picture less file_count()
  Layout layout = Layout::kAuto;                  // what most pairs are, never kAuto
  std::vector<std::string> notes;
};

// Throws InputError where no pair is found, an id occurs twice, or a place has three dates and options.series is
// kRefuse.
NamedPairs pairs_by_names(const NameTree& tree, const NamingOptions& options);

}  // namespace ccx::pairs
