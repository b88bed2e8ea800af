// The options that name pairs.
#pragma once

#include <string>

#include "core/options/option_set.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {

// --in, --layout, --series, --before, --after, --pair-pattern, --root, --split, --allow-outside; `in_help` says what
// --in is.
void declare_source_options(options::OptionSet& options, PairSource& source, const std::string& in_help);

}  // namespace ccx::pairs
