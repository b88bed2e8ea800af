// Images become pairs (image_rows.h).
#include "core/pairs/lists/image_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/base/error.h"
#include "core/pairs/lists/moments.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

bool is_image_row(const ListedPair& pair) {
  return pair.before.empty() && pair.after.empty() && has_picture_extension(pair.picture) && !pair.time.empty() &&
         !pair.is_talk;
}

std::string group_of(const ListedPair& pair) {
  return pair.group.empty() ? pair.named_by_file ? pair.number : pair.id : pair.group;
}

class ImageRows {
 public:
  ImageRows(List& list, Series series) : list_(list), series_(series), moments_(times(list)) {}

  std::vector<std::string> pair() {
    for (const ListedPair& pair : list_.pairs) has_captions_ = has_captions_ || !pair.captions.empty();
    for (std::size_t i = 0; i < list_.pairs.size(); ++i) {
      if (moments_.is_known(i)) continue;
      require_no_dates_of_one_name(i);
      return {};
    }
    if (!group([](const ListedPair& pair) { return group_of(pair); }) &&
        !group([](const ListedPair& pair) { return pair.group_of_images; }) && !are_two() &&
        !group([](const ListedPair& pair) { return name_of_place(pair.picture); }, true))
      return {};
    for (const auto& [key, images] : places_) put_together(key.second, images);
    const std::size_t rows = list_.pairs.size();
    list_.pairs.clear();
    for (auto& [at, pair] : out_) list_.pairs.push_back(std::move(pair));
    return notes(rows);
  }

 private:
  using Rows = std::vector<std::size_t>;
  using Images = std::vector<Rows>;  // the rows of each

  static std::vector<std::string> times(const List& list) {
    std::vector<std::string> out;
    for (const ListedPair& pair : list.pairs) out.push_back(pair.time);
    return out;
  }

  // Puts the rows into places. False where `place_of` does not say them, or most images would be alone.
  template <typename PlaceOf>
  bool group(PlaceOf place_of, bool only_pairs = false) {
    places_.clear();
    std::unordered_map<std::string, std::size_t> seen;  // which of its place's an image is
    for (std::size_t i = 0; i < list_.pairs.size(); ++i) {
      const std::string place = place_of(list_.pairs[i]);
      if (place.empty()) return false;
      Images& images = places_[{list_.pairs[i].split, place}];
      // Several rows of one image, each with a caption.
      const auto [known, is_new] =
          seen.emplace(list_.pairs[i].split + '\0' + place + '\0' + list_.pairs[i].picture, images.size());
      if (is_new || !has_captions_) {
        images.push_back({i});
      } else {
        images[known->second].push_back(i);
      }
    }
    std::size_t alone = 0, of_two = 0;
    for (const auto& [key, images] : places_) {
      alone += images.size() == 1 ? 1 : 0;
      of_two += images.size() == 2 ? 1 : 0;
      if (images.size() == 2 && !may_share_captions(images)) return false;
    }
    // With captions a row may be a pair whose two pictures have one name.
    if (has_captions_ || (only_pairs && series_ == Series::kRefuse))
      return of_two > alone && alone + of_two == places_.size();
    return 2 * places_.size() <= list_.pairs.size() + 1;
  }

  // Where the two pictures of every place have one name in two folders, their times must say which is first.
  void require_no_dates_of_one_name(std::size_t unknown) {
    if (!group([](const ListedPair& pair) { return group_of(pair); }, true)) return;
    const bool have_one_name = std::all_of(places_.begin(), places_.end(), [&](const auto& place) {
      const Images& images = place.second;
      return images.size() == 2 &&
             file_name(list_.pairs[images[0][0]].picture) == file_name(list_.pairs[images[1][0]].picture);
    });
    if (!have_one_name) return;
    throw InputError(list_.where(list_.pairs[unknown]) + ": '" + printable(list_.pairs[unknown].time) +
                     "' says no time that ccx knows: write dates as 2019-05-31, or before and after");
  }

  // Captions that both images have, or one of them, are the pair's; those of other pictures are not.
  bool may_share_captions(const Images& images) const {
    const ListedPair& one = list_.pairs[images[0][0]];
    const ListedPair& two = list_.pairs[images[1][0]];
    return one.captions.empty() || two.captions.empty() || one.captions == two.captions ||
           name_of_place(one.picture) == name_of_place(two.picture);
  }

  // A list of one pair need not say that both images are of one place.
  bool are_two() {
    if (has_captions_ || list_.pairs.size() != 2 || !list_.pairs[0].group.empty() || !list_.pairs[1].group.empty())
      return false;
    if (list_.pairs[0].picture == list_.pairs[1].picture || moments_.compare(0, 1) == 0) return false;
    places_.clear();
    places_[{list_.pairs[0].split, ""}] = {{0}, {1}};
    return true;
  }

  void put_together(const std::string& place, Images images) {
    const ListedPair& first = list_.pairs[images[0][0]];
    const std::size_t at = images[0][0];
    if (images.size() > 2 && series_ == Series::kRefuse) {
      throw InputError(list_.where(first) + ": " + std::to_string(images.size()) + " images of '" + printable(place) +
                       "', and a pair is two: " + kAboutSeries +
                       "; or write a record with \"before\" and \"after\" for each two of them");
    }
    if (images.size() == 1) return add(place, at, images[0], {});
    put_in_order(place, images);
    const std::size_t last = images.size() - 1;
    for (std::size_t i = 0; i < last; ++i) {
      for (std::size_t j = i + 1; j <= last; ++j) {
        if (!are_pair_of(series_, i, j, images.size())) continue;
        require_no_other_roles(list_.pairs[images[i][0]], list_.pairs[images[j][0]]);
        const std::string times = list_.pairs[images[i][0]].time + "-" + list_.pairs[images[j][0]].time;
        add(series_ == Series::kRefuse ? place : place + (place.empty() ? "" : "/") + times, at, images[i], images[j]);
      }
    }
  }

  // By rising time.
  void put_in_order(const std::string& place, Images& images) const {
    for (std::size_t i = 0; i < images.size(); ++i) {
      for (std::size_t j = i + 1; j < images.size(); ++j) {
        const std::size_t one = images[i][0], two = images[j][0];
        if (moments_.compare(one, two) != 0) continue;
        throw InputError(list_.where(list_.pairs[two]) + ": the times of '" + printable(place) + "', '" +
                         printable(list_.pairs[one].time) + "' and '" + printable(list_.pairs[two].time) +
                         "', do not say which image is first" + moments_.doubt(one, two));
      }
    }
    std::sort(images.begin(), images.end(),
              [&](const Rows& one, const Rows& two) { return moments_.compare(one[0], two[0]) < 0; });
  }

  // `after` is empty where an image is alone.
  void add(const std::string& id, std::size_t at, const Rows& before, const Rows& after) {
    ListedPair pair = list_.pairs[at];
    pair.id = utf8_name(id);
    pair.other_id.clear();
    pair.picture.clear();
    pair.named_by_file = false;
    pair.before = list_.pairs[before[0]].picture;
    pair.after = after.empty() ? "" : list_.pairs[after[0]].picture;
    take_annotations(after.empty() ? Images{before} : Images{before, after}, pair);
    out_.emplace(at, std::move(pair));
  }

  // A column of roles beside that of dates.
  void require_no_other_roles(const ListedPair& before, const ListedPair& after) const {
    const auto first = plain_role(before.role), second = plain_role(after.role);
    if (!first || !second || *first <= *second) return;
    throw InputError(list_.where(after) + ": '" + printable(after.role) + "' contradicts its time, '" +
                     printable(after.time) + "', which is later than '" + printable(before.time) + "' of '" +
                     printable(before.role) + "'");
  }

  // Captions of both; flag and mask of the later, which tells of the change, where both have one.
  void take_annotations(const Images& images, ListedPair& pair) {
    pair.captions.clear();
    std::size_t with_captions = 0, said_before = 0;
    for (const Rows& rows : images) {
      const std::set<std::string> known(pair.captions.begin(), pair.captions.end());
      bool has_some = false, has_new = false;
      for (const std::size_t row : rows) {
        const ListedPair& listed = list_.pairs[row];
        if (listed.changed) pair.changed = listed.changed;
        if (!listed.mask.empty()) {
          pair.mask = listed.mask;
          pair.mask_key = listed.mask_key;
        }
        for (const std::string& caption : listed.captions) {
          has_some = true;
          if (known.count(caption) != 0) continue;
          has_new = true;
          pair.captions.push_back(caption);
        }
      }
      with_captions += has_some ? 1 : 0;
      said_before += has_some && !has_new ? 1 : 0;
    }
    of_their_own_ += with_captions == 2 && said_before == 0 ? 1 : 0;
  }

  std::vector<std::string> notes(std::size_t rows) const {
    std::vector<std::string> out = {"the list has a row for each of " + std::to_string(rows) +
                                    " images: those of one place are a pair, in the order of their times"};
    if (of_their_own_ > 0) {
      out.push_back(std::to_string(of_their_own_) +
                    (of_their_own_ == 1 ? " pair has other captions" : " pairs have other captions") +
                    " at one date than at the other: all are read as captions of the change; leave the column out if "
                    "each describes one picture");
    }
    return out;
  }

  List& list_;
  const Series series_;
  Moments moments_;
  bool has_captions_ = false;
  std::map<std::pair<std::string, std::string>, Images> places_;  // by split and place
  std::multimap<std::size_t, ListedPair> out_;                    // by the first of their rows in the list
  std::size_t of_their_own_ = 0;
};

}  // namespace

std::string name_of_place(const std::string& picture) {
  const std::string whole = id_stem(file_name(picture));
  std::string stem = whole;
  const auto dates = dates_in(stem);
  for (auto span = dates.rbegin(); span != dates.rend(); ++span) stem.erase(span->begin, span->end - span->begin);
  if (const auto roles = roles_in(stem); roles.size() == 1) stem = without_role(stem, roles[0]);
  while (!stem.empty() && std::string_view("_-. ").find(stem.back()) != std::string_view::npos) stem.pop_back();
  return stem.empty() ? whole : stem;
}

std::vector<std::string> pair_image_rows(List& list, Series series) {
  if (list.pairs.empty() || !std::all_of(list.pairs.begin(), list.pairs.end(), is_image_row)) return {};
  return ImageRows(list, series).pair();
}

}  // namespace ccx::pairs
