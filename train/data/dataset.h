// Reads one dataset: any list of pairs with captions and its pictures, a folder that holds such lists, or drawn scenes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/data/pair_item.h"

namespace ccx::train {

struct Dataset {
  std::vector<PairItem> items;
  // What was recognised and why, a line a file: "LEVIR-CC's captions file: an object with \"images\" with ...".
  // Pictures too.
  std::vector<std::string> recognised;
  std::vector<std::string> notes;  // what a person should know
};

// `source` is one of
//   FILE                  a list in any form that `ccx caption` takes (core/pairs/lists/list.h), with captions
//   DIR                   a folder that holds one such list, or one for each split, whose names say which: train.json,
//   val.json;
//                         in it, or in its annotations/, captions/ or list/
//   scenes:COUNT@SEED[/WORLDS]
//                         drawn pairs that need no files: COUNT of them in "train", and as many again in "val" as a
//                         twentieth of that, at least 8 and at most 500; the same ones in every epoch. WORLDS as in
//                         scenes::parse_worlds: all by default, "desert" or "all-desert" to try how well training
//                         transfers
// Relative paths are taken from `image_root`, or from where the list's pictures are found beside it where that is
// empty. Pictures are not opened. Masks of change are found beside A/ and B/ or named by the list: kinds/ as `ccx
// scenes` draws them, label/ as LEVIR-MCI has them; others (mask/, gt/, OUT/) are counted and not learnt from, since
// their values are not known. Spaces before a caption are dropped. Throws InputError naming the file and the entry that
// is not as expected.
Dataset open_dataset(const std::string& source, const std::filesystem::path& image_root = {});
std::vector<PairItem> read_dataset(const std::string& source, const std::filesystem::path& image_root = {});

// The captions of a list alone, whether or not it names pictures; of drawn scenes the sentences of "train".
std::vector<std::string> read_captions(const std::string& source);

}  // namespace ccx::train
