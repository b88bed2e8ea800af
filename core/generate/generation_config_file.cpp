// Generation options from a checkpoint directory, apart from the rest because the web build has no disk.
#include "core/generate/generation_config.h"
#include "core/io/file.h"

namespace ccx::generate {

GenerationConfig GenerationConfig::load(const std::filesystem::path& directory) {
  std::error_code ignored;
  const std::filesystem::path own = directory / "generation_config.json";
  const std::filesystem::path file = std::filesystem::exists(own, ignored) ? own : directory / "config.json";
  return from_json(io::read_file(file), file.string());
}

}  // namespace ccx::generate
