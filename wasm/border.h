// What crosses the border to JavaScript, and how. An exception never crosses it as such, because there it would be a
// bare number: a function gives its result or a JavaScript Error, which the wrapper (web/src/worker/core.ts) throws.
#pragma once

#include <emscripten/val.h>

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/image/pair_checks.h"
#include "core/image/read_options.h"
#include "wasm/embedding_table.h"

namespace ccx::wasm {

using emscripten::val;

val js_error(const char* name, const char* message);

template <class F>
val guarded(F function) {
  try {
    return val(function());
  } catch (const std::bad_alloc&) {
    return js_error("OutOfMemoryError", "the page has too little memory for this");
  } catch (const OutOfMemoryError& error) {
    return js_error("OutOfMemoryError", error.what());
  } catch (const InputError& error) {
    return js_error("InputError", error.what());
  } catch (const UsageError& error) {
    return js_error("UsageError", error.what());
  } catch (const std::exception& error) {
    return js_error("Error", error.what());
  }
}

// A copy that JavaScript owns: a view into the heap would move when the heap grows.
template <class T, class Allocator>
val copied(const std::vector<T, Allocator>& values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).call<val>("slice");
}

// The same into what `make(length)` gives, a typed array of that length.
template <class T, class Allocator>
val copied_to(const val& make, const std::vector<T, Allocator>& values) {
  val to = make(values.size());
  to.call<void>("set", val(emscripten::typed_memory_view(values.size(), values.data())));
  return to;
}

template <class T, class Vector = std::vector<T>>
Vector vector_from(const val& typed_array) {
  Vector values(typed_array["length"].as<std::size_t>());
  val(emscripten::typed_memory_view(values.size(), values.data())).call<void>("set", typed_array);
  return values;
}

// Token ids are small: JavaScript's numbers hold them.
val ids_to_js(const std::vector<std::int64_t>& ids);
std::vector<std::int64_t> ids_from_js(const val& array);

// `read(file, offset, bytes)` gives a Uint8Array.
EmbeddingTable::Read reader(const val& read);

image::SampleType sample_type_of(const std::string& name);
image::BandsBy bands_by_of(const std::string& name);

// What was read of a date goes through JavaScript from one worker's core to the other's.
val to_js(const image::ReadInfo& info);
image::ReadInfo info_from_js(const val& object);

// [{code, message, shift}], shift: two numbers or null
val to_js(const std::vector<image::PairWarning>& warnings);
std::vector<image::PairWarning> warnings_from_js(const val& list);

}  // namespace ccx::wasm
