// The trained model that comes with ccx, for tests that can say something only of a trained one.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "tests/support/paths.h"
#include "tests/support/skip.h"

namespace ccx::test {

// $CCX_MODEL, or models/default of the source tree; the test is skipped where a tree has none.
inline std::filesystem::path default_model() {
  const char* named = std::getenv("CCX_MODEL");
  const bool given = named != nullptr && *named != '\0';
  const auto place = given ? std::filesystem::path(named) : (data_dir() / "../../models/default").lexically_normal();
  if (!std::filesystem::exists(place / "config.json")) {
    skip(Lacking::kInstalled, "no trained model at " + place.string());
  }
  return place;
}

}  // namespace ccx::test
