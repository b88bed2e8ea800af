// Reads one dataset: CCExpert's universal JSON, LEVIR-CC's captions file with its image folders, JSONL, drawn scenes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/data/pair_item.h"

namespace ccx::train {

// `source` is one of
//   DIR                   a folder that holds LevirCCcaptions.json and images/{split}/{A,B}/
//   FILE.json             that captions file; or a list of {uid, change_flag, img1_path, img2_path, change_caption: [...]}
//   FILE.jsonl            a line a pair: {"id", "before", "after", "captions": [...] or "caption", "changed"?, "split"?,
//                         "kinds"? or "label"?: a change mask}
//   scenes:COUNT@SEED[/WORLDS]
//                         drawn pairs that need no files: COUNT of them in "train", and as many again in "val" as a
//                         twentieth of that, at least 8 and at most 500; the same ones in every epoch. WORLDS as in
//                         scenes::parse_worlds: all by default, "desert" or "all-desert" to try how well training
//                         transfers
// A LEVIR-CC folder may hold masks beside A/ and B/: kinds/ as `ccx scenes` draws them, or label/ as LEVIR-MCI has them.
// Relative paths are taken from `image_root`, or from the file's own folder where that is empty. Pictures are not opened.
// Throws InputError naming the file and the entry that is not as expected.
std::vector<PairItem> read_dataset(const std::string& source, const std::filesystem::path& image_root = {});

// The captions of a .json or .jsonl dataset or a LEVIR-CC folder alone, whether or not it names pictures; of drawn scenes
// the sentences of "train".
std::vector<std::string> read_captions(const std::string& source);

}  // namespace ccx::train
