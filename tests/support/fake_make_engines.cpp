// make_engines() of a `ccx` that has FakeEngine where core/torch has LibTorch: the real command, fast and without a
// model. What the engine does wrong is asked for in environment variables.
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

#include "cli/engines.h"
#include "core/base/error.h"
#include "core/pairs/naming/names.h"
#include "tests/support/fake_engine.h"

namespace ccx::cli {
namespace {

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

int number(const char* name, int otherwise) {
  const std::string text = variable(name);
  return text.empty() ? otherwise : std::atoi(text.c_str());
}

// Ids separated by spaces.
std::set<uint64_t> keys(const char* name) {
  std::set<uint64_t> out;
  std::istringstream words(variable(name));
  for (std::string id; words >> id;) out.insert(pairs::stable_hash(id));
  return out;
}

}  // namespace

std::vector<std::unique_ptr<engine::Engine>> make_engines(const engine::EngineOptions& options) {
  if (!variable("FAKE_NO_MODEL").empty()) throw CheckpointError("the fake model was loaded, and should not have been");
  test::FakeBehaviour behaviour;
  behaviour.suggested_batch = number("FAKE_BATCH", 4);
  if (const int memory = number("FAKE_MEMORY_FOR", 0); memory > 0)
    behaviour.memory_for = static_cast<std::size_t>(memory);
  behaviour.too_big_keys = keys("FAKE_TOO_BIG");
  behaviour.broken_keys = keys("FAKE_BROKEN");
  behaviour.per_pair = std::chrono::milliseconds(number("FAKE_MS", 0));
  std::vector<std::unique_ptr<engine::Engine>> engines;
  for (int i = 0; i < number("FAKE_DEVICES", 1); ++i) {
    engines.push_back(std::make_unique<test::FakeEngine>(behaviour, options.generation, "fake:" + std::to_string(i)));
  }
  return engines;
}

}  // namespace ccx::cli
