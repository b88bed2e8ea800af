#include "core/base/no_change.h"

#include "tests/support/catch.h"

using namespace ccx;

TEST_CASE("a sentence of no change is known whatever its case, full stop and spaces") {
  const std::vector<std::string> sentences = {"the scene is the same as before ."};
  CHECK(is_no_change("the scene is the same as before .", sentences));
  CHECK(is_no_change(" The scene is  the same as before.\n", sentences));
  CHECK_FALSE(is_no_change("the scene is the same as before but greener", sentences));
  CHECK_FALSE(is_no_change("", sentences));
  CHECK(normalise_sentence(" . ") == "");
}
