// Which model a run uses (model_info.h).
#include "core/model/model_info.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/sha256.h"
#include "core/model/checkpoint_folder.h"

namespace ccx::model {
namespace {

namespace fs = std::filesystem;

}  // namespace

fs::path default_model_dir() {
  if (const char* named = std::getenv("CCX_MODEL"); named != nullptr && *named != '\0') {
    if (!has_config(named)) throw UsageError(std::string("CCX_MODEL names ") + named + ", which holds no config.json");
    return named;
  }
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  std::vector<fs::path> places = {program / ".." / "share/ccx/models/default"};
  // A source tree holds its build folders: build/ccx, build/light/ccx.
  for (const char* up : {"..", "../.."}) places.push_back(program / up / "models/default");
  for (const fs::path& place : places) {
    if (has_config(place)) return place.lexically_normal();
  }
  std::string looked;
  for (const fs::path& place : places) looked += (looked.empty() ? "" : ", ") + place.lexically_normal().string();
  throw UsageError("no model: name one with --model DIR or the environment variable CCX_MODEL (there is none in " +
                   looked + ")");
}

ModelInfo describe_model(const fs::path& model) {
  checkpoint_files(model);  // throws where it is none
  std::error_code ignored;
  ModelInfo info;
  const fs::path whole = fs::absolute(model).lexically_normal();
  info.name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  io::Sha256 settings;
  for (const char* name : {"config.json", "generation_config.json", "tokenizer.json"}) {
    if (!fs::exists(model / name, ignored)) continue;
    settings.update(io::sha256(io::read_file(model / name)) + "  " + name + "\n");
  }
  info.settings_sha256 = settings.hex();
  return info;
}

std::string weights_sha256(const fs::path& model) {
  return io::sha256_weights(checkpoint_files(model));
}

}  // namespace ccx::model
