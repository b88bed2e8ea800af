// Pairs listed in a file: CCExpert's universal list, LEVIR-CC's captions file, JSON lines and CSV.
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/pairs/csv.h"
#include "core/pairs/names.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::initializer_list<const char*> kIdKeys = {"id", "uid"};
constexpr std::initializer_list<const char*> kBeforeKeys = {"before", "img1_path"};
constexpr std::initializer_list<const char*> kAfterKeys = {"after", "img2_path"};

std::string joined(std::initializer_list<const char*> keys) {
  std::string out;
  for (const char* key : keys) out += (out.empty() ? "\"" : " or \"") + std::string(key) + "\"";
  return out;
}

// One manifest being read: turns entries into pairs and checks where their paths lead.
class ManifestReader {
 public:
  explicit ManifestReader(const PairSource& source)
      : source_(source), root_(source.root ? *source.root : source.in.parent_path()) {}

  const fs::path& root() const { return root_; }

  void add(std::string id, const std::string& before, const std::string& after, const std::string& where) {
    if (id.empty()) throw InputError(where + ": the id is empty");
    Pair pair;
    pair.id = std::move(id);
    pair.before = existing(before, "before", where, pair.missing).string();
    pair.after = existing(after, "after", where, pair.missing).string();
    pairs_.push_back(std::move(pair));
  }

  // {id, before, after} or {uid, img1_path, img2_path}; other keys are not looked at.
  void add_object(const json& entry, const std::string& where) {
    if (!entry.is_object()) throw InputError(where + ": expected an object, found " + entry.type_name());
    const json* id = find(entry, kIdKeys);
    if (id == nullptr) throw InputError(where + ": no " + joined(kIdKeys));
    add(id_text(*id, where), path_text(entry, kBeforeKeys, where), path_text(entry, kAfterKeys, where), where);
  }

  std::vector<Pair> take() { return std::move(pairs_); }

  static std::string id_text(const json& value, const std::string& where) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_integer()) return value.dump();
    throw InputError(where + ": the id must be a string or an integer, not " + value.type_name());
  }

 private:
  static const json* find(const json& entry, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
      if (const auto found = entry.find(key); found != entry.end()) return &*found;
    }
    return nullptr;
  }

  // null and "" stand for an image that is not there, as in a failed record.
  static std::string path_text(const json& entry, std::initializer_list<const char*> keys, const std::string& where) {
    const json* value = find(entry, keys);
    if (value == nullptr) throw InputError(where + ": no " + joined(keys));
    if (value->is_null()) return "";
    if (!value->is_string()) {
      throw InputError(where + ": " + joined(keys) + " must be a path, not " + value->type_name());
    }
    return value->get<std::string>();
  }

  // The path to open, or empty when there is nothing at it, which is then described in `missing`.
  fs::path existing(const std::string& name, const char* side, const std::string& where, std::string& missing) const {
    if (name.empty()) {
      missing += (missing.empty() ? where : "") + " names no image for " + side;
      return {};
    }
    const fs::path path = resolved(name, side, where);
    if (exists(path)) return path;
    // Lists that ccx itself printed name files in escaped form.
    const std::string bytes = bytes_of(name);
    if (bytes != name) {
      if (const fs::path unescaped = resolved(bytes, side, where); exists(unescaped)) return unescaped;
    }
    missing += (missing.empty() ? where + ": there is no file " : " and no file ") + path.string();
    return {};
  }

  // A manifest named without a folder lies in the current one, whose path is empty here.
  fs::path named_root() const { return root_.empty() ? fs::path(".") : root_; }

  // A link that leads nowhere counts as there: its failed record then says so.
  static bool exists(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
  }

  fs::path resolved(const std::string& name, const char* side, const std::string& where) const {
    if (name.find('\0') != std::string::npos) {
      throw InputError(where + ": the path of \"" + side + "\" contains a NUL byte");
    }
    const fs::path path(name);
    fs::path inside = path.lexically_normal();
    if (path.is_absolute()) inside = inside.lexically_relative(fs::absolute(named_root()).lexically_normal());
    const bool leads_outside = inside.empty() || *inside.begin() == "..";
    if (leads_outside && !source_.allow_outside) {
      throw InputError(where + ": \"" + side + "\" leads outside " + named_root().string() + " (" +
                       printable(utf8_name(name)) + "); name another --root, or pass --allow-outside if this is meant");
    }
    return tidied(root_ / path);
  }

  const PairSource& source_;
  fs::path root_;
  std::vector<Pair> pairs_;
};

json parsed(std::string_view text, const std::string& where) {
  return io::parse_json(text, where, io::kListLimits);
}

std::string member_text(const json& entry, const char* key, const std::string& where) {
  const auto found = entry.find(key);
  if (found == entry.end()) return "";
  if (!found->is_string()) throw InputError(where + ": \"" + key + "\" must be a string, not " + found->type_name());
  return found->get<std::string>();
}

// {"images": [{"filename": "test_000004.png", "filepath" or "split": "test", ...}]}: the images lie in
// images/{split}/A and /B beside the file, or in {split}/A and /B.
void read_levir_cc(const json& document, const PairSource& source, ManifestReader& reader) {
  const json& images = document["images"];
  if (!images.is_array()) throw InputError(source.in.string() + ": \"images\" must be a list");
  std::error_code ignored;
  const fs::path folder = fs::is_directory(reader.root() / "images", ignored) ? "images" : "";
  std::size_t index = 0;
  for (const json& entry : images) {
    const std::string where = source.in.string() + ": image " + std::to_string(index++);
    if (!entry.is_object()) throw InputError(where + ": expected an object, found " + entry.type_name());
    const std::string filename = member_text(entry, "filename", where);
    if (filename.empty()) throw InputError(where + ": no \"filename\"");
    const std::string filepath = member_text(entry, "filepath", where);
    const std::string split = member_text(entry, "split", where);
    if (!source.split.empty() && source.split != (split.empty() ? filepath : split)) continue;
    const fs::path base = folder / (filepath.empty() ? split : filepath);
    reader.add(fs::path(filename).replace_extension().string(), (base / "A" / filename).string(),
               (base / "B" / filename).string(), where);
  }
}

void read_json(const std::string& text, const PairSource& source, ManifestReader& reader) {
  const std::string name = source.in.string();
  const json document = parsed(text, name);
  if (document.is_object() && document.contains("images")) return read_levir_cc(document, source, reader);
  if (!document.is_array()) {
    throw InputError(name + ": expected a list of pairs, or an object with \"images\" as LEVIR-CC's captions file");
  }
  std::size_t index = 0;
  for (const json& entry : document) reader.add_object(entry, name + ": entry " + std::to_string(index++));
}

void read_json_lines(std::string_view text, const PairSource& source, ManifestReader& reader) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view content = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = source.in.string() + ":" + std::to_string(line);
    reader.add_object(parsed(content, where), where);
  }
}

void read_csv(const std::string& text, const PairSource& source, ManifestReader& reader) {
  const std::string name = source.in.string();
  const std::vector<CsvRow> rows = parse_csv(text, name);
  if (rows.empty()) throw InputError(name + ": no header; the first line must name the columns id, before and after");
  const auto column = [&](std::initializer_list<const char*> keys) {
    for (std::size_t i = 0; i < rows[0].fields.size(); ++i) {
      for (const char* key : keys) {
        if (rows[0].fields[i] == key) return i;
      }
    }
    throw InputError(name + ":1: no column " + joined(keys) + " in the header");
  };
  const std::size_t id = column(kIdKeys);
  const std::size_t before = column(kBeforeKeys);
  const std::size_t after = column(kAfterKeys);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const CsvRow& row = rows[i];
    const std::string where = name + ":" + std::to_string(row.line);
    if (row.fields.size() != rows[0].fields.size()) {
      throw InputError(where + ": " + std::to_string(row.fields.size()) + " fields where the header has " +
                       std::to_string(rows[0].fields.size()));
    }
    reader.add(utf8_name(row.fields[id]), row.fields[before], row.fields[after], where);
  }
}

}  // namespace

PairList pairs_in_manifest(const PairSource& source) {
  std::error_code ignored;
  if (!fs::is_regular_file(source.in, ignored)) {
    throw InputError(source.in.string() + " is neither a directory nor a regular file");
  }
  std::string text = io::read_file(source.in);
  if (text.compare(0, 3, "\xEF\xBB\xBF") == 0) text.erase(0, 3);
  ManifestReader reader(source);
  const std::string extension = source.in.extension().string();
  if (!source.split.empty() && extension != ".json") {
    throw UsageError("--split is for LEVIR-CC's captions file, and " + source.in.string() + " is another manifest");
  }
  if (extension == ".json") {
    read_json(text, source, reader);
  } else if (extension == ".jsonl" || extension == ".ndjson") {
    read_json_lines(text, source, reader);
  } else if (extension == ".csv") {
    read_csv(text, source, reader);
  } else {
    throw InputError(source.in.string() + ": a manifest's name must end in .json, .jsonl or .csv");
  }
  PairList list;
  list.layout = Layout::kManifest;
  list.pairs = reader.take();
  if (list.pairs.empty()) {
    throw InputError(source.in.string() + " lists no pairs" +
                     (source.split.empty() ? "" : " of the split '" + source.split + "'"));
  }
  return list;
}

}  // namespace ccx::pairs
