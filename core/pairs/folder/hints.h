// What a message may propose where names alone give no pair: commands that would take what stands there.
#pragma once

#include <string>

#include "core/pairs/folder/name_reader.h"

namespace ccx::pairs {

// A sentence with the options to give, begun with a blank; empty where nothing is to be proposed.
std::string hint_of(const Pictures& pictures);

}  // namespace ccx::pairs
