// The sidecar of a captions file, FILE.run.json: which model and options made it, of which pairs, with what outcome.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/file_kind.h"
#include "core/model/model_info.h"
#include "core/options/value.h"
#include "core/pairs/pairs.h"
#include "core/records/shard.h"

namespace ccx::captioner {

struct RunInfo {
  std::string version;             // of ccx
  std::string status = "running";  // running, complete, interrupted

  // Input
  std::string in;
  std::string layout;
  std::string split;
  pairs::Series series = pairs::Series::kRefuse;
  std::string before, after, pattern;  // how the user named the pairs, as in pairs::PairSource
  std::size_t input_pairs = 0;         // before sharding, after --limit
  std::string input_ids;               // digest of their ids in order: equal for the shards of one input
  records::Shard shard;

  // What decides the captions
  std::string model_path;
  model::ModelInfo model;
  // Options by the keys of caption_options.h; "dtype" is what it came to, empty where that is not known yet.
  options::Json options = options::Json::object();

  // How it ran; does not decide them
  std::string device;
  std::size_t batch = 0;
  int threads = 0;  // CPU threads of a worker
  std::size_t workers = 1;

  // Outcome, of the whole file
  std::size_t selected = 0;  // pairs of this shard
  std::size_t captioned = 0;
  std::map<std::string, std::size_t> errors;    // failed records by code
  std::map<std::string, std::size_t> warnings;  // captioned pairs by the codes of their warnings
  double seconds = 0;                           // of the last run alone
  double pairs_per_second = 0;

  std::size_t failed() const;
};

std::filesystem::path sidecar_path(const std::filesystem::path& records);
// Files that to_json() filled.
io::FileKind sidecar_file();

std::string to_json(const RunInfo& info);  // indented, with a last newline
// Throws InputError naming `where` for text that is no sidecar.
RunInfo run_info_from_json(std::string_view text, const std::string& where);
// Nothing when there is no such file.
std::optional<RunInfo> read_run_info(const std::filesystem::path& records);

// What of `now` would make other captions than `then`, in words a person can act on: "max_new_tokens was 32 and is
// 128". Empty when records of the two can stand in one file. Fields that `now` does not know yet (an empty dtype or
// digest) are not compared.
std::vector<std::string> differences(const RunInfo& then, const RunInfo& now, bool compare_shards);

// The digest for input_ids.
std::string digest_of_ids(const std::vector<pairs::Pair>& pairs);

}  // namespace ccx::captioner
