// The trained model that comes with ccx, for tests that can say something only of a trained one.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace ccx::test {

// $CCX_MODEL, or models/default of the source tree. Empty, with the reason as a warning, where a tree has none.
inline std::filesystem::path default_model() {
  const char* named = std::getenv("CCX_MODEL");
  const bool given = named != nullptr && *named != '\0';
  const auto place = given ? std::filesystem::path(named) : (data_dir() / "../../models/default").lexically_normal();
  if (std::filesystem::exists(place / "config.json")) return place;
  WARN("skipped: no trained model at " << place.string());
  return {};
}

// True, with the reason as a warning, where this build has no `ccx caption`.
inline bool lacks_caption() {
  if (has_command("caption")) return false;
  WARN("skipped: this build has no LibTorch and no ccx caption");
  return true;
}

}  // namespace ccx::test
