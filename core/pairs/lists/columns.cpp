// Telling columns by their names (columns.h).
#include "core/pairs/lists/columns.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

// Words that say "a picture" or "where it lies" and nothing else.
constexpr std::array<std::string_view, 26> kPictureWords = {
    "image", "images", "img",    "imgs",     "im",       "picture", "pic",   "photo", "path",
    "paths", "file",   "files",  "filepath", "filename", "name",    "fname", "fn",    "url",
    "uri",   "rgb",    "raster", "tile",     "chip",     "scene",   "tif",   "png"};
// Words around the two pictures that say nothing of them: "pair.before", "data.img1".
constexpr std::array<std::string_view, 13> kWrappers = {"pair", "pairs",   "inputs", "media",  "views",
                                                        "data", "photos",  "frame",  "frames", "list",
                                                        "pics", "rasters", "assets"};
// Words that say which, with a number or a role beside them, and nothing alone.
constexpr std::array<std::string_view, 10> kOrderWords = {"t",    "time",     "date",  "epoch",    "phase",
                                                          "year", "temporal", "event", "disaster", "input"};

struct RoleWord {
  std::string_view word;
  int family;
  int side;  // 0 before, 1 after
};
constexpr int kNumbers = 7;
constexpr std::array<RoleWord, 26> kRoles = {{
    {"before", 0, 0},  {"after", 0, 1},  {"pre", 1, 0},   {"post", 1, 1},      {"old", 2, 0},      {"new", 2, 1},
    {"earlier", 3, 0}, {"later", 3, 1},  {"prior", 3, 0}, {"posterior", 3, 1}, {"previous", 4, 0}, {"current", 4, 1},
    {"prev", 4, 0},    {"curr", 4, 1},   {"first", 5, 0}, {"second", 5, 1},    {"a", 6, 0},        {"b", 6, 1},
    {"source", 8, 0},  {"target", 8, 1}, {"src", 8, 0},   {"tgt", 8, 1},       {"past", 9, 0},     {"present", 9, 1},
    {"early", 3, 0},   {"late", 3, 1},
}};

const RoleWord* role_of(std::string_view word) {
  for (const RoleWord& role : kRoles) {
    if (role.word == word) return &role;
  }
  return nullptr;
}

// "beforeimage" and "patha" are two words: one that is known stands at an end, and what is left is known too.
void add_word(std::string word, Words& out) {
  const auto known = [](std::string_view part) {
    return is_one_of(part, kPictureWords) || is_one_of(part, kOrderWords) || role_of(part) != nullptr;
  };
  if (!known(word)) {
    for (std::size_t cut = 1; cut < word.size(); ++cut) {
      const std::string left = word.substr(0, cut);
      const std::string right = word.substr(cut);
      const bool has_picture = is_one_of(left, kPictureWords) || is_one_of(right, kPictureWords);
      const bool has_role = role_of(left) != nullptr || role_of(right) != nullptr;
      if (has_picture && has_role && known(left) && known(right)) {
        out.push_back(left);
        out.push_back(right);
        return;
      }
    }
  }
  out.push_back(std::move(word));
}

// "preImage_T1" is pre, image, t, 1. Bytes beyond ASCII are parts of words.
Words key_words(const std::string& key) {
  Words out;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) add_word(std::exchange(word, ""), out);
  };
  char last = 0;
  for (const char c : key) {
    const bool is_part = ascii::is_letter(c) || ascii::is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    const bool turns = ascii::is_digit(c) != ascii::is_digit(last) || (ascii::is_capital(c) && ascii::is_small(last));
    if (!is_part || turns) flush();
    if (is_part) word += ascii::lower(c);
    last = c;
  }
  flush();
  return out;
}

bool is_number(const std::string& word) {
  return !word.empty() && ascii::is_digit(word[0]);
}

// A column that may name the picture of one date.
struct Candidate {
  std::string key;
  int family = 0;
  long long side = 0;  // of kNumbers the number itself
  int score = 0;       // how much speaks for a picture
};

std::optional<Candidate> candidate_of(const std::string& key, const Words& words, const json& value) {
  if (!value.is_string() && !value.is_null()) return std::nullopt;
  Candidate out;
  out.key = key;
  const RoleWord* role = nullptr;
  std::optional<long long> number;
  bool has_order = false;
  bool has_date = false;
  for (const std::string& word : words) {
    const RoleWord* found = role_of(word);
    if (found != nullptr && role == nullptr) {
      role = found;
    } else if (is_number(word) && word.size() < 9 && !number) {
      number = std::stoll(word);
    } else if (is_one_of(word, kPictureWords)) {
      out.score = std::max(out.score, 2);
    } else if (is_one_of(word, kWrappers)) {
      continue;
    } else if (is_one_of(word, kOrderWords)) {
      has_order = true;
      has_date = has_date || (word != "event" && word != "disaster" && word != "input");
    } else {
      return std::nullopt;
    }
  }
  const bool is_picture = value.is_string() && has_picture_extension(value.get_ref<const std::string&>());
  // An address is no file: what lies on this machine is meant, where both are there.
  const bool is_remote = value.is_string() && is_address(value.get_ref<const std::string&>());
  if (is_picture) out.score += is_remote ? 1 : 4;
  if (role != nullptr && !number) {
    out.family = role->family;
    out.side = role->side;
    // "before_date" is no picture, nor is what is merely "new" or "source".
    const bool is_plain = role->family == 0 || role->family == 1 || role->family == 3 || role->family == 6;
    if (out.score == 0 && (has_date || !is_plain)) return std::nullopt;
  } else if (role == nullptr && number && (has_order || out.score > 0)) {
    out.family = kNumbers;
    out.side = *number;
  } else {
    return std::nullopt;
  }
  return out;
}

// One date alone, so that the message can say which column is missing.
void choose_one_picture(const std::vector<Candidate>& candidates, Columns& out) {
  for (const Candidate& candidate : candidates) {
    if (candidate.family == kNumbers || (candidate.score == 0 && candidate.family > 1)) continue;
    (candidate.side == 0 ? out.before : out.after) = candidate.key;
    return;
  }
}

// Sets before and after to the two columns that most speaks for.
void choose_pictures(const std::vector<Candidate>& candidates, const std::string& where, Columns& out) {
  struct Choice {
    const Candidate* before = nullptr;
    const Candidate* after = nullptr;
    int score = -1;
  };
  const auto better = [](const Candidate* one, const Candidate& other) {
    return one == nullptr || other.score > one->score;
  };
  std::map<int, std::vector<const Candidate*>> families;
  for (const Candidate& candidate : candidates) families[candidate.family].push_back(&candidate);
  Choice best;
  for (const auto& [family, members] : families) {
    std::set<long long> sides;
    int top = 0;
    for (const Candidate* member : members) top = std::max(top, member->score);
    for (const Candidate* member : members) {
      if (family != kNumbers || member->score >= top) sides.insert(member->side);
    }
    if (family == kNumbers && sides.size() > 2 && candidates.size() == members.size()) {
      throw InputError(where + ": there are " + std::to_string(sides.size()) +
                       " pictures in a record, and a pair is two; write a record for each two of them");
    }
    if (sides.size() != 2) continue;
    Choice choice;
    for (const Candidate* member : members) {
      if (member->side == *sides.begin() && better(choice.before, *member)) choice.before = member;
      if (member->side == *sides.rbegin() && better(choice.after, *member)) choice.after = member;
    }
    if (choice.before == nullptr || choice.after == nullptr) continue;
    for (const Candidate* member : members) {
      const Candidate* chosen = member->side == *sides.begin() ? choice.before : choice.after;
      if (member != chosen && member->side == chosen->side && member->score == chosen->score) {
        throw InputError(where + ": the picture may be \"" + chosen->key + "\" or \"" + member->key +
                         "\"; leave one column out, or call it before or after");
      }
    }
    choice.score = choice.before->score + choice.after->score;
    if (choice.score > best.score) best = choice;
  }
  if (best.before == nullptr) return choose_one_picture(candidates, out);
  out.before = best.before->key;
  out.after = best.after->key;
  // Columns that name the same date in other words.
  const auto side_of = [&](const Candidate& c) {
    if (c.family != kNumbers) return c.side;
    if (best.before->family == kNumbers)
      return c.side == best.before->side ? 0LL : c.side == best.after->side ? 1LL : 2LL;
    return c.side == 2 ? 1LL : c.side;
  };
  for (const Candidate& candidate : candidates) {
    const bool is_chosen = candidate.key == out.before || candidate.key == out.after;
    if (is_chosen || candidate.score < 4) continue;
    const long long side = side_of(candidate);
    if (side == 0 || side == 1) out.rivals.emplace_back(side == 0 ? out.before : out.after, candidate.key);
  }
  const bool others = std::any_of(candidates.begin(), candidates.end(),
                                  [&](const Candidate& c) { return c.family != best.before->family && c.score >= 4; });
  if (others) out.notes.push_back("the pictures are taken from \"" + out.before + "\" and \"" + out.after + "\"");
}

constexpr std::array<std::string_view, 17> kIds = {
    "id",     "uid",     "uuid",       "pairid",  "sampleid", "itemid",     "key",    "imageid", "imgid",
    "tileid", "sceneid", "identifier", "patchid", "chipid",   "questionid", "siteid", "name"};
constexpr std::array<std::string_view, 11> kPictureNames = {
    "filename", "imagename", "imgname", "file", "image", "img", "picture", "fname", "images", "imagepath", "imgpath"};
constexpr std::array<std::string_view, 6> kSplits = {"split", "subset", "partition", "splitname", "datasplit", "set"};
constexpr std::array<std::string_view, 11> kFlags = {"changed",      "changeflag", "flag",         "ischanged",
                                                     "haschange",    "haschanged", "changelabel",  "ischange",
                                                     "changestatus", "hasachange", "changepresent"};
constexpr std::array<std::string_view, 10> kReferences = {
    "references", "reference", "refs", "ref", "gts", "gt", "groundtruths", "groundtruth", "humancaptions", "targets"};
constexpr std::array<std::string_view, 9> kCaptionLists = {
    "changecaption", "changecaptions", "captions",          "sentences",         "sents",
    "descriptions",  "texts",          "changedescription", "changedescriptions"};
constexpr std::array<std::string_view, 9> kCaption = {"caption", "sentence", "description", "text",   "sent",
                                                      "desc",    "raw",      "comment",     "summary"};
constexpr std::array<std::string_view, 8> kAnswers = {"answer",    "response",   "output",     "result",
                                                      "candidate", "generation", "completion", "reply"};
constexpr std::array<std::string_view, 9> kModelWords = {"pred", "prediction", "predicted", "predictions", "hypothesis",
                                                         "hyp",  "generated",  "hypo",      "preds"};
constexpr std::array<std::string_view, 6> kPeopleWords = {"ref", "reference", "gt", "truth", "ground", "human"};

bool is_caption_word(std::string_view name) {
  return is_one_of(name, kCaption) || is_one_of(name, kCaptionLists);
}

// Words of which some say whose caption it is and the rest "caption".
template <std::size_t N>
bool is_caption_of(const Words& words, const std::array<std::string_view, N>& owners) {
  Words rest;
  bool has_owner = false;
  for (const std::string& word : words) {
    if (is_one_of(word, owners)) {
      has_owner = true;
    } else if (!is_number(word)) {
      rest.push_back(word);
    }
  }
  return has_owner && (rest.empty() || is_caption_word(joined_text(rest, "")) || joined_text(rest, "") == "answer");
}

// Keys that hold the two pictures, whatever these are called.
constexpr std::array<std::string_view, 15> kPairKeys = {
    "image", "images", "img",      "imgs",      "imagepath",  "imagepaths", "paths",  "pictures",
    "pair",  "files",  "imgpaths", "imagepair", "imagefiles", "imagelist",  "imgpair"};

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
    choose_captions();
    choose_mask();
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

  static bool is_pair_of_paths(const std::string& name, const json& value) {
    if (!value.is_array() || value.size() != 2 || !value[0].is_string() || !value[1].is_string()) return false;
    const auto is_path = [](const json& text) {
      return has_picture_extension(text.get_ref<const std::string&>()) ||
             text.get_ref<const std::string&>().find('/') != std::string::npos;
    };
    return is_one_of(name, kPairKeys) || (is_path(value[0]) && is_path(value[1]));
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
      }
    } else if (is_one_of(name, kFlags) || ((name == "change" || name == "changes") && as_flag(value))) {
      set_flag(key);
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
    for (std::size_t i = 0; i < kPictureNames.size(); ++i) {
      if (name != kPictureNames[i] || !value.is_string()) continue;
      const auto [known, is_new] = pictures_.emplace(i, key);
      if (!is_new) out_.rivals.emplace_back(known->second, key);
    }
    Words plain = words;
    while (plain.size() > 1 && is_number(plain.back())) plain.pop_back();
    const std::string base = joined_text(plain, "");
    if (is_caption_of(plain, kModelWords)) {
      predictions_.push_back(key);
    } else if (is_one_of(base, kReferences) || is_caption_of(plain, kPeopleWords)) {
      captions_[0].push_back(key);
    } else if (is_one_of(base, kCaptionLists) || base == "changes" || base == "change") {
      captions_[1].push_back(key);
    } else if (is_one_of(base, kCaption)) {
      captions_[2].push_back(key);
    } else if (is_one_of(base, kAnswers) && value.is_string()) {
      captions_[3].push_back(key);
    }
  }

  static bool is_mask(const Words& words, const std::string& name) {
    static const std::set<std::string> known = {"kinds",  "mask",      "masks", "label",        "labels",    "gtpath",
                                                "gtmask", "changemap", "seg",   "segmentation", "annotation"};
    return known.count(name) != 0 ||
           std::any_of(words.begin(), words.end(), [](const std::string& w) { return w == "mask" || w == "label"; });
  }

  // Drawn kinds before what is called a mask before a label; a map of one date ("mask_a") is no map of the change.
  static int mask_rank(const Words& words, const std::string& name) {
    const bool is_of_one_date = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return role_of(word) != nullptr || is_number(word);
    });
    return is_of_one_date ? 0 : name == "kinds" ? 3 : name == "mask" || name == "changemask" ? 2 : 1;
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
    const bool is_annotation = out_.before.empty() && out_.both.empty() && !captions_[2].empty() && ids_.size() > 1 &&
                               ids_.begin()->first == 0 && image_id != ids_.end() && image_id->first <= 8;
    if (is_annotation) out_.id = image_id->second;
    if (!pictures_.empty()) out_.picture = pictures_.begin()->second;
    // "name" and "image_id" name a picture where their value does.
    if (out_.picture.empty() && !out_.id.empty() && record_[out_.id].is_string() &&
        has_picture_extension(record_[out_.id].get_ref<const std::string&>())) {
      out_.picture = out_.id;
    }
  }

  void choose_captions() {
    if (predictions_.size() > 1) {
      throw InputError(where_ + ": the model's caption may be \"" + predictions_[0] + "\" or \"" + predictions_[1] +
                       "\"; leave one out");
    }
    if (!predictions_.empty()) out_.prediction = predictions_[0];
    if (!captions_[2].empty() && captions_[2].size() == 1) out_.caption = captions_[2][0];
    if (out_.caption.empty() && captions_[0].empty() && captions_[1].empty() && captions_[2].empty() &&
        captions_[3].size() == 1 && out_.conversations.empty()) {
      out_.caption = captions_[3][0];
    }
    if (captions_[2].size() > 1) {
      if (is_numbered(captions_[2])) {
        if (captions_[1].empty()) captions_[1] = captions_[2];
      } else {
        choose_one_caption();
      }
    }
    out_.captions = !captions_[0].empty() ? captions_[0] : captions_[1];
    if (!captions_[0].empty() && !captions_[1].empty()) {
      out_.notes.push_back("the captions that people wrote are taken from \"" + captions_[0][0] + "\", not from \"" +
                           captions_[1][0] + "\"");
    }
    if (out_.captions.size() > 1 && !is_numbered(out_.captions)) {
      throw InputError(where_ + ": the captions may be \"" + out_.captions[0] + "\" or \"" + out_.captions[1] +
                       "\"; leave one column out");
    }
    std::sort(out_.captions.begin(), out_.captions.end(), by_number);
  }

  // "caption" is the caption where "text" or "comment" stands beside it, and one of several where "sentence" does.
  void choose_one_caption() {
    for (const std::string& key : captions_[2]) {
      if (joined_text(key_words(key), "") == "caption") out_.caption = key;
    }
    if (out_.caption.empty()) {
      throw InputError(where_ + ": the caption may be \"" + captions_[2][0] + "\" or \"" + captions_[2][1] +
                       "\"; leave one out, or call it caption");
    }
    for (const std::string& key : captions_[2]) {
      if (key == out_.caption) continue;
      const std::string name = joined_text(without_numbers(key), "");
      if (name == "text" || name == "comment" || name == "summary") {
        out_.notes.push_back("captions are taken from \"" + out_.caption + "\", not from \"" + key + "\"");
      } else {
        out_.more_captions.push_back(key);
      }
    }
  }

  static Words without_numbers(const std::string& key) {
    Words out;
    for (std::string& word : key_words(key)) {
      if (!is_number(word)) out.push_back(std::move(word));
    }
    return out;
  }
  static long long number_in(const std::string& key) {
    for (const std::string& word : key_words(key)) {
      if (is_number(word) && word.size() < 9) return std::stoll(word);
    }
    return 0;
  }
  static bool by_number(const std::string& a, const std::string& b) {
    return std::pair(number_in(a), a) < std::pair(number_in(b), b);
  }
  static bool is_numbered(const std::vector<std::string>& keys) {
    return std::all_of(keys.begin(), keys.end(),
                       [&](const std::string& key) { return without_numbers(key) == without_numbers(keys[0]); });
  }

  const json& record_;
  const std::string& where_;
  Columns out_;
  std::vector<Candidate> candidates_;
  std::map<std::size_t, std::string> ids_, pictures_;  // by rank
  std::vector<std::pair<int, std::string>> masks_;     // with their rank
  std::array<std::vector<std::string>, 4> captions_;   // references, lists, single ones, answers
  std::vector<std::string> predictions_;
  std::string target_;
};

// A value as it is compared with its rival's.
std::string plain_value(const json& value) {
  if (is_missing(value)) return "";
  if (const auto flag = as_flag(value)) return *flag ? "1" : "0";
  std::string text =
      value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::replace(text.begin(), text.end(), '\\', '/');
  return text;
}

}  // namespace

bool is_pictures_key(const std::string& key) {
  static const std::set<std::string> known = {"imagepath", "imagepaths", "imgpaths", "imagepair", "imagefiles",
                                              "imagelist", "imgpair",    "imgpath",  "imagename", "imagenames"};
  const Words words = key_words(key);
  return !words.empty() && std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return is_one_of(word, kPictureWords) || is_one_of(word, kWrappers) || word == "input" || word == "temporal" ||
           word == "bitemporal" || known.count(word) != 0;
  });
}

std::optional<long long> role_side(const std::string& text) {
  if (text.size() > 40) return std::nullopt;
  std::optional<long long> side, number;
  for (const std::string& word : key_words(text)) {
    if (const RoleWord* role = role_of(word)) {
      if (!side) side = role->side;
    } else if (is_number(word)) {
      if (word.size() > 8 || number) return std::nullopt;
      number = std::stoll(word);
    } else if (!is_one_of(word, kPictureWords) && !is_one_of(word, kOrderWords) && !is_one_of(word, kWrappers)) {
      return std::nullopt;
    }
  }
  return side ? side : number;
}

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
