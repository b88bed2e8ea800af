#include "wasm/border.h"

#include <algorithm>
#include <utility>

namespace ccx::wasm {

val js_error(const char* name, const char* message) {
  val error = val::global("Error").new_(std::string(message));
  error.set("name", std::string(name));
  return error;
}

val ids_to_js(const std::vector<std::int64_t>& ids) {
  return copied(std::vector<std::int32_t>(ids.begin(), ids.end()));
}

std::vector<std::int64_t> ids_from_js(const val& array) {
  const std::vector<std::int32_t> ids = vector_from<std::int32_t>(array);
  return {ids.begin(), ids.end()};
}

EmbeddingTable::Read reader(const val& read) {
  return [read](const std::string& file, std::uint64_t offset, std::size_t bytes, void* to) {
    const val found = read(file, static_cast<double>(offset), static_cast<double>(bytes));
    if (found.isUndefined() || found["length"].as<std::size_t>() != bytes) {
      throw InputError(file + " ends before the embedding table does");
    }
    val(emscripten::typed_memory_view(bytes, static_cast<unsigned char*>(to))).call<void>("set", found);
  };
}

image::SampleType sample_type_of(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(image::SampleType::kFloat64); ++i) {
    if (image::sample_type_name(static_cast<image::SampleType>(i)) == name) return static_cast<image::SampleType>(i);
  }
  throw InputError("samples of the type " + name + " are not known");
}

image::BandsBy bands_by_of(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(image::BandsBy::kAsked); ++i) {
    if (image::bands_by_name(static_cast<image::BandsBy>(i)) == name) return static_cast<image::BandsBy>(i);
  }
  throw InputError("bands are not chosen by " + name);
}

val to_js(const image::ReadInfo& info) {
  val object = val::object();
  object.set("width", info.width);
  object.set("height", info.height);
  object.set("type", image::sample_type_name(info.type));
  object.set("bandsInFile", info.bands_in_file);
  object.set("bands", val::array(info.bands));
  object.set("bandsBy", image::bands_by_name(info.bands_by));
  object.set("bandsDoubt", info.bands_doubt);
  object.set("hasOtherBands", info.has_other_bands);
  object.set("levels",
             info.levels ? val::array(std::vector<double>{info.levels->low, info.levels->high}) : val::null());
  object.set("nodata", info.nodata);
  object.set("orientation", info.orientation);
  object.set("pageNote", info.page_note);
  return object;
}

image::ReadInfo info_from_js(const val& object) {
  image::ReadInfo info;
  info.width = object["width"].as<int>();
  info.height = object["height"].as<int>();
  info.type = sample_type_of(object["type"].as<std::string>());
  info.bands_in_file = object["bandsInFile"].as<int>();
  info.bands = emscripten::vecFromJSArray<int>(object["bands"]);
  info.bands_by = bands_by_of(object["bandsBy"].as<std::string>());
  info.bands_doubt = object["bandsDoubt"].as<std::string>();
  info.has_other_bands = object["hasOtherBands"].as<bool>();
  if (!object["levels"].isNull()) info.levels = {object["levels"][0].as<double>(), object["levels"][1].as<double>()};
  info.nodata = object["nodata"].as<double>();
  info.orientation = std::clamp(object["orientation"].as<int>(), 1, 8);  // it picks a word
  info.page_note = object["pageNote"].as<std::string>();
  return info;
}

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

}  // namespace ccx::wasm
