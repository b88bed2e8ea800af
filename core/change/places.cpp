// Connected pixels of one kind (places.h), by runs of a row and union-find between neighbouring rows.
#include "core/change/places.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace ccx::change {
namespace {

struct Run {
  int first = 0, last = 0;  // columns, both inclusive
  uint8_t kind = 0;
  std::size_t label = 0;
};

// What is known of a label; labels that touch are joined.
struct Sum {
  uint8_t kind = 0;
  int left = 0, right = 0, top = 0, bottom = 0;
  int64_t pixels = 0;
  double p = 0;
};

class Labels {
 public:
  std::size_t add(const Sum& sum) {
    parent_.push_back(parent_.size());
    sums_.push_back(sum);
    return parent_.size() - 1;
  }

  std::size_t root(std::size_t label) {
    while (parent_[label] != label) label = parent_[label] = parent_[parent_[label]];
    return label;
  }

  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    const auto [low, high] = std::minmax(a, b);
    parent_[high] = low;
    Sum& into = sums_[low];
    const Sum& from = sums_[high];
    into.left = std::min(into.left, from.left);
    into.right = std::max(into.right, from.right);
    into.top = std::min(into.top, from.top);
    into.bottom = std::max(into.bottom, from.bottom);
    into.pixels += from.pixels;
    into.p += from.p;
  }

  std::vector<Sum> roots() {
    std::vector<Sum> out;
    for (std::size_t label = 0; label < parent_.size(); ++label) {
      if (parent_[label] == label) out.push_back(sums_[label]);
    }
    return out;
  }

 private:
  std::vector<std::size_t> parent_;
  std::vector<Sum> sums_;
};

std::vector<Run> runs_of(const KindMask& mask, int y) {
  const uint8_t* row = mask.kinds.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width);
  std::vector<Run> out;
  for (int x = 0; x < mask.width; ++x) {
    if (row[x] == 0) continue;
    if (!out.empty() && out.back().last == x - 1 && out.back().kind == row[x]) {
      out.back().last = x;
    } else {
      out.push_back({x, x, row[x], 0});
    }
  }
  return out;
}

Sum sum_of(const Run& run, int y, const KindMask& mask, const ChangeMap& map) {
  Sum sum{run.kind, run.first, run.last, y, y, run.last - run.first + 1, 0};
  for (int x = run.first; x <= run.last; ++x) sum.p += change_probability(map, mask.width, mask.height, x, y);
  return sum;
}

}  // namespace

std::vector<Place> places(const KindMask& mask, const ChangeMap& map) {
  Labels labels;
  std::vector<Run> above;
  for (int y = 0; y < mask.height; ++y) {
    std::vector<Run> here = runs_of(mask, y);
    std::size_t candidate = 0;
    for (Run& run : here) {
      run.label = labels.add(sum_of(run, y, mask, map));
      // Both rows are sorted: what ends before this run's left neighbour ends before all later ones too.
      while (candidate < above.size() && above[candidate].last < run.first - 1) ++candidate;
      for (std::size_t i = candidate; i < above.size() && above[i].first <= run.last + 1; ++i) {
        if (above[i].kind == run.kind) labels.join(above[i].label, run.label);
      }
    }
    above = std::move(here);
  }
  const double pixels = static_cast<double>(mask.width) * static_cast<double>(mask.height);
  std::vector<Place> out;
  for (const Sum& sum : labels.roots()) {
    const auto count = static_cast<double>(sum.pixels);
    if (count < kLeastPlace * pixels) continue;
    out.push_back({static_cast<ChangeKind>(sum.kind),
                   {sum.left, sum.top, sum.right - sum.left + 1, sum.bottom - sum.top + 1},
                   count / pixels,
                   sum.p / count});
  }
  std::stable_sort(out.begin(), out.end(), [](const Place& a, const Place& b) {
    return a.area != b.area ? a.area > b.area : a.box[1] != b.box[1] ? a.box[1] < b.box[1] : a.box[0] < b.box[0];
  });
  return out;
}

}  // namespace ccx::change
