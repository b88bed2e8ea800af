// What JavaScript sees of the core (web/src/worker/core.ts wraps it). An exception never crosses the border as such,
// because there it would be a bare number: a function gives its result or a JavaScript Error, which the wrapper throws.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <new>
#include <utility>

#include "core/base/error.h"
#include "core/change/mask_png.h"
#include "core/records/record_format.h"
#include "core/text/prompt.h"
#include "core/text/tokenizer.h"
#include "wasm/caption_session.h"
#include "wasm/language.h"
#include "wasm/pair_lists.h"
#include "wasm/pair_names.h"
#include "wasm/picture.h"
#include "wasm/vision.h"

namespace ccx::wasm {
namespace {

using emscripten::typed_memory_view;
using emscripten::val;

val js_error(const char* name, const char* message) {
  val error = val::global("Error").new_(std::string(message));
  error.set("name", std::string(name));
  return error;
}

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
template <class T>
val copied(const std::vector<T>& values) {
  return val(typed_memory_view(values.size(), values.data())).call<val>("slice");
}

template <class T>
std::vector<T> vector_from(const val& typed_array) {
  std::vector<T> values(typed_array["length"].as<std::size_t>());
  val(typed_memory_view(values.size(), values.data())).call<void>("set", typed_array);
  return values;
}

// Token ids are small: JavaScript's numbers hold them.
val ids_to_js(const std::vector<std::int64_t>& ids) {
  return copied(std::vector<std::int32_t>(ids.begin(), ids.end()));
}

std::vector<std::int64_t> ids_from_js(const val& array) {
  const std::vector<std::int32_t> ids = vector_from<std::int32_t>(array);
  return {ids.begin(), ids.end()};
}

// `read(file, offset, bytes)` gives a Uint8Array.
EmbeddingTable::Read reader(const val& read) {
  return [read](const std::string& file, std::uint64_t offset, std::size_t bytes, void* to) {
    const val found = read(file, static_cast<double>(offset), static_cast<double>(bytes));
    if (found.isUndefined() || found["length"].as<std::size_t>() != bytes) {
      throw InputError(file + " ends before the embedding table does");
    }
    val(typed_memory_view(bytes, static_cast<unsigned char*>(to))).call<void>("set", found);
  };
}

val to_js(const DecoderInputs& inputs) {
  val object = val::object();
  object.set("embeddings", copied(inputs.embeddings));
  object.set("positions", copied(inputs.positions));
  object.set("bias", copied(inputs.bias));
  object.set("asked", copied(inputs.asked));
  return object;
}

image::SampleType sample_type_of(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(image::SampleType::kFloat64); ++i) {
    if (image::sample_type_name(static_cast<image::SampleType>(i)) == name) return static_cast<image::SampleType>(i);
  }
  throw InputError("samples of the type " + name + " are not known");
}

// What was read of a date goes through JavaScript from one worker's core to the other's.
val to_js(const image::ReadInfo& info) {
  val object = val::object();
  object.set("width", info.width);
  object.set("height", info.height);
  object.set("type", image::sample_type_name(info.type));
  object.set("bandsInFile", info.bands_in_file);
  object.set("bands", val::array(info.bands));
  object.set("levels",
             info.levels ? val::array(std::vector<double>{info.levels->low, info.levels->high}) : val::null());
  object.set("nodata", info.nodata);
  return object;
}
image::ReadInfo info_from_js(const val& object) {
  image::ReadInfo info;
  info.width = object["width"].as<int>();
  info.height = object["height"].as<int>();
  info.type = sample_type_of(object["type"].as<std::string>());
  info.bands_in_file = object["bandsInFile"].as<int>();
  info.bands = emscripten::vecFromJSArray<int>(object["bands"]);
  if (!object["levels"].isNull()) info.levels = {object["levels"][0].as<double>(), object["levels"][1].as<double>()};
  info.nodata = object["nodata"].as<double>();
  return info;
}

// [{code, message, shift}], shift: two numbers or null
val to_js(const std::vector<image::PairWarning>& warnings) {
  val list = val::array();
  for (const image::PairWarning& warning : warnings) {
    val object = val::object();
    object.set("code", image::warning_name(warning.code));
    object.set("message", warning.message);
    object.set("shift", warning.shift ? val::array(warning.shift->begin(), warning.shift->end()) : val::null());
    list.call<void>("push", object);
  }
  return list;
}
std::vector<image::PairWarning> warnings_from_js(const val& list) {
  const std::vector<std::string> names = image::all_warning_names();
  std::vector<image::PairWarning> warnings;
  for (const val& object : emscripten::vecFromJSArray<val>(list)) {
    const auto name = std::find(names.begin(), names.end(), object["code"].as<std::string>());
    if (name == names.end()) throw InputError("a warning of that code is not known");
    image::PairWarning warning;
    warning.code = static_cast<image::WarningCode>(name - names.begin());
    warning.message = object["message"].as<std::string>();
    if (!object["shift"].isNull()) warning.shift = {object["shift"][0].as<double>(), object["shift"][1].as<double>()};
    warnings.push_back(std::move(warning));
  }
  return warnings;
}

// {name, colour} of each channel of a change head's map.
val change_kinds() {
  val list = val::array();
  for (std::size_t kind = 0; kind < kChangeKindNames.size(); ++kind) {
    const auto& [red, green, blue] = change::kKindColours[kind];
    char colour[8];
    std::snprintf(colour, sizeof colour, "#%02x%02x%02x", red, green, blue);
    val object = val::object();
    object.set("name", std::string(kChangeKindNames[kind]));
    object.set("colour", std::string(colour));
    list.call<void>("push", object);
  }
  return list;
}

val create_picture(int width, int height, bool is_grey) {
  return guarded([&] { return std::make_shared<Picture>(width, height, is_grey); });
}

template <class T>
std::shared_ptr<Picture> picture_of(int width, int height, const val& arrays, const val& mask,
                                    const SampleFacts& facts) {
  std::vector<std::vector<T>> bands;
  for (const val& array : emscripten::vecFromJSArray<val>(arrays)) bands.push_back(vector_from<T>(array));
  return std::make_shared<Picture>(Picture::of_samples<T>(width, height, bands, vector_from<uint8_t>(mask), facts));
}

// facts: {type, bits, bandsInFile, bands, nodata, whiteIsZero}; bands: one or three typed arrays as wide as the type.
val picture_of_samples(int width, int height, const val& bands, const val& mask, const val& facts) {
  return guarded([&] {
    SampleFacts known;
    known.type = sample_type_of(facts["type"].as<std::string>());
    known.sensor_bits = facts["bits"].as<int>();
    known.bands_in_file = facts["bandsInFile"].as<int>();
    known.bands = emscripten::vecFromJSArray<int>(facts["bands"]);
    if (facts["nodata"].isNumber()) known.nodata = facts["nodata"].as<double>();
    known.white_is_zero = facts["whiteIsZero"].as<bool>();
    using enum image::SampleType;
    switch (known.type) {
      case kUint8:
        return picture_of<uint8_t>(width, height, bands, mask, known);
      case kInt8:
      case kInt16:
        return picture_of<int16_t>(width, height, bands, mask, known);
      case kUint16:
        return picture_of<uint16_t>(width, height, bands, mask, known);
      case kFloat32:
        return picture_of<float>(width, height, bands, mask, known);
      default:
        return picture_of<double>(width, height, bands, mask, known);
    }
  });
}
val add_rows(Picture& picture, const val& rgba) {
  return guarded([&] {
    picture.add_rows(vector_from<unsigned char>(rgba));
    return val::undefined();
  });
}
val shown(const Picture& picture, int width, int height) {
  return guarded([&] {
    const std::vector<unsigned char> rgba = picture.shown(width, height);
    return val::global("Uint8ClampedArray").new_(copied(rgba)["buffer"]);
  });
}
val info(const Picture& picture) {
  return guarded([&] { return to_js(picture.info()); });
}
val check(const Picture& before, const Picture& after, int size) {
  return guarded([&] { return to_js(pair_warnings(before, after, size)); });
}
val prepare(const Picture& before, const Picture& after, int size) {
  return guarded([&] {
    const PreparedPair pair = prepare_pair(before, after, size);
    val object = val::object();
    object.set("before", copied(pair.before));
    object.set("after", copied(pair.after));
    object.set("warnings", to_js(pair.warnings));
    return object;
  });
}

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
// [{shape, pixels}], what the tower makes of one image.
val look(Vision& vision, const val& image) {
  return guarded([&] {
    val list = val::array();
    for (const FeatureMap& map : vision.look(vector_from<float>(image))) {
      val object = val::object();
      object.set("shape", val::array(std::vector<double>(map.shape.begin(), map.shape.end())));
      object.set("pixels", copied(map.pixels));
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

// records: lines of JSON. What `ccx caption --format csv` writes of them.
val table_of(const val& records) {
  return guarded([&] {
    std::string table = records::record_header(records::RecordFormat::kCsv);
    for (const std::string& record : emscripten::vecFromJSArray<std::string>(records)) {
      table += records::formatted_record(record, records::RecordFormat::kCsv) + "\n";
    }
    return val(table);
  });
}

val create_session(const std::string& manifest, const std::string& config, const std::string& tokenizer,
                   const std::string& generation_config, int max_new_tokens) {
  return guarded([&] {
    return std::make_shared<CaptionSession>(SessionFiles{manifest, config, tokenizer, generation_config},
                                            max_new_tokens);
  });
}
val describe(const CaptionSession& session) {
  return guarded([&] {
    val object = val::object();
    object.set("imageSize", session.image_size());
    object.set("hiddenSize", static_cast<double>(session.hidden_size()));
    object.set("visualTokens", static_cast<double>(session.visual_tokens()));
    object.set("promptLength", static_cast<double>(session.prompt_length()));
    object.set("vocabulary", static_cast<double>(session.vocabulary()));
    object.set("promptIds", ids_to_js(session.prompt().ids()));
    object.set("changeKinds", session.draws_changes() ? change_kinds() : val::array());
    return object;
  });
}
val encode(const CaptionSession& session, const std::string& text) {
  return guarded([&] { return ids_to_js(session.tokenizer().encode(text)); });
}
val decode(const CaptionSession& session, const val& ids, bool skip_special_tokens) {
  return guarded([&] { return session.tokenizer().decode(ids_from_js(ids), skip_special_tokens); });
}
val look_up(const CaptionSession& session, const val& ids, const val& read) {
  return guarded([&] { return copied(session.embeddings().look_up(ids_from_js(ids), reader(read))); });
}
val prompt_inputs(const CaptionSession& session, const val& before, const val& after, int rows, const val& read) {
  return guarded([&] {
    val list = val::array();
    const std::vector<float> first = vector_from<float>(before), second = vector_from<float>(after);
    for (const DecoderInputs& run : session.prompt_inputs(first, second, rows, reader(read))) {
      list.call<void>("push", to_js(run));
    }
    return list;
  });
}
val no_change_inputs(const CaptionSession& session, const val& read) {
  return guarded([&] { return to_js(session.no_change_inputs(reader(read))); });
}
val token_inputs(const CaptionSession& session, int token, int past, const val& read) {
  return guarded([&] { return to_js(session.token_inputs(token, past, reader(read))); });
}
val begin(CaptionSession& session, const std::string& id) {
  return guarded([&] {
    session.begin(id);
    return val::undefined();
  });
}
val hear_head(CaptionSession& session, double flag, const val& map, int height, int width) {
  return guarded([&] {
    session.hear_head(flag, {height, width, vector_from<float>(map)});
    return val::undefined();
  });
}
val places(const CaptionSession& session, int width, int height) {
  return guarded([&] {
    val list = val::array();
    for (const change::Place& place : session.places(width, height)) {
      val object = val::object();
      object.set("kind", change_kind_name(place.kind));
      object.set("box", val::array(place.box.begin(), place.box.end()));
      object.set("area", place.area);
      object.set("p", place.p);
      list.call<void>("push", object);
    }
    return list;
  });
}
val score_no_change(CaptionSession& session, const val& prompt_logits, const val& logits) {
  return guarded(
      [&] { return session.score_no_change(vector_from<float>(prompt_logits), vector_from<float>(logits)); });
}
val decides_by_p_change(const CaptionSession& session) {
  return val(session.decides_by_p_change());
}
val step(CaptionSession& session, const val& logits) {
  return guarded([&] {
    const StepResult result = session.step(vector_from<float>(logits));
    val object = val::object();
    object.set("text", result.text);
    object.set("token", static_cast<double>(result.token));
    object.set("logprob", result.logprob);
    object.set("done", result.done);
    return object;
  });
}
val finish(CaptionSession& session) {
  return guarded([&] { return session.finish(); });
}
val result(const CaptionSession& session) {
  return guarded([&] {
    val object = val::object();
    const engine::Caption result = session.result();
    object.set("caption", result.text);
    object.set("changed", result.changed);
    object.set("logprobMean", session.logprob_mean());
    object.set("pChange", result.p_change ? val(*result.p_change) : val::null());
    return object;
  });
}
// pair: {id, before, after, read: {before, after}, warnings}; ms: {read, vision, prefill, decode}
val record(const CaptionSession& session, const val& pair, const val& ms) {
  return guarded([&] {
    RecordFacts facts;
    facts.id = pair["id"].as<std::string>();
    facts.before = pair["before"].as<std::string>();
    facts.after = pair["after"].as<std::string>();
    facts.reading.before = info_from_js(pair["read"]["before"]);
    facts.reading.after = info_from_js(pair["read"]["after"]);
    facts.reading.warnings = warnings_from_js(pair["warnings"]);
    const auto of = [&](const char* stage) { return ms[stage].as<double>(); };
    facts.times = {of("read"), of("vision"), of("prefill"), of("decode")};
    return session.record(facts);
  });
}

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

EMSCRIPTEN_BINDINGS(ccx_core) {
  emscripten::class_<Picture>("Picture")
      .smart_ptr<std::shared_ptr<Picture>>("PicturePointer")
      .function("addRows", &add_rows)
      .function("shown", &shown)
      .function("info", &info)
      .function("check", &check)
      .function("prepare", &prepare);
  emscripten::class_<CaptionSession>("Session")
      .smart_ptr<std::shared_ptr<CaptionSession>>("SessionPointer")
      .function("describe", &describe)
      .function("encode", &encode)
      .function("decode", &decode)
      .function("lookUp", &look_up)
      .function("promptInputs", &prompt_inputs)
      .function("noChangeInputs", &no_change_inputs)
      .function("tokenInputs", &token_inputs)
      .function("begin", &begin)
      .function("hearHead", &hear_head)
      .function("places", &places)
      .function("scoreNoChange", &score_no_change)
      .function("decidesByPChange", &decides_by_p_change)
      .function("step", &step)
      .function("finish", &finish)
      .function("result", &result)
      .function("record", &record);
  emscripten::class_<Vision>("Vision")
      .smart_ptr<std::shared_ptr<Vision>>("VisionPointer")
      .function("look", &look)
      .function("compare", &compare);
  emscripten::class_<Language>("Language")
      .smart_ptr<std::shared_ptr<Language>>("LanguagePointer")
      .function("run", &run_language);
  emscripten::function("createPicture", &create_picture);
  emscripten::function("pictureOfSamples", &picture_of_samples);
  emscripten::function("createSession", &create_session);
  emscripten::function("createVision", &create_vision);
  emscripten::function("createLanguage", &create_language);
  emscripten::function("tableOf", &table_of);
  emscripten::function("findPairs", &find_pairs);
  emscripten::function("findPairsInList", &find_pairs_in_list_of);
}

}  // namespace ccx::wasm
