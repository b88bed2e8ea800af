// Looking names up in folders (file_lookup.h).
#include "core/pairs/lists/file_lookup.h"

#include <algorithm>
#include <system_error>

#include "core/base/ascii.h"
#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

// A link that leads nowhere counts as there: its failed record then says so.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

std::string folded_name(const std::string& name) {
  return ascii::lower(is_ascii(name) || replace_invalid_utf8(name) != name ? name : nfc(name));
}

// The one value of a key.
std::optional<std::string> only(const std::unordered_multimap<std::string, std::string>& names,
                                const std::string& key) {
  const auto [first, last] = names.equal_range(key);
  if (first == last || std::next(first) != last) return std::nullopt;
  return first->second;
}

}  // namespace

const FileLookup::Listing& FileLookup::listing(const fs::path& folder) {
  const auto [known, is_new] = listings_.try_emplace(folder);
  if (!is_new) return known->second;
  std::error_code ignored;
  for (fs::directory_iterator at(folder.empty() ? fs::path(".") : folder, ignored), end; at != end;
       at.increment(ignored)) {
    if (ignored) break;
    const std::string name = at->path().filename().string();
    if (name.empty() || is_hidden(name)) continue;
    known->second.by_name.emplace(folded_name(name), name);
    if (has_picture_extension(name)) known->second.by_stem.emplace(folded_name(id_stem(name)), name);
  }
  return known->second;
}

std::optional<fs::path> FileLookup::folded(const fs::path& base, const fs::path& name, bool any_extension,
                                           bool& took_extension) {
  fs::path at = base;
  std::vector<std::string> parts;
  for (const fs::path& part : name.lexically_normal()) {
    if (!part.empty() && part != ".") parts.push_back(part.string());
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == ".." || parts[i] == "/") return std::nullopt;
    const bool is_last = i + 1 == parts.size();
    if (is_there(at / parts[i])) {
      at /= parts[i];
      continue;
    }
    std::optional<std::string> found = only(listing(at).by_name, folded_name(parts[i]));
    if (!found && is_last && any_extension) {
      found = only(listing(at).by_stem, folded_name(id_stem(parts[i])));
      took_extension = found.has_value();
    }
    if (!found) return std::nullopt;
    at /= *found;
  }
  return at;
}

std::optional<FileLookup::Found> FileLookup::find(const fs::path& base, const std::string& name, bool any_extension) {
  if (name.empty()) return std::nullopt;
  if (is_there(base / name)) return Found{base / name, Match::kExact};
  // Lists that ccx itself printed name files in escaped form.
  const std::string bytes = bytes_of(name);
  if (bytes != name && bytes.find('\0') == std::string::npos && is_there(base / bytes))
    return Found{base / bytes, Match::kEscaped};
  // A spreadsheet's bytes, where nobody asked for UTF-8.
  if (const std::string text = from_windows_1252(name); text != name) {
    if (auto found = find(base, text, any_extension)) return Found{std::move(found->path), Match::kEncoding};
  }
  const std::string slashes = with_slashes(name);
  if (fs::path(slashes).is_absolute()) return std::nullopt;
  if (slashes != name && is_there(base / slashes)) return Found{base / slashes, Match::kBackslash};
  bool took_extension = false;
  if (auto found = folded(base, slashes, any_extension, took_extension)) {
    return Found{std::move(*found), took_extension ? Match::kExtension : Match::kCase};
  }
  return std::nullopt;
}

std::optional<fs::path> FileLookup::folder(const fs::path& base, const std::string& name) {
  bool ignored = false;
  std::error_code error;
  auto found = name.empty() ? std::optional<fs::path>(base) : folded(base, name, false, ignored);
  if (!found || !fs::is_directory(found->empty() ? fs::path(".") : *found, error)) return std::nullopt;
  return found;
}

}  // namespace ccx::pairs
