// Standard input, read whole.
#pragma once

#include <string>

namespace ccx::io {

// All that standard input has. It can be read once, so that it is kept: a second call gives the same.
const std::string& read_stdin();

}  // namespace ccx::io
