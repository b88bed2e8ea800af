// What the columns of a table or the keys of a record are for. Projects call them what they like ("img1_path",
// "Image_A", "pre_image", "T1"), so names are taken apart into words: one that says which date, and words such as
// "image" or "path" that say nothing more.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ccx::pairs {

// Keys by use, as the record spells them; empty where there is none.
struct Columns {
  std::string id;
  std::string number;         // may count or name the pairs where there is no id: "Nr", "OBJECTID", "Tile Name"
  std::string picture;        // one file name that both dates share, or a picture that is an id: "filename", "image"
  std::string before, after;  // two paths
  std::string both;           // one list of two paths: "image": ["a.png", "b.png"]
  std::string dates;          // of the two pictures of `both`: "dates": ["2018", "2019"]
  std::string before_date, after_date;  // when the two pictures were taken, by names like theirs: "date1"
  std::string mask, split, folder;
  std::string group, time;       // of a row for one image: its place, and when it was taken
  std::optional<int> time_flag;  // the side of which `time` says yes or no: 1 for "is_after"
  std::string clock;             // the time of day beside a date
  std::string role;              // "before" or "after", beside a date
  std::string group_of_images;   // a place where a row is one image, and much else otherwise: "field"
  std::map<std::string, std::string> time_in_parts;  // "year", "month", "day", "quarter", "week", "season" -> column
  std::string changed;                               // a flag, whoever set it: "changeflag"
  std::string changed_here;                          // "changed": a model's own flag where the record is a model's
  std::string changed_in_words;  // any other column that holds "unchanged" or "changed", where no flag is
  std::string unchanged;         // a flag that says the opposite: "no_change"
  std::vector<std::string>
      captions;                  // what people wrote about the pair, or what is told of it; several numbered columns
  std::string prediction;        // what a model wrote, where the name says so
  std::string caption;           // one that may be either: "caption", "sentence", "text"
  std::string conversations;     // turns of a talk: "conversations", "messages"
  bool is_model_output = false;  // scores beside the caption, as `ccx caption` writes them
  bool captions_are_references = false;   // by their names: "gt", "references", "human caption"
  std::vector<std::string> other_texts;   // columns of sentences that are used for nothing
  std::vector<std::string> unread_texts;  // columns of other kinds that hold sentences somewhere
  std::vector<std::string> rival_texts;   // those that may be a model's answer by their names: "output", "my_caption"
  // Others that mean the same as a chosen one: {chosen, other}. Where a record fills both differently, neither is
  // taken.
  std::vector<std::pair<std::string, std::string>> rivals;
  std::vector<std::string> more_captions;  // of other names than `caption` has: "sentence" beside "caption"
  std::vector<std::string> notes;          // what was chosen where a person might have chosen otherwise

  bool names_pictures() const { return (!before.empty() && !after.empty()) || !both.empty(); }
  bool has_captions() const { return !captions.empty() || !caption.empty() || !conversations.empty(); }
};

// Of the record's keys; values are looked at where a name alone does not tell ("label": a flag or a mask?). Throws
// InputError, naming the columns, where two could equally be meant.
Columns columns_of(const nlohmann::json& record, const std::string& where);

// Throws InputError, naming both columns and how to choose, where a record fills two of one meaning differently.
void require_no_rivals(const nlohmann::json& record, const Columns& columns, const std::string& where);

// The keys of a record for a message: "left", "right", ...
std::string key_list(const nlohmann::json& record);

}  // namespace ccx::pairs
