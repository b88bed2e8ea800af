// Words of many languages for before and after (role_words.h).
#include "core/pairs/naming/role_words.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/base/utf8.h"
#include "core/pairs/naming/letters.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

// Of other languages the words that mean nothing else, also without their accents.
constexpr std::array<std::pair<std::string_view, std::string_view>, 77> kWords = {{
    {"before", "after"},
    {"pre", "post"},
    {"ante", "post"},
    {"pre", "pós"},
    {"old", "new"},
    {"earlier", "later"},
    {"early", "late"},
    {"first", "second"},
    {"previous", "current"},
    {"past", "present"},
    {"initial", "final"},
    {"start", "end"},
    {"prior", "subsequent"},
    {"1st", "2nd"},
    {"bef", "aft"},
    {"historic", "modern"},
    {"begin", "end"},
    {"historical", "recent"},
    {"then", "now"},
    {"avant", "apres"},
    {"avant", "après"},
    {"vorher", "nachher"},
    {"vor", "nach"},
    {"antes", "despues"},
    {"antes", "después"},
    {"antes", "depois"},
    {"prima", "dopo"},
    {"före", "efter"},
    {"før", "etter"},
    {"ennen", "jälkeen"},
    {"önce", "sonra"},
    {"oncesi", "sonrasi"},
    {"до", "после"},
    {"До", "После"},
    {"sebelum", "sesudah"},
    {"sebelum", "setelah"},
    {"trước", "sau"},
    {"전", "후"},
    {"前", "后"},
    {"前", "後"},
    {"之前", "之后"},
    {"前时相", "后时相"},
    {"前期", "后期"},
    {"以前", "以后"},
    {"事前", "事後"},
    {"이전", "이후"},
    {"przed", ""},
    {"před", ""},
    {"voor", ""},
    {"до", "після"},
    {"До", "Після"},
    {"преди", "след"},
    {"Преди", "След"},
    {"πριν", "μετά"},
    {"Πριν", "Μετά"},
    {"πριν", "μετα"},
    {"قبل", "بعد"},
    {"पहले", "बाद"},
    {"öncesi", "sonrası"},
    {"önceki", "sonraki"},
    {"truoc", "sau"},
    {"înainte", "după"},
    {"inainte", "dupa"},
    {"előtte", "utána"},
    {"abans", "després"},
    {"prije", "poslije"},
    {"ennen", "jalkeen"},
    {"sebelum", "selepas"},
    {"לפני", "אחרי"},
    {"ก่อน", "หลัง"},
    {"previous", "latest"},
    {"baseline", "endline"},
    {"以前", "現在"},
    {"以前", "现在"},
    {"過去", "現在"},
    {"过去", "现在"},
    {"사전", "사후"},
}};

// Words that mean other things too.
constexpr std::array<std::pair<std::string_view, std::string_view>, 28> kWeakWords = {{
    {"ref", "sec"},
    {"reference", "secondary"},
    {"reference", "query"},
    {"primary", "secondary"},
    {"master", "slave"},
    {"baseline", "followup"},
    {"baseline", "monitoring"},
    {"first", "last"},
    {"prev", "curr"},
    {"moving", "target"},
    {"original", "current"},
    {"alt", "neu"},
    {"gestern", "heute"},
    {"viejo", "nuevo"},
    {"antiguo", "actual"},
    {"anterior", "posterior"},
    {"ancien", "nouveau"},
    {"ancien", "actuel"},
    {"vecchio", "nuovo"},
    {"velho", "novo"},
    {"stary", "nowy"},
    {"eski", "yeni"},
    {"once", "sonra"},
    {"старый", "новый"},
    {"旧", "新"},
    {"舊", "新"},
    {"第一期", "第二期"},
    {"一期", "二期"},
}};

// Words of one date that are words of other things as often, and tell the time only beside a partner of the other
// date: Polish, Czech and Dutch for "after" as the whole name, its end or its beginning; Spanish and Portuguese "pos",
// which may be a position, and "pré", which is a meadow in French, anywhere.
struct ShortWord {
  std::string_view word;
  int side;
  bool is_anywhere;
};
constexpr std::array<ShortWord, 4> kShort = {{{"po", 1, false}, {"na", 1, false}, {"pos", 1, true}, {"pré", 0, true}}};

// What stands before 前, 后, 後, 전 and 후 in one word with them: "before the change", "after the disaster".
constexpr std::array<std::string_view, 22> kEventsBefore = {
    "变化", "灾",   "灾害", "震", "地震", "火灾", "洪水", "施工", "改造", "建设", "拆迁",
    "被災", "災害", "変化", "災", "變化", "변화", "재해", "재난", "홍수", "지진", "산불"};

// What follows pre and post in names, in one word or two.
constexpr std::array<std::string_view, 43> kEvents = {
    "disaster",  "event",      "flood",      "fire",         "wildfire",   "quake",     "earthquake", "storm",
    "hurricane", "tsunami",    "crisis",     "war",          "conflict",   "damage",    "change",     "strike",
    "explosion", "landslide",  "eruption",   "construction", "demolition", "works",     "renovation", "burn",
    "rain",      "drought",    "project",    "evento",       "desastre",   "incendio",  "incêndio",   "enchente",
    "cheia",     "inundacion", "inundación", "inundacao",    "inundação",  "terremoto", "sismo",      "huracan",
    "huracán",   "obra",       "obras"};

constexpr std::array<std::string_view, 17> kPlaces = {"site",  "area",   "region",   "zone",    "city",    "aoi",
                                                      "roi",   "place",  "location", "plot",    "village", "district",
                                                      "block", "sector", "station",  "quarter", "town"};

constexpr std::array<std::string_view, 19> kPictures = {
    "im",    "ims",    "img",  "imgs", "image", "images", "pic",  "pics", "picture", "pictures",
    "photo", "photos", "影像", "图像", "图片",  "照片",   "时相", "时期", "期"};

constexpr int kChineseFamily = 1000;  // of words that end in 前, 后, 後, 전, 후

// The side of each word of a table, which every word of every name is looked up in.
using Sides = std::unordered_map<std::string_view, int>;
template <std::size_t N>
Sides sides_of(const std::array<std::pair<std::string_view, std::string_view>, N>& table) {
  Sides out;
  for (const auto& [before, after] : table) {
    out.emplace(before, 0);
    if (!after.empty()) out.emplace(after, 1);
  }
  return out;
}

// The word for a picture that a longer one ends in, or begins with.
std::string_view chinese_picture(std::string_view word, bool at_end) {
  if (is_ascii(word)) return {};
  for (const std::string_view picture : kPictures) {
    const bool is_longer = static_cast<unsigned char>(picture[0]) >= 0x80 && word.size() > picture.size();
    if (is_longer && word.substr(at_end ? word.size() - picture.size() : 0, picture.size()) == picture) return picture;
  }
  return {};
}

}  // namespace

std::size_t end_of_first_word(std::string_view word) {
  const auto is_latin = [&](std::size_t at) { return static_cast<unsigned char>(word[at]) < 0x80; };
  const std::string_view last = chinese_picture(word, true);
  if (!last.empty() && is_latin(word.size() - last.size() - 1)) return word.size() - last.size();
  const std::string_view first = chinese_picture(word, false);
  return !first.empty() && is_latin(first.size()) ? first.size() : word.size();
}

int word_side(std::string_view word) {
  if (word.empty()) return -1;
  static const Sides known = sides_of(kWords);
  if (const auto found = known.find(word); found != known.end()) return found->second;
  static constexpr std::array<std::pair<std::string_view, int>, 5> kTails = {
      {{"前", 0}, {"后", 1}, {"後", 1}, {"전", 0}, {"후", 1}}};
  for (const auto& [tail, side] : kTails) {
    if (word.size() > tail.size() && word.substr(word.size() - tail.size()) == tail &&
        is_one_of(word.substr(0, word.size() - tail.size()), kEventsBefore)) {
      return side;
    }
  }
  if (const std::string_view picture = chinese_picture(word, true); picture.size() > 3) {
    const std::string_view rest = word.substr(0, word.size() - picture.size());
    const int side = word_side(rest);
    return side >= 0 ? side : weak_word_side(rest);
  }
  for (const auto& [prefix, side] : {std::pair<std::string_view, int>{"pre", 0},
                                     {"pré", 0},
                                     {"post", 1},
                                     {"pos", 1},
                                     {"pós", 1},
                                     {"before", 0},
                                     {"after", 1}}) {
    if (word.size() > prefix.size() && word.substr(0, prefix.size()) == prefix &&
        (is_one_of(word.substr(prefix.size()), kEvents) || is_one_of(word.substr(prefix.size()), kPictures))) {
      return side;
    }
  }
  return -1;
}

int weak_word_side(std::string_view word) {
  static const Sides known = sides_of(kWeakWords);
  const auto found = known.find(word);
  return found == known.end() ? -1 : found->second;
}

RoleMeaning role_meaning(std::string_view word) {
  if (word.empty()) return {};
  // "avant" has two spellings of its partner: rows of one word are one family.
  const auto family_of = [](std::string_view before) {
    const auto row =
        std::find_if(kWords.begin(), kWords.end(), [&](const auto& words) { return words.first == before; });
    return static_cast<int>(row - kWords.begin());
  };
  for (const auto& [before, after] : kWords) {
    if (word == before || word == after) return {family_of(before), word == after ? 1 : 0};
  }
  const int side = word_side(word);
  return side < 0 ? RoleMeaning{} : RoleMeaning{kChineseFamily, side};
}

bool is_event(std::string_view word) {
  return is_one_of(word, kEvents);
}

bool is_place_word(std::string_view word) {
  return is_one_of(word, kPlaces);
}

bool is_word_for_pictures(std::string_view word) {
  return is_one_of(word, kPictures);
}

int short_word_side(std::string_view word, bool is_at_edge) {
  const auto found = std::find_if(kShort.begin(), kShort.end(), [&](const ShortWord& of) { return of.word == word; });
  return found == kShort.end() || !(found->is_anywhere || is_at_edge) ? -1 : found->side;
}

bool needs_partner(std::string_view text, bool is_whole) {
  const std::string small = small_letters(text);
  const std::string_view first = std::string_view(small).substr(0, small.find_first_of("_-. "));
  return short_word_side(first, !is_whole) >= 0;
}

}  // namespace ccx::pairs
