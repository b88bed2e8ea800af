// Vectors of the field's own scorers, and METEOR's data, for the tests of this folder.
#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

#include "core/metrics/meteor.h"
#include "core/metrics/pair.h"
#include "tests/support/catch.h"
#include "tests/support/needs.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace ccx::test {

inline nlohmann::json read_json(const std::filesystem::path& path) {
  return nlohmann::json::parse(read_file(path));
}

// METEOR; the test is skipped where its data was not fetched.
inline const metrics::Meteor* needs_meteor() {
  static const std::unique_ptr<metrics::Meteor> meteor = [] {
    const std::filesystem::path folder = metrics::find_meteor_data();
    return folder.empty() ? nullptr : std::make_unique<metrics::Meteor>(metrics::MeteorData::open(folder));
  }();
  if (!meteor) skip(Lacking::kInstalled, "METEOR's data is not there (scripts/get_meteor_data.sh)");
  return meteor.get();
}

}  // namespace ccx::test
