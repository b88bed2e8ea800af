// What JavaScript sees of pairs: found among names, or in a list.
#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "wasm/border.h"
#include "wasm/pair_lists.h"
#include "wasm/pair_names.h"

namespace ccx::wasm {
namespace {

// {pairs: [{id, before, after, missing}], notes}
val to_js(const pairs::PairList& found) {
  val pairs = val::array();
  for (const pairs::Pair& pair : found.pairs) {
    val object = val::object();
    object.set("id", pair.id);
    object.set("before", pair.before);
    object.set("after", pair.after);
    object.set("missing", pair.missing);
    pairs.call<void>("push", object);
  }
  val result = val::object();
  result.set("pairs", pairs);
  result.set("notes", val::array(found.notes));
  return result;
}
val find_pairs(const val& names) {
  return guarded([&] { return to_js(find_pairs_by_name(emscripten::vecFromJSArray<std::string>(names))); });
}
// text: the list's bytes, a Uint8Array.
val find_pairs_in_list_of(const val& names, const std::string& list, const val& text) {
  return guarded([&] {
    const std::vector<unsigned char> bytes = vector_from<unsigned char>(text);
    return to_js(find_pairs_in_list(emscripten::vecFromJSArray<std::string>(names), list,
                                    std::string(bytes.begin(), bytes.end())));
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(ccx_pairs) {
  emscripten::function("findPairs", &find_pairs);
  emscripten::function("findPairsInList", &find_pairs_in_list_of);
}

}  // namespace ccx::wasm
