// What stands in the place of a file of weights: a web page, a server's answer, an archive, weights of other kinds.
#pragma once

#include <string>
#include <string_view>

namespace ccx::model {

// In words, with what to do, of a file's first bytes; empty where they may begin a safetensors file.
std::string what_else_it_is(std::string_view head);

}  // namespace ccx::model
