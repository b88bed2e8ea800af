// What JavaScript sees of captions: a session from prompt to record, and the table of records.
#include <emscripten/bind.h>

#include <cstdio>
#include <memory>

#include "core/change/mask_png.h"
#include "core/records/record_format.h"
#include "core/text/prompt.h"
#include "core/text/tokenizer.h"
#include "wasm/border.h"
#include "wasm/caption_session.h"

namespace ccx::wasm {
namespace {

val to_js(const DecoderInputs& inputs) {
  val object = val::object();
  object.set("embeddings", copied(inputs.embeddings));
  object.set("positions", copied(inputs.positions));
  object.set("bias", copied(*inputs.bias));
  object.set("asked", copied(inputs.asked));
  return object;
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

}  // namespace

EMSCRIPTEN_BINDINGS(ccx_captions) {
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
  emscripten::function("createSession", &create_session);
  emscripten::function("tableOf", &table_of);
}

}  // namespace ccx::wasm
