#include "core/describe/facts.h"

namespace ccx::describe {

Facts turned(Facts facts) {
  for (Change& change : facts.changes) change.added = !change.added;
  facts.trees_lost = -facts.trees_lost;
  return facts;
}

}  // namespace ccx::describe
