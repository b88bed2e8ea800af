// The folders of the field's data sets (picture_places.h).
#include "core/pairs/lists/picture_places.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 7> kPrefixes = {"images/", "", "image/", "imgs/", "data/", "dataset/", "img/"};
constexpr std::array<const char*, 5> kMiddles = {"", "rgb/", "images/", "image/", "opt/"};
struct TwoNames {
  const char* before;
  const char* after;
};
constexpr std::array<TwoNames, 14> kFolders = {{{"A", "B"},
                                                {"before", "after"},
                                                {"pre", "post"},
                                                {"T1", "T2"},
                                                {"im1", "im2"},
                                                {"img1", "img2"},
                                                {"image1", "image2"},
                                                {"time1", "time2"},
                                                {"imgs_1", "imgs_2"},
                                                {"image_A", "image_B"},
                                                {"img_A", "img_B"},
                                                {"imageA", "imageB"},
                                                {"t0", "t1"},
                                                {"pre-event", "post-event"}}};
constexpr std::array<TwoNames, 8> kSuffixes = {{{"_A", "_B"},
                                                {"_before", "_after"},
                                                {"_pre", "_post"},
                                                {"_pre_disaster", "_post_disaster"},
                                                {"_t1", "_t2"},
                                                {"_1", "_2"},
                                                {"", "_2"},
                                                {"_im1", "_im2"}}};
constexpr std::array<const char*, 9> kSuffixPrefixes = {
    "", "images/", "resized_images/", "{split}/", "images/{split}/", "image/", "imgs/", "data/", "img/"};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::size_t hits(const PicturePlace& place, const fs::path& root, const std::vector<const ListedPair*>& sample,
                 FileLookup& lookup) {
  std::size_t count = 0;
  for (const ListedPair* pair : sample) {
    const bool is_there =
        lookup.find(root, filled(place.before, *pair), true) && lookup.find(root, filled(place.after, *pair), true);
    count += is_there ? 1 : 0;
    if (!is_there && count == 0 && pair != sample.front() &&
        pair == sample[std::min<std::size_t>(4, sample.size() - 1)])
      break;
  }
  return count;
}

// The folder of a pattern exists for one of the pairs.
bool has_folder(const std::string& pattern, const fs::path& root, const std::vector<const ListedPair*>& sample,
                FileLookup& lookup) {
  const std::string folder = pattern.substr(0, pattern.rfind('/') + 1);
  std::string last;
  for (const ListedPair* pair : sample) {
    const std::string name = filled(folder, *pair);
    if (name != last && lookup.folder(root, name)) return true;
    last = name;
  }
  return false;
}

bool are_of_splits(const std::vector<const ListedPair*>& sample) {
  return std::any_of(sample.begin(), sample.end(),
                     [](const ListedPair* pair) { return !pair->split.empty() || !pair->folder.empty(); });
}

std::vector<PicturePlace> known_places(bool has_splits) {
  std::vector<PicturePlace> out;
  for (const char* prefix : kPrefixes) {
    for (const char* split : {"{split}/", ""}) {
      if (*split != '\0' && !has_splits) continue;
      for (const char* middle : kMiddles) {
        for (const TwoNames& folders : kFolders) {
          const std::string base = std::string(prefix) + split + middle;
          out.push_back({base + folders.before + "/{name}", base + folders.after + "/{name}"});
          if (*split != '\0') {
            out.push_back({std::string(prefix) + middle + folders.before + "/" + split + "{name}",
                           std::string(prefix) + middle + folders.after + "/" + split + "{name}"});
          }
        }
      }
    }
  }
  for (const char* prefix : kSuffixPrefixes) {
    if (!has_splits && std::string(prefix).find("{split}") != std::string::npos) continue;
    for (const TwoNames& suffix : kSuffixes) {
      out.push_back({std::string(prefix) + "{stem}" + suffix.before, std::string(prefix) + "{stem}" + suffix.after});
    }
  }
  // CLEVR-Change: the second picture is another with the same number.
  out.push_back({"images/{name}", "{clevr}"});
  return out;
}

// images/CLEVR_default_000001.png with sc_images/CLEVR_semantic_000001.png or nsc_images/CLEVR_nonsemantic_000001.png.
std::string clevr_after(const ListedPair& pair) {
  const std::string& name = shared_name(pair);
  if (name.find("CLEVR_default_") == std::string::npos) return "";
  const bool is_changed = pair.changed.value_or(true);
  return std::string(is_changed ? "sc_images/" : "nsc_images/") +
         replaced(name, "_default_", is_changed ? "_semantic_" : "_nonsemantic_");
}

}  // namespace

const std::string& shared_name(const ListedPair& pair) {
  return pair.picture.empty() ? pair.id : pair.picture;
}

std::string filled(const std::string& pattern, const ListedPair& pair) {
  if (pattern == "{clevr}") return clevr_after(pair);
  const std::string& name = shared_name(pair);
  const std::string& split = pair.folder.empty() ? pair.split : pair.folder;
  // Without a split "{split}/A" is A, not the A of the root of all folders.
  const bool is_folder = pattern.find("{split}/") != std::string::npos;
  std::string out = replaced(pattern, split.empty() && is_folder ? "{split}/" : "{split}", split);
  out = replaced(std::move(out), "{name}", name);
  return replaced(std::move(out), "{stem}", id_stem(name));
}

std::string best_base(const fs::path& root, const std::vector<const ListedPair*>& sample, FileLookup& lookup) {
  std::string best;
  std::size_t most = 0;
  for (const char* base :
       {"", "images/", "{split}/", "images/{split}/", "image/", "imgs/", "data/", "img/", "dataset/", "Images/"}) {
    std::size_t count = 0;
    for (const ListedPair* pair : sample) {
      const std::string folder = filled(base, *pair);
      count +=
          lookup.find(root, folder + pair->before, false) && lookup.find(root, folder + pair->after, false) ? 2 : 0;
    }
    if (count > most) {
      best = base;
      most = count;
    }
    if (most == 2 * sample.size()) break;
  }
  return best;
}

std::optional<PicturePlace> best_folders(const fs::path& root, const std::vector<const ListedPair*>& sample,
                                         FileLookup& lookup) {
  std::optional<PicturePlace> best;
  std::size_t most = 0;
  const bool has_splits = are_of_splits(sample);
  for (const char* prefix : kPrefixes) {
    for (const char* split : {"{split}/", ""}) {
      if (*split != '\0' && !has_splits) continue;
      for (const TwoNames& folders : kFolders) {
        const std::string base = std::string(prefix) + split;
        PicturePlace place{base + folders.before + "/", base + folders.after + "/"};
        if (!has_folder(place.before, root, sample, lookup)) continue;
        const auto count =
            static_cast<std::size_t>(std::count_if(sample.begin(), sample.end(), [&](const ListedPair* pair) {
              return lookup.find(root, filled(place.before, *pair) + pair->before, false) &&
                     lookup.find(root, filled(place.after, *pair) + pair->after, false);
            }));
        if (count > most) {
          most = count;
          best = std::move(place);
        }
      }
    }
  }
  return best;
}

std::optional<PicturePlace> best_place(const fs::path& root, const std::vector<const ListedPair*>& sample,
                                       FileLookup& lookup) {
  const bool has_splits = are_of_splits(sample);
  std::optional<PicturePlace> best;
  std::size_t most = 0;
  for (PicturePlace& place : known_places(has_splits)) {
    if (!has_folder(place.before, root, sample, lookup)) continue;
    const std::size_t count = hits(place, root, sample, lookup);
    if (count > most) {
      most = count;
      best = std::move(place);
    }
    if (most == sample.size()) break;
  }
  return best;
}

PicturePlace usual_place(bool has_images_folder) {
  const std::string base = has_images_folder ? "images/{split}/" : "{split}/";
  return {base + "A/{name}", base + "B/{name}"};
}

fs::path mask_beside(const fs::path& before, FileLookup& lookup) {
  const fs::path dates = before.parent_path().parent_path();
  for (const char* folder :
       {"kinds", "label", "labels", "mask", "masks", "gt", "OUT", "change", "target", "labels_change", "label_bn"}) {
    const auto found = lookup.folder(dates, folder);
    if (!found) continue;
    if (auto mask = lookup.find(*found, before.filename().string(), true)) return mask->path;
  }
  return {};
}

}  // namespace ccx::pairs
