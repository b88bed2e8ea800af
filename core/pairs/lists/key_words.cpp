// Taking keys apart (key_words.h).
#include "core/pairs/lists/key_words.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/foreign_words.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

// Words that say "a picture" or "where it lies" and nothing else.
constexpr std::array<std::string_view, 48> kPictureWords = {
    "image",  "images",  "img",      "imgs",     "im",       "picture",    "pic",    "photo",  "path", "paths",
    "file",   "files",   "filepath", "filename", "name",     "fname",      "fn",     "url",    "uri",  "rgb",
    "raster", "tile",    "chip",     "scene",    "tif",      "png",        "bild",   "datei",  "foto", "fichier",
    "imagen", "archivo", "imagem",   "arquivo",  "immagine", "afbeelding", "фото",   "снимок", "файл", "изображение",
    "图像",   "图片",    "影像",     "图",       "文件",     "路径",       "이미지", "画像"};
// Words around the two pictures that say nothing of them: "pair.before", "data.img1".
constexpr std::array<std::string_view, 15> kWrappers = {"pair", "pairs",   "inputs", "media",  "views",
                                                        "data", "photos",  "frame",  "frames", "list",
                                                        "pics", "rasters", "assets", "video",  "videos"};
// Words that say which, with a number or a role beside them, and nothing alone.
constexpr std::array<std::string_view, 10> kOrderWords = {"t",    "time",     "date",  "epoch",    "phase",
                                                          "year", "temporal", "event", "disaster", "input"};

// Families from 10 on say nothing unless both of their words name pictures.
constexpr std::array<RoleWord, 52> kRoles = {{
    {"before", 0, 0},   {"after", 0, 1},      {"pre", 1, 0},       {"post", 1, 1},     {"old", 2, 0},
    {"new", 2, 1},      {"earlier", 3, 0},    {"later", 3, 1},     {"prior", 3, 0},    {"posterior", 3, 1},
    {"previous", 4, 0}, {"current", 4, 1},    {"prev", 4, 0},      {"curr", 4, 1},     {"first", 5, 0},
    {"second", 5, 1},   {"a", 6, 0},          {"b", 6, 1},         {"source", 8, 0},   {"target", 8, 1},
    {"src", 8, 0},      {"tgt", 8, 1},        {"past", 9, 0},      {"present", 9, 1},  {"early", 3, 0},
    {"late", 3, 1},     {"reference", 10, 0}, {"query", 10, 1},    {"ref", 11, 0},     {"sec", 11, 1},
    {"primary", 12, 0}, {"secondary", 12, 1}, {"master", 13, 0},   {"slave", 13, 1},   {"from", 14, 0},
    {"to", 14, 1},      {"baseline", 15, 0},  {"followup", 15, 1}, {"bef", 16, 0},     {"aft", 16, 1},
    {"alt", 17, 0},     {"neu", 17, 1},       {"ancien", 18, 0},   {"nouveau", 18, 1}, {"viejo", 19, 0},
    {"nuevo", 19, 1},   {"antigo", 20, 0},    {"novo", 20, 1},     {"vecchio", 21, 0}, {"nuovo", 21, 1},
    {"oud", 22, 0},     {"nieuw", 22, 1},
}};

}  // namespace

std::optional<RoleWord> role_of(std::string_view word) {
  for (const RoleWord& role : kRoles) {
    if (role.word == word) return role;
  }
  constexpr int kFirstOfNames = 100;  // words that names of files have as well, in other languages
  const RoleMeaning meaning = role_meaning(word);
  if (meaning.family < 0) return std::nullopt;
  return RoleWord{word, kFirstOfNames + meaning.family, meaning.side};
}

bool is_picture_word(std::string_view word) {
  return is_one_of(word, kPictureWords);
}

bool is_wrapper_word(std::string_view word) {
  return is_one_of(word, kWrappers);
}

bool is_order_word(std::string_view word) {
  return is_one_of(word, kOrderWords);
}

namespace {

// "beforeimage" and "patha" are two words: one that is known stands at an end, and what is left is known too.
void add_word(std::string word, Words& out) {
  const auto known = [](std::string_view part) {
    return is_picture_word(part) || is_order_word(part) || role_of(part).has_value();
  };
  if (!known(word)) {
    for (std::size_t cut = 1; cut < word.size(); ++cut) {
      const std::string left = word.substr(0, cut);
      const std::string right = word.substr(cut);
      const bool has_picture = is_picture_word(left) || is_picture_word(right);
      const bool has_role = role_of(left).has_value() || role_of(right).has_value();
      if (has_picture && has_role && known(left) && known(right)) {
        out.push_back(left);
        out.push_back(right);
        return;
      }
    }
  }
  out.push_back(std::move(word));
}

}  // namespace

Words key_words(const std::string& key) {
  Words out;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) add_word(english_word(std::exchange(word, "")), out);
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

bool is_pictures_key(const std::string& key) {
  static const std::set<std::string> known = {"imagepath", "imagepaths", "imgpaths", "imagepair", "imagefiles",
                                              "imagelist", "imgpair",    "imgpath",  "imagename", "imagenames"};
  const Words words = key_words(key);
  return !words.empty() && std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return is_picture_word(word) || is_wrapper_word(word) || word == "input" || word == "temporal" ||
           word == "bitemporal" || known.count(word) != 0;
  });
}

std::optional<long long> role_side(const std::string& text) {
  if (text.size() > 40) return std::nullopt;
  std::optional<long long> side, number;
  for (const std::string& word : key_words(text)) {
    if (const std::optional<RoleWord> role = role_of(word)) {
      if (!side) side = role->side;
    } else if (is_number(word)) {
      if (word.size() > 8 || number) return std::nullopt;
      number = std::stoll(word);
    } else if (!is_picture_word(word) && !is_order_word(word) && !is_wrapper_word(word)) {
      return std::nullopt;
    }
  }
  return side ? side : number;
}

}  // namespace ccx::pairs
