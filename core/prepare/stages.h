// The stages of a caption that a backend runs for a benchmark, each on what the one before it left.
#pragma once

#include <functional>
#include <string>

namespace ccx::prepare {

struct Stages {
  std::string dtype;                  // "int8"
  std::function<void()> tower;        // both images
  std::function<void()> change_head;  // and what its features become for the language model
  std::function<void()> prefill;      // a prompt
  std::function<void()> step;         // one token behind it
};

}  // namespace ccx::prepare
