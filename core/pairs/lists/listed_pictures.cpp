// Finding the pictures of a list (listed_pictures.h).
#include "core/pairs/lists/listed_pictures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/folder_pairs.h"
#include "core/pairs/lists/list_order.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/picture_places.h"
#include "core/pairs/lists/single_pictures.h"
#include "core/pairs/lists/split_folders.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;
using Match = FileLookup::Match;

fs::path parent(const fs::path& folder) {
  const fs::path above = folder.parent_path();
  return folder.has_relative_path() && above.empty() ? fs::path(".") : above;
}

// An absolute path that leads nowhere was written on another machine. What its end names may lie below the root.
[[noreturn]] void refuse_elsewhere(const std::string& what, const std::string& path, const fs::path& root) {
  std::string hint = ", or to a folder that --root names";
  for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
    std::error_code ignored;
    const std::string end = path.substr(at + 1);
    if (end.empty() || !fs::is_regular_file(root / end, ignored)) continue;
    hint = ", such as " + in_quotes(utf8_name(end)) + ", which is there";
    break;
  }
  throw InputError(what + " is the absolute path " + in_quotes(utf8_name(path)) +
                   ", where this machine has no file: make the list's paths relative to " + root.string() + hint);
}

// Gives the pairs of a list their pictures.
class PictureReader {
 public:
  PictureReader(const List& list, const fs::path& in, const PairSetOptions& options,
                const std::set<std::string>& in_several_splits)
      : list_(list),
        options_(options),
        splits_(list, in == "-" ? "" : in.stem().string(), in_several_splits),
        root_(options.root ? *options.root
              : in == "-"  ? fs::path()
                           : in.parent_path()) {}

  void choose_place() {
    const std::vector<const ListedPair*> pathed =
        sample([](const ListedPair& p) { return !p.before.empty() && !p.after.empty(); });
    const std::vector<const ListedPair*> named =
        sample([](const ListedPair& p) { return p.before.empty() && p.after.empty() && !p.has_empty_pictures; });
    std::vector<fs::path> roots = {root_};
    // Data sets keep lists in a folder of their own, and paths in them start one above.
    if (!options_.root && is_annotation_folder(root_)) roots.push_back(parent(root_));
    for (const fs::path& root : roots) {
      if (!pathed.empty()) base_ = best_base(root, pathed, lookup_);
      if (!named.empty()) place_ = best_place(root, named, lookup_);
      const bool has_paths = !pathed.empty() && (!base_.empty() || first_is_there(root, *pathed.front()));
      if (!pathed.empty() && !has_paths) folders_ = best_folders(root, pathed, lookup_);
      const bool is_found = place_ || has_paths || folders_;
      if (is_found || root == roots.back()) {
        if (is_found) root_ = root;
        break;
      }
    }
    for (std::size_t i = 0; i < roots.size() && !named.empty() && !place_ && folder_pairs_.empty(); ++i) {
      folder_pairs_.look(roots[i].empty() ? fs::path(".") : roots[i], list_);
      if (!folder_pairs_.empty()) root_ = roots[i];
    }
    describe(!pathed.empty(), !named.empty());
  }

  AnnotatedPair read(ListedPair&& listed) {
    AnnotatedPair pair;
    pair.id = listed.id;
    require_local(listed);
    const bool is_pathed = listed.has_empty_pictures || !listed.before.empty() || !listed.after.empty() ||
                           (!place_ && listed.picture.empty() && folder_pairs_.empty() && !options_.keep_missing);
    if (is_pathed) {
      const std::string before = filled(folders_ ? folders_->before : base_, listed);
      const std::string after = filled(folders_ ? folders_->after : base_, listed);
      if (names_say_reverse(listed.before, listed.after))
        reversed_.count_in(in_quotes(listed.before) + " before " + in_quotes(listed.after));
      if (names_say_two_splits(listed.before, listed.after))
        torn_.count_in(in_quotes(listed.before) + " with " + in_quotes(listed.after));
      pair.before =
          existing(listed.before, before, "before", listed, !has_picture_extension(listed.before), pair.missing);
      pair.after = existing(listed.after, after, "after", listed, !has_picture_extension(listed.after), pair.missing);
    } else if (!folder_pairs_.empty()) {
      folder_pairs_.give(listed, splits_, list_.where(listed), pair);
      require_own_pictures(listed, pair);
    } else if (place_ && splits_.is_root_of_another(root_, place_->before, listed)) {
      pair.missing = list_.where(listed) + ": there are no pictures of " + listed.split + " in " +
                     named_root().string() + ", the folder of another split";
    } else {
      if (!place_) require_no_single(list_, listed, root_);
      const PicturePlace place = place_ ? *place_ : usual_place(has_images_folder());
      pair.before = existing(filled(place.before, listed), "", "before", listed, true, pair.missing);
      pair.after = existing(filled(place.after, listed), "", "after", listed, true, pair.missing);
      if (!options_.keep_missing || pair.missing.empty()) require_own_pictures(listed, pair);
    }
    if (options_.want_masks) find_mask(listed, pair);
    pair.captions = std::move(listed.captions);
    pair.is_talk = listed.is_talk;
    pair.changed = listed.changed;
    pair.split = std::move(listed.split);
    return pair;
  }

  bool found_nothing() const { return !place_ && folder_pairs_.empty(); }
  const std::string& pictures() const { return pictures_; }
  fs::path named_root() const { return root_.empty() ? fs::path(".") : root_; }

  // What was not as the list writes it.
  std::vector<std::string> notes() const {
    std::vector<std::string> out = notes_;
    const auto say = [&](Match match, const std::string& what) {
      const auto found = inexact_.find(match);
      if (found == inexact_.end()) return;
      out.push_back(std::to_string(found->second.count) + (found->second.count == 1 ? " name is" : " names are") +
                    what + " (such as " + in_quotes(found->second.example) + ")");
    };
    if (reversed_.count > 0) {
      out.push_back(std::to_string(reversed_.count) + (reversed_.count == 1 ? " pair has" : " pairs have") +
                    " the picture first whose name says the later time (" + reversed_.example +
                    "): the list was believed, not the names");
    }
    if (torn_.count > 0) {
      out.push_back(std::to_string(torn_.count) +
                    (torn_.count == 1 ? " pair takes its dates" : " pairs take their dates") +
                    " from the folders of two splits (" + torn_.example +
                    "): the list was believed; check that they show one place");
    }
    say(Match::kCase, " spelt otherwise than the file, in upper and lower case or accents");
    say(Match::kEncoding, " written in Windows-1252, where the list should be UTF-8");
    say(Match::kBackslash, " written with backslashes, taken for slashes");
    say(Match::kExtension, " listed with another extension than the file has, or none");
    return out;
  }

 private:
  // How often something was seen, and the first time.
  struct Noticed {
    std::size_t count = 0;
    std::string example;
    void count_in(const std::string& seen) {
      if (count++ == 0) example = seen;
    }
  };

  template <typename Wanted>
  std::vector<const ListedPair*> sample(Wanted wanted) const {
    constexpr std::size_t kMost = 40;
    std::vector<const ListedPair*> all;
    for (const ListedPair& pair : list_.pairs) {
      if (wanted(pair)) all.push_back(&pair);
    }
    std::vector<const ListedPair*> out;
    for (std::size_t i = 0; i < std::min(kMost, all.size()); ++i)
      out.push_back(all[i * all.size() / std::min(kMost, all.size())]);
    return out;
  }

  bool has_images_folder() const {
    std::error_code ignored;
    return options_.keep_missing ? !options_.root.has_value() || fs::is_directory(root_ / "images", ignored)
                                 : fs::is_directory(root_ / "images", ignored);
  }

  bool first_is_there(const fs::path& root, const ListedPair& pair) {
    return lookup_.find(root, pair.before, false) || lookup_.find(root, pair.after, false);
  }

  // Two names of a list that lead to one picture would be two pairs with the same caption.
  void require_own_pictures(const ListedPair& listed, const Pair& pair) {
    if (pair.before.empty() || pair.after.empty()) return;
    const auto [known, is_new] = taken_.emplace(pair.before, shared_name(listed));
    if (is_new || id_stem(known->second) == id_stem(shared_name(listed))) return;
    require_no_singles(list_, listed, known->second, root_);
    throw InputError(list_.where(listed) + ": " + in_quotes(shared_name(listed)) + " and " + in_quotes(known->second) +
                     " both lead to " + pair.before + "; give the list the paths of its pictures, or name their " +
                     "folder with --root");
  }

  // Lists name files, and ccx opens no network.
  void require_local(const ListedPair& listed) const {
    for (const std::string* path : {&listed.before, &listed.after, &listed.picture}) {
      if (!is_address(*path)) continue;
      throw InputError(list_.where(listed) + ": " + in_quotes(*path) +
                       " is an address, and ccx opens files alone: download the pictures and write their paths");
    }
  }

  void describe(bool has_paths, bool has_names) {
    const auto at = [&](const std::string& base) { return (root_ / base).lexically_normal().string(); };
    if (has_names && place_) {
      pictures_ = at(place_->before) + " and " + at(place_->after);
    } else if (has_names && !folder_pairs_.empty()) {
      pictures_ = "by their names, in the folders of " + named_root().string();
      notes_.push_back("the list names no two pictures a pair: they are found by their names in " +
                       named_root().string());
    }
    if (has_paths && folders_) {
      pictures_ += (pictures_.empty() ? "" : "; ") + at(folders_->before) + " and " + at(folders_->after);
      notes_.push_back("the list's names are looked for in the folders of the two dates, " + at(folders_->before) +
                       " and " + at(folders_->after));
    } else if (has_paths) {
      pictures_ += (pictures_.empty() ? "" : "; ") + std::string("by the list's paths, from ") +
                   (at(base_).empty() ? "." : at(base_));
      if (!base_.empty() || root_ != (options_.root ? *options_.root : own_folder_)) {
        notes_.push_back("the list's paths start from " + at(base_));
      }
    }
  }

  // The path to open, or empty when there is nothing at it, which is then described in `missing`.
  std::string existing(const std::string& name, const std::string& base, const char* side, const ListedPair& listed,
                       bool any_extension, std::string& missing) {
    if (name.empty()) {
      missing += (missing.empty() ? list_.where(listed) : ", and") + " names no image for " + side;
      return {};
    }
    const fs::path folder = base.empty() ? root_ : root_ / base;
    const fs::path path = resolved(name, folder, side, listed);
    const auto found = lookup_.find(fs::path(name).is_absolute() ? fs::path() : folder, name, any_extension);
    if (found) {
      if (found->match != Match::kExact) inexact_[found->match].count_in(name);
      return tidied(found->path).string();
    }
    missing += (missing.empty() ? list_.where(listed) + ": there is no file " : " and no file ") + path.string();
    return options_.keep_missing ? path.string() : "";
  }

  fs::path resolved(const std::string& name, const fs::path& folder, const char* side, const ListedPair& listed) {
    const std::string where = list_.where(listed);
    if (name.find('\0') != std::string::npos) {
      throw InputError(where + ": the path of \"" + side + "\" contains a NUL byte");
    }
    // Backslashes are slashes where they lead outside too.
    const std::string slashes = with_slashes(name);
    bool leads_outside = false;
    for (const std::string& spelling : {name, slashes, bytes_of(name)}) {
      const fs::path path(spelling);
      fs::path inside = path.lexically_normal();
      if (path.is_absolute()) inside = inside.lexically_relative(fs::absolute(named_root()).lexically_normal());
      leads_outside = leads_outside || inside.empty() || *inside.begin() == "..";
    }
    if (leads_outside && name.starts_with("/data/upload/")) {
      throw InputError(where + ": " + in_quotes(name) +
                       " is where Label Studio keeps a copy of its own: write the path of the picture instead");
    }
    if (leads_outside && !options_.allow_outside) {
      if (fs::path(slashes).is_absolute() && !lookup_.find(fs::path(), name, true))
        refuse_elsewhere(where + ": \"" + side + "\"", slashes, named_root());
      throw InputError(where + ": \"" + side + "\" leads outside " + named_root().string() + " (" +
                       printable(utf8_name(name)) + "); name another --root, or pass --allow-outside if this is meant");
    }
    return tidied(folder / name);
  }

  void find_mask(const ListedPair& listed, AnnotatedPair& pair) {
    if (!listed.mask.empty()) {
      const fs::path path = resolved(listed.mask, root_ / filled(base_, listed), "mask", listed);
      const fs::path base = fs::path(listed.mask).is_absolute() ? fs::path() : root_ / filled(base_, listed);
      const auto found = lookup_.find(base, listed.mask, true);
      if (found || options_.keep_missing) pair.mask = found ? tidied(found->path).string() : path.string();
    } else if (!pair.before.empty()) {
      pair.mask = mask_beside(pair.before, lookup_).string();
    }
    const std::string folder = fs::path(pair.mask).parent_path().filename().string();
    const std::string& said = listed.mask.empty() ? folder : listed.mask_key;
    if (said == "kinds" || folder == "kinds") pair.mask_form = MaskForm::kKinds;
    if (pair.mask_form == MaskForm::kUnknown && (said == "label" || folder == "label"))
      pair.mask_form = MaskForm::kLabel;
  }

  const List& list_;
  const PairSetOptions& options_;
  const SplitFolders splits_;
  fs::path root_;
  const fs::path own_folder_ = root_;
  std::string base_;
  std::optional<PicturePlace> folders_;  // of the two dates, which the paths start from
  std::optional<PicturePlace> place_;
  FolderPairs folder_pairs_;
  std::map<std::string, std::string> taken_;  // before picture -> the name in the list that led to it
  FileLookup lookup_;
  std::map<Match, Noticed> inexact_;
  Noticed reversed_;
  Noticed torn_;  // pairs of two splits
  std::string pictures_;
  std::vector<std::string> notes_;
};

}  // namespace

void find_listed_pictures(List&& list, const fs::path& in, const PairSetOptions& options,
                          const std::set<std::string>& in_several_splits, PairSet& set) {
  PictureReader reader(list, in, options, in_several_splits);
  reader.choose_place();
  if (!list.names_pictures && reader.found_nothing() && !options.keep_missing) {
    throw InputError(list.name + " (" + list.format + ") names no pictures, and " + reader.named_root().string() +
                     " holds none called " + in_quotes(list.pairs.front().id) +
                     " in A/ and B/, before/ and after/ or another layout; name "
                     "their folder with --root");
  }
  set.pairs.reserve(list.pairs.size());
  for (ListedPair& listed : list.pairs) set.pairs.push_back(reader.read(std::move(listed)));
  const auto is_there = [](const AnnotatedPair& pair) { return pair.missing.empty(); };
  if (!options.root && std::none_of(set.pairs.begin(), set.pairs.end(), is_there)) {
    set.notes.push_back("no picture of the list was found: its paths were looked for from " +
                        reader.named_root().string() + "; --root names another folder");
  }
  set.pictures = reader.pictures();
  for (std::string& note : reader.notes()) set.notes.push_back(std::move(note));
}

}  // namespace ccx::pairs
