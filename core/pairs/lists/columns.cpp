// Telling columns by their names (columns.h).
#include "core/pairs/lists/columns.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/caption_columns.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/picture_columns.h"
#include "core/pairs/lists/time_columns.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 22> kIds = {
    "id",    "uid",    "uuid",    "pairid",     "sampleid", "itemid",   "key",        "imageid",
    "imgid", "tileid", "sceneid", "identifier", "patchid",  "chipid",   "questionid", "siteid",
    "name",  "ids",    "uids",    "imageids",   "pairids",  "sampleids"};
// Where there is none of those, and no two pairs have one value.
constexpr std::array<std::string_view, 18> kNumbers = {
    "number",    "no",       "num",      "objectid",   "fid",    "gid",        "oid",    "tilename", "scenename",
    "patchname", "chipname", "pairname", "samplename", "pairno", "pairnumber", "tileno", "rowid",    "recordid"};
constexpr std::array<std::string_view, 14> kPictureNames = {
    "filename", "imagename", "imgname",   "file",    "image", "img",       "picture",
    "fname",    "images",    "imagepath", "imgpath", "path",  "filenames", "imagenames"};
// Where their value is a picture's name.
constexpr std::array<std::string_view, 10> kLooseNames = {
    "filepath", "imagefile", "imgfile", "photo", "foto", "raster", "pic", "relpath", "imagefilename", "relativepath"};
constexpr std::array<std::string_view, 6> kSplits = {"split", "subset", "partition", "splitname", "datasplit", "set"};
constexpr std::array<std::string_view, 22> kFlags = {
    "changed",     "changeflag", "flag",           "ischanged",     "haschange",     "haschanged",
    "changelabel", "ischange",   "changestatus",   "hasachange",    "changepresent", "haschanges",
    "changedflag", "changeyn",   "changedetected", "changeexists",  "ischangedflag", "anychange",
    "modified",    "ismodified", "altered",        "changeoccurred"};
// The same the other way round.
constexpr std::array<std::string_view, 20> kOppositeFlags = {
    "unchanged", "nochange",  "isunchanged",  "nochanges",    "notchanged",    "isnochange",    "hasnochange",
    "unaltered", "nochanged", "isnotchanged", "nochangeflag", "unchangedflag", "flagunchanged", "isstable",
    "issame",    "same",      "identical",    "isidentical",  "stable",        "unmodified"};
// Keys that hold the two pictures, whatever these are called.
constexpr std::array<std::string_view, 15> kPairKeys = {
    "image", "images", "img",      "imgs",      "imagepath",  "imagepaths", "paths",  "pictures",
    "pair",  "files",  "imgpaths", "imagepair", "imagefiles", "imagelist",  "imgpair"};

bool is_mask(const Words& words, const std::string& name) {
  const std::set<std::string> known = {"kinds",  "mask",      "masks", "label",        "labels",    "gtpath",
                                       "gtmask", "changemap", "seg",   "segmentation", "annotation"};
  return known.count(name) != 0 ||
         std::any_of(words.begin(), words.end(), [](const std::string& w) { return w == "mask" || w == "label"; });
}

// Drawn kinds before what is called a mask before a label; a map of one date ("mask_a") is no map of the change.
int mask_rank(const Words& words, const std::string& name) {
  const bool is_of_one_date = std::any_of(
      words.begin(), words.end(), [](const std::string& word) { return role_of(word).has_value() || is_number(word); });
  return is_of_one_date ? 0 : name == "kinds" ? 3 : name == "mask" || name == "changemask" ? 2 : 1;
}

bool is_pair_of_paths(const std::string& name, const json& value) {
  if (!value.is_array() || value.size() != 2 || !value[0].is_string() || !value[1].is_string()) return false;
  const auto is_path = [](const json& text) {
    return has_picture_extension(text.get_ref<const std::string&>()) ||
           text.get_ref<const std::string&>().find('/') != std::string::npos;
  };
  return is_one_of(name, kPairKeys) || (is_path(value[0]) && is_path(value[1]));
}

class Chooser {
 public:
  Chooser(const json& record, const std::string& where) : record_(record), where_(where) {}

  Columns choose() {
    for (const auto& [key, value] : record_.items()) look_at(key, key_words(without_count(key)), value);
    choose_pictures(candidates_, where_, out_);
    if (!out_.both.empty()) {
      if (out_.before.empty() || out_.after.empty()) {
        out_.before.clear();
        out_.after.clear();
      } else {
        out_.both.clear();
      }
    }
    choose_id();
    if (choose_reference(candidates_, record_, out_)) out_.picture.clear();
    captions_.give(where_, out_);
    choose_mask();
    times_.give(out_);
    find_dates_of_pictures(record_, out_);
    if (out_.mask.empty() && !target_.empty() && target_ != out_.after) out_.mask = target_;
    if (out_.split == out_.id) out_.split.clear();
    return std::move(out_);
  }

 private:
  // "before" of "before.1", as spreadsheets' readers call a second column of the name.
  std::string without_count(const std::string& key) const {
    const std::size_t dot = key.rfind('.');
    const bool is_counted = dot != std::string::npos && dot > 0 && dot + 1 < key.size() &&
                            key.find_first_not_of("0123456789", dot + 1) == std::string::npos;
    if (!is_counted) return key;
    const auto first = record_.find(key.substr(0, dot));
    return first != record_.end() && first->is_primitive() ? key.substr(0, dot) : key;
  }

  // The first column of a meaning stays; another is its rival.
  void set_once(std::string& chosen, const std::string& key) {
    if (chosen.empty()) {
      chosen = key;
    } else {
      out_.rivals.emplace_back(chosen, key);
    }
  }

  void look_at(const std::string& key, const Words& words, const json& value) {
    const std::string name = joined_text(words, "");
    const bool is_text = value.is_string();
    const bool is_path = is_text && has_picture_extension(value.get_ref<const std::string&>());
    if (name == "pchange" || name == "logprobmean" || name == "logprobmin") out_.is_model_output = true;
    if (is_pictures_key(key) && is_pair_of_paths(name, value)) {
      set_once(out_.both, key);
      return;
    }
    if ((name == "conversations" || name == "conversation" || name == "messages") && value.is_array()) {
      out_.conversations = key;
    } else if (is_mask(words, name)) {
      if (as_flag(value) && !is_path) {
        set_flag(key);
      } else if (is_path || value.is_null()) {
        masks_.emplace_back(mask_rank(words, name), key);
      } else if (!times_.look_at(key, name, words, value)) {
        captions_.look_for_sentences(key, value);
      }
    } else if (is_one_of(name, kFlags) || ((name == "change" || name == "changes") && as_flag(value))) {
      set_flag(key);
    } else if (is_one_of(name, kOppositeFlags) && value.is_primitive() && !is_written(value)) {
      set_once(out_.unchanged, key);
    } else if (is_one_of(name, kSplits) && is_text && !is_path &&
               (name != "set" || is_split_name(value.get<std::string>()))) {
      if (name == "split" && !out_.split.empty()) {
        if (is_split_name(value.get<std::string>())) out_.rivals.emplace_back(key, out_.split);
        out_.split = key;
      } else if (out_.split.empty()) {
        out_.split = key;
      } else if (is_split_name(value.get<std::string>())) {
        out_.rivals.emplace_back(out_.split, key);
      }
    } else if (name == "filepath" && is_text && !is_path) {
      out_.folder = key;
    } else if (const auto candidate = candidate_of(key, words, value)) {
      if (name == "target" || name == "targetpath" || name == "tgt") target_ = key;
      candidates_.push_back(*candidate);
    } else {
      look_at_names(key, name, words, value);
    }
  }

  void look_at_names(const std::string& key, const std::string& name, const Words& words, const json& value) {
    for (std::size_t i = 0; i < kIds.size(); ++i) {
      if (name != kIds[i] || (i >= 2 && !value.is_primitive())) continue;
      const auto [known, is_new] = ids_.emplace(i, key);
      if (!is_new) out_.rivals.emplace_back(known->second, key);
    }
    if (out_.number.empty() && is_one_of(name, kNumbers) && (value.is_string() || value.is_number_integer()))
      out_.number = key;
    for (std::size_t i = 0; i < kPictureNames.size(); ++i) {
      if (name != kPictureNames[i] || !value.is_string()) continue;
      const auto [known, is_new] = pictures_.emplace(i, key);
      if (!is_new) out_.rivals.emplace_back(known->second, key);
    }
    if (is_one_of(name, kLooseNames) && value.is_string() && has_picture_extension(value.get_ref<const std::string&>()))
      pictures_.emplace(kPictureNames.size(), key);
    if (names_state(value) && out_.changed_in_words.empty()) out_.changed_in_words = key;
    Words plain = words;
    while (plain.size() > 1 && is_number(plain.back())) plain.pop_back();
    const std::string base = joined_text(plain, "");
    const bool is_of_time = times_.look_at(key, name, words, value);
    captions_.look_at(key, words, plain, value, is_of_time || is_one_of(base, kIds) || is_one_of(base, kPictureNames));
  }

  void choose_mask() {
    if (masks_.empty()) return;
    std::stable_sort(masks_.begin(), masks_.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    if (masks_[0].first == 0 && masks_.size() > 1) {
      out_.notes.push_back("\"" + masks_[0].second + "\" and \"" + masks_[1].second +
                           "\" are maps of one date each, and not taken as the mask of the change");
      return;
    }
    out_.mask = masks_[0].second;
    for (std::size_t i = 1; i < masks_.size(); ++i) {
      const bool is_other = masks_[i].first > 0 && record_[masks_[i].second] != record_[out_.mask];
      if (!is_other || record_[masks_[i].second].is_null()) continue;
      out_.notes.push_back("the mask is taken from \"" + out_.mask + "\", not from \"" + masks_[i].second + "\"");
    }
  }

  void set_flag(const std::string& key) {
    const std::string name = joined_text(key_words(key), "");
    if (name == "changed") {
      set_once(out_.changed_here, key);
    } else if (out_.changed.empty()) {
      out_.changed = key;
    } else {
      const bool is_better = key_words(key).size() > 1;
      if (is_one_of(name, kFlags))
        out_.rivals.emplace_back(is_better ? key : out_.changed, is_better ? out_.changed : key);
      if (is_better) out_.changed = key;
    }
  }

  void choose_id() {
    if (!ids_.empty()) out_.id = ids_.begin()->second;
    // COCO's annotations have an id of their own beside the image's.
    const auto image_id = ids_.lower_bound(7);
    const bool is_annotation = out_.before.empty() && out_.both.empty() && captions_.has_single() && ids_.size() > 1 &&
                               ids_.begin()->first == 0 && image_id != ids_.end() && image_id->first <= 8;
    if (is_annotation) out_.id = image_id->second;
    if (!pictures_.empty()) out_.picture = pictures_.begin()->second;
    // "name" and "image_id" name a picture where their value does.
    if (out_.picture.empty() && !out_.id.empty() && record_[out_.id].is_string() &&
        has_picture_extension(record_[out_.id].get_ref<const std::string&>())) {
      out_.picture = out_.id;
    }
  }

  const json& record_;
  const std::string& where_;
  Columns out_;
  std::vector<Candidate> candidates_;
  std::map<std::size_t, std::string> ids_, pictures_;  // by rank
  std::vector<std::pair<int, std::string>> masks_;     // with their rank
  CaptionColumns captions_;
  std::string target_;
  TimeColumns times_;
};

// A value as it is compared with its rival's.
std::string plain_value(const json& value) {
  if (is_missing(value)) return "";
  if (const auto flag = as_flag(value)) return *flag ? "1" : "0";
  return with_slashes(value.is_string() ? value.get<std::string>()
                                        : value.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

void require_no_rivals(const json& record, const Columns& columns, const std::string& where) {
  for (const auto& [chosen, other] : columns.rivals) {
    const auto one = record.find(chosen);
    const auto two = record.find(other);
    if (one == record.end() || two == record.end()) continue;
    const std::string first = plain_value(*one);
    const std::string second = plain_value(*two);
    if (first.empty() || second.empty() || first == second) continue;
    // "x.png" beside "A/x.png" is the same file.
    if (first.ends_with("/" + second) || second.ends_with("/" + first)) continue;
    throw InputError(where + ": \"" + chosen + "\" (" + first.substr(0, 80) + ") and \"" + other + "\" (" +
                     second.substr(0, 80) + ") mean the same and differ: leave one column out, or rename it");
  }
}

Columns columns_of(const json& record, const std::string& where) {
  return Chooser(record, where).choose();
}

std::string key_list(const json& record) {
  std::string out;
  std::size_t count = 0;
  for (const auto& [key, value] : record.items()) {
    if (++count > 12) return out + ", ...";
    out += (out.empty() ? "\"" : ", \"") + key.substr(0, 60) + "\"";
  }
  return out.empty() ? "nothing" : out;
}

}  // namespace ccx::pairs
