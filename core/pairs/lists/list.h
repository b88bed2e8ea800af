// Lists of pairs, their captions and their splits, in every form that the field's data sets and spreadsheets have. The
// form is known by what a file holds, not by its name. Nothing is read but the text: no picture is looked for here.
//
//   JSON, JSON lines   records {"id"?, two pictures?, captions?, flag?, split?, mask?} under any names (columns.h):
//   CCExpert's
//                      universal list, ChangeChat, RSCC, Spot-the-diff, Image-Editing-Request, results, ccx's own
//                      records
//   {"images": [...]}  LEVIR-CC's captions file and its successors'
//   {"images", "annotations"}   COCO captions
//   {"ID": [sentences]}         CLEVR-Change, evaluation code
//   conversations      LLaVA, ChangeChat-105k
//   tables             with a header: separated by commas, semicolons, tabs or bars
//   text               two or three paths a line, or one file name a line
//   {"train": ..., "test": ...} any of the JSON ones, split by split
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/pairs/folder/by_names.h"

namespace ccx::pairs {

// A pair as a list states it. Texts are as in the list; empty where it says nothing.
struct ListedPair {
  std::string id;              // never empty
  std::string other_id;        // the stem of its file name, where the id is another
  std::string number;          // what the id column holds where the id is the file's name: COCO's "id" of an image
  std::string own_number;      // what may be its id where no record has one and no two have the same
  std::string id_key;          // the column that holds the id or the number; empty where an object's key is the id
  bool is_number = false;      // the id column holds a number, not a text
  bool named_by_file = false;  // the id is the name of a file that the list gives
  std::string before, after, mask;
  std::string mask_key;  // what the list calls the mask: "label"
  std::string picture;   // the one file name that both dates share, where the list names no two paths
  std::string folder;    // LEVIR-CC's "filepath"
  std::string split;
  std::string group, time;      // beside one picture: its place ("site", "city", "folder"), and when it was taken
  std::string role;             // beside one picture and its time: "before", "after"
  std::string group_of_images;  // its place where the list has a row for each image: "field", "plot"
  std::vector<std::string> captions;
  std::optional<bool> changed;
  std::size_t place = 0;               // line or entry, from 1
  bool is_talk = false;                // of conversations, some of which may hold no caption
  bool has_empty_pictures = false;     // there are columns for two pictures, and nothing in them
  bool id_is_made = false;             // from the name of the before picture
  bool captions_share_a_text = false;  // several of them stood in one text, between line breaks or bars
};

struct List {
  std::string name;       // of the file, for messages
  bool by_lines = false;  // places are lines
  std::string format;     // "LEVIR-CC's captions file"
  std::string why;        // what it was known by: "an object with \"images\" whose entries have \"filename\" and ..."
  bool is_model_output = false;  // scores stand beside the captions, and no references
  bool is_coco = false;          // "images" with "annotations"
  // Where a record names a picture by a key that is not known, and no two pictures otherwise: which, for a message.
  std::string unused_picture;
  // Of the first record with one picture alone: what else may say when it was taken.
  std::vector<std::string> unread_columns;
  bool names_pictures = false;     // two paths, or one file name, a pair
  std::vector<ListedPair> pairs;   // in the list's order
  std::vector<std::string> notes;  // what a person should know

  std::string where(const ListedPair& pair) const;  // "list.csv:3", "list.json: entry 3"
};

// One record of a list, before it is read as a pair or as a prediction.
struct ListRow {
  const nlohmann::json& value;    // an object
  const struct Columns& columns;  // what its keys are for
  std::string split;              // of {"train": [...], ...}
  std::string key;                // of {"ID": ...}
  std::size_t place = 0;
  std::string where;     // file and place, for messages
  bool is_coco = false;  // of COCO's "images", where a number is an id that results know
};

// What a list was recognised as.
struct ListForm {
  bool by_lines = false;
  std::string format, why;
  std::vector<std::string> notes;
};

// Calls `each` with every record of the text. Throws InputError naming the file, what was found in it, which forms are
// known and what to do, where it is none of them.
ListForm for_each_row(const std::string& text, const std::string& name,
                      const std::function<void(const ListRow&)>& each);

// The pair that a record states. Its id may be empty yet.
ListedPair pair_of_row(const ListRow& row, const std::string& where, std::size_t* other_answers = nullptr);

// The pairs of a list. Records of one id, split and pictures are one pair that has all their captions. A missing id
// becomes the stem of the before picture, with the folders before it where the stem alone is not unique. Throws
// InputError naming the file and place.
List parse_list(const std::string& text, const std::string& name, Series series = Series::kRefuse);

// The place of a record in messages.
std::string place_text(const std::string& name, bool by_lines, std::size_t place);

// The ids of pairs that have none, from their before pictures; unique within a split. Returns what a person should
// know.
std::vector<std::string> make_ids(const std::vector<ListedPair*>& pairs);

}  // namespace ccx::pairs
