// How much of a pair is without data, or looks so. Plain C++, shared with WebAssembly.
#pragma once

#include <string>

#include "core/image/pair_checks.h"

namespace ccx::image {

// What the warning of missing data says; empty where there is none.
std::string missing_text(const DateFacts& before, const DateFacts& after);

}  // namespace ccx::image
