// What JavaScript sees of models that the core computes itself.
#include <emscripten/bind.h>

#include <memory>

#include "wasm/border.h"
#include "wasm/language.h"
#include "wasm/vision.h"

namespace ccx::wasm {
namespace {

// Null for a model that ONNX Runtime must see for. `graph`: a Uint8Array, vision.onnx.
val create_vision(const std::string& config, const val& graph, const val& read) {
  return guarded([&] {
    const std::vector<unsigned char> bytes = vector_from<unsigned char>(graph);
    const auto vision = std::make_shared<Vision>(config, std::string(bytes.begin(), bytes.end()), reader(read));
    return vision->can_see() ? val(vision) : val::null();
  });
}
// Null for a model that ONNX Runtime must speak for. `graph`: a Uint8Array, decoder.onnx.
val create_language(const std::string& config, const val& graph, const val& read) {
  return guarded([&] {
    const std::vector<unsigned char> bytes = vector_from<unsigned char>(graph);
    const auto language = std::make_shared<Language>(config, std::string(bytes.begin(), bytes.end()), reader(read));
    return language->can_speak() ? val(language) : val::null();
  });
}
// inputs: as promptInputs() and its like give them. Logits [asked, vocabulary].
val run_language(Language& language, const val& inputs, int past) {
  return guarded([&] {
    DecoderInputs all;
    all.embeddings = vector_from<float>(inputs["embeddings"]);
    all.positions = vector_from<std::int32_t>(inputs["positions"]);
    all.bias = vector_from<float>(inputs["bias"]);
    all.asked = vector_from<std::int32_t>(inputs["asked"]);
    return copied(language.run(all, past));
  });
}
// [{shape, pixels}], what the tower makes of one image. make: gives a Float32Array of the length that it is called
// with.
val look(Vision& vision, const val& image, const val& make) {
  return guarded([&] {
    val list = val::array();
    for (const FeatureMap& map : vision.look(vector_from<float>(image))) {
      val object = val::object();
      object.set("shape", val::array(std::vector<double>(map.shape.begin(), map.shape.end())));
      object.set("pixels", copied_to(make, map.pixels));
      list.call<void>("push", object);
    }
    return list;
  });
}
std::vector<FeatureMap> maps_from_js(const val& list) {
  std::vector<FeatureMap> maps;
  for (const val& object : emscripten::vecFromJSArray<val>(list)) {
    const std::vector<double> shape = emscripten::vecFromJSArray<double>(object["shape"]);
    maps.push_back({Shape(shape.begin(), shape.end()), vector_from<float>(object["pixels"])});
  }
  return maps;
}
// {before, after, saliency, head: {flag, map, height, width}}
val compare(Vision& vision, const val& before, const val& after) {
  return guarded([&] {
    const Vision::Seen seen = vision.compare(maps_from_js(before), maps_from_js(after));
    val head = val::object();
    head.set("flag", seen.flag);
    head.set("map", copied(seen.map));
    head.set("height", seen.cells);
    head.set("width", seen.cells);
    val object = val::object();
    object.set("before", copied(seen.before));
    object.set("after", copied(seen.after));
    object.set("saliency", copied(seen.saliency));
    object.set("head", head);
    return object;
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(ccx_models) {
  emscripten::class_<Vision>("Vision")
      .smart_ptr<std::shared_ptr<Vision>>("VisionPointer")
      .function("look", &look)
      .function("compare", &compare);
  emscripten::class_<Language>("Language")
      .smart_ptr<std::shared_ptr<Language>>("LanguagePointer")
      .function("run", &run_language);
  emscripten::function("createVision", &create_vision);
  emscripten::function("createLanguage", &create_language);
}

}  // namespace ccx::wasm
