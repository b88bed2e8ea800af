// Pairs with what a list says of them: pictures that are there, captions, flags, splits, masks. `ccx caption`, `merge`,
// `data` and `train` read their lists through this.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/pairs/pairs.h"

namespace ccx::pairs {

// What the values of a mask mean.
enum class MaskForm {
  kUnknown,
  kKinds,  // kinds of change, as ccx draws them: kinds/ or a list's "kinds"
  kLabel   // 255 building, 128 road, as LEVIR-MCI has them: label/ or a list's "label"
};

// A pair with what only some inputs tell of it.
struct AnnotatedPair : Pair {
  std::vector<std::string> captions = {};  // references, as written
  bool is_talk = false;                    // the captions are answers of a talk, whose others are left out
  std::optional<bool> changed = {};        // the input's own word for it
  std::string split = {};
  std::string mask = {};  // path of a change map
  MaskForm mask_form = MaskForm::kUnknown;
};

struct PairSetOptions {
  std::optional<std::filesystem::path> root;  // what the list's paths are relative to; found beside the list if unset
  bool allow_outside = false;                 // the list may name files outside its root
  std::string split;                          // of the list: this one alone; empty for all
  // An id in two splits is an error that asks for --split; false where splits are kept apart anyway.
  bool ids_are_unique = true;
  // A picture that is not there leaves its path empty and is told in `missing`; true keeps the path where it should be,
  // and a list that names no pictures at all gives pairs all the same.
  bool keep_missing = false;
  bool want_masks = false;
  Series series = Series::kRefuse;  // of places with three images or more, where the list has a row for each
};

struct PairSet {
  std::vector<AnnotatedPair> pairs;  // in the list's order
  std::string format;                // "LEVIR-CC's captions file"
  std::string why;                   // what it was known by
  std::string pictures;              // where the pictures were found: "images/{split}/A/{name} and ..."
  std::vector<std::string> notes;    // what a person should know
};

// The pairs of a list in a file, or of standard input where `in` is "-". Throws InputError where the list cannot be
// read, holds no pair, leads outside its root, names one id for different pictures, or has one in two splits while
// `split` is empty; the message names the file, the place and what to do. Throws UsageError for a split of a list that
// has none.
PairSet read_pair_set(const std::filesystem::path& in, const PairSetOptions& options);

// The text of a list and the name it has in messages: a file, or "-" for standard input, which is read once and kept.
struct ListInput {
  std::string text;
  std::string name;
};
ListInput read_list_input(const std::filesystem::path& in);

}  // namespace ccx::pairs
