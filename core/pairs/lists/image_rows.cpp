// Images become pairs (image_rows.h).
#include "core/pairs/lists/image_rows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/pairs/dates.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/names.h"

namespace ccx::pairs {
namespace {

// A date, or else a role or number.
struct Moment {
  std::optional<Date> date;
  long long side = 0;
};

std::optional<Moment> moment_of(const std::string& text) {
  for (const DateSpan& span : dates_in(text)) {
    if (!span.is_noise) return Moment{span.date, 0};
  }
  if (const auto side = role_side(text)) return Moment{std::nullopt, *side};
  return std::nullopt;
}

// -1, 0 or 1; 0 where the two cannot be compared.
int compare(const Moment& a, const Moment& b) {
  if (a.date && b.date) return compare(*a.date, *b.date);
  if (a.date || b.date) return 0;
  return a.side < b.side ? -1 : a.side > b.side ? 1 : 0;
}

struct Image {
  std::size_t at = 0;  // of the list
  Moment moment;
};

bool is_image_row(const ListedPair& pair) {
  return pair.before.empty() && pair.after.empty() && has_picture_extension(pair.picture) && !pair.time.empty() &&
         pair.captions.empty() && !pair.is_talk;
}

std::string group_of(const ListedPair& pair) {
  return pair.group.empty() ? pair.named_by_file ? pair.number : pair.id : pair.group;
}

}  // namespace

std::size_t pair_image_rows(List& list) {
  if (list.pairs.empty() || !std::all_of(list.pairs.begin(), list.pairs.end(), is_image_row)) return 0;
  std::map<std::pair<std::string, std::string>, std::vector<Image>> places;  // by split and group
  for (std::size_t i = 0; i < list.pairs.size(); ++i) {
    const std::optional<Moment> moment = moment_of(list.pairs[i].time);
    const std::string group = group_of(list.pairs[i]);
    if (!moment || group.empty()) return 0;
    places[{list.pairs[i].split, group}].push_back({i, *moment});
  }
  if (2 * places.size() > list.pairs.size() + 1) return 0;  // most are alone
  std::map<std::size_t, ListedPair> out;                    // by the first of their images in the list
  for (auto& [key, images] : places) {
    const ListedPair& first = list.pairs[images[0].at];
    if (images.size() > 2) {
      throw InputError(list.where(first) + ": " + std::to_string(images.size()) + " images of '" +
                       printable(key.second) +
                       "', and a pair is two: write a record with \"before\" and \"after\" for each two of them");
    }
    if (images.size() == 2) {
      const int order = compare(images[0].moment, images[1].moment);
      if (order == 0) {
        throw InputError(list.where(list.pairs[images[1].at]) + ": the times of '" + printable(key.second) + "', '" +
                         printable(first.time) + "' and '" + printable(list.pairs[images[1].at].time) +
                         "', do not say which image is first");
      }
      if (order > 0) std::swap(images[0], images[1]);
    }
    ListedPair pair = first;
    pair.id = utf8_name(key.second);
    pair.other_id.clear();
    pair.picture.clear();
    pair.named_by_file = false;
    pair.before = list.pairs[images[0].at].picture;
    pair.after = images.size() == 2 ? list.pairs[images[1].at].picture : "";
    out.emplace(images[0].at, std::move(pair));
  }
  const std::size_t count = list.pairs.size();
  list.pairs.clear();
  for (auto& [at, pair] : out) list.pairs.push_back(std::move(pair));
  return count;
}

}  // namespace ccx::pairs
