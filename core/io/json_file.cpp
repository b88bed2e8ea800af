// JSON from disk, apart from the rest because the web build has no disk.
#include <nlohmann/json.hpp>

#include "core/io/file.h"
#include "core/io/json.h"

namespace ccx::io {

template <class Json>
Json read_json(const std::filesystem::path& path, const JsonLimits& limits) {
  return parse_json<Json>(read_file(path, limits.bytes), path.string(), limits);
}

template nlohmann::json read_json(const std::filesystem::path&, const JsonLimits&);
template nlohmann::ordered_json read_json(const std::filesystem::path&, const JsonLimits&);

}  // namespace ccx::io
