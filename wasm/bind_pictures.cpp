// What JavaScript sees of pictures: their pixels in, what the model gets of a pair out.
#include <emscripten/bind.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/image/page_choice.h"
#include "core/image/tiff_bands.h"
#include "wasm/border.h"
#include "wasm/picture.h"

namespace ccx::wasm {
namespace {

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

// facts: {type, bits, bandsInFile, bands, bandsBy, bandsDoubt, hasOtherBands, hasAlpha, nodata, whiteIsZero,
// multipliedBy}; bands: one or three typed arrays as wide as the type, bytes of fewer bits than 8 as 16 bits.
val picture_of_samples(int width, int height, const val& bands, const val& mask, const val& facts) {
  return guarded([&] {
    SampleFacts known;
    known.type = sample_type_of(facts["type"].as<std::string>());
    known.sensor_bits = facts["bits"].as<int>();
    known.bands_in_file = facts["bandsInFile"].as<int>();
    known.bands = emscripten::vecFromJSArray<int>(facts["bands"]);
    known.by = bands_by_of(facts["bandsBy"].as<std::string>());
    known.doubt = facts["bandsDoubt"].as<std::string>();
    known.has_other_bands = facts["hasOtherBands"].as<bool>();
    known.has_alpha = facts["hasAlpha"].as<bool>();
    if (facts["nodata"].isNumber()) known.nodata = facts["nodata"].as<double>();
    known.white_is_zero = facts["whiteIsZero"].as<bool>();
    known.multiplied_by = vector_from<uint8_t>(facts["multipliedBy"]);
    using enum image::SampleType;
    switch (known.type) {
      case kUint8:
        if (known.sensor_bits < 8) return picture_of<uint16_t>(width, height, bands, mask, known);
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

// Which bands of a TIFF are shown, and why: {bands, bandsBy, bandsDoubt, alpha (0: none), isInks}, numbers from 1.
// tags: {photometric, samples, extra, metadata}.
val tiff_bands(const std::string& name, const val& tags) {
  return guarded([&] {
    const image::FileBands file =
        image::tiff_bands(name, {tags["photometric"].as<int>(), tags["samples"].as<int>(),
                                 emscripten::vecFromJSArray<int>(tags["extra"]), tags["metadata"].as<std::string>()});
    const image::ShownBands shown = image::shown_bands(file);
    val object = val::object();
    object.set("bands", val::array(shown.read));
    object.set("bandsBy", image::bands_by_name(shown.by));
    object.set("bandsDoubt", shown.doubt);
    object.set("alpha", file.alpha);
    object.set("isInks", shown.cmyk);
    return object;
  });
}
val add_rows(Picture& picture, const val& rgba) {
  return guarded([&] {
    picture.add_rows(vector_from<unsigned char>(rgba));
    return val::undefined();
  });
}
val keep_facts(Picture& picture, const val& file) {
  return guarded([&] {
    const std::vector<unsigned char> bytes = vector_from<unsigned char>(file);
    picture.keep_facts({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return val::undefined();
  });
}
val keep_page(Picture& picture, const std::string& note) {
  return guarded([&] {
    picture.keep_page(note);
    return val::undefined();
  });
}
// pages: [{width, height, isReduced, isMask}]. Gives {page, note}.
val choose_page(const val& pages) {
  return guarded([&] {
    std::vector<image::PageFacts> facts;
    for (const val& page : emscripten::vecFromJSArray<val>(pages)) {
      facts.push_back({static_cast<int64_t>(page["width"].as<double>()),
                       static_cast<int64_t>(page["height"].as<double>()), page["isReduced"].as<bool>(),
                       page["isMask"].as<bool>()});
    }
    if (facts.empty()) throw InputError("a TIFF without a page holds no picture");
    const image::PageChoice choice = image::choose_page(facts);
    val object = val::object();
    object.set("page", static_cast<double>(choice.page));
    object.set("note", choice.note);
    return object;
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
// place: {scale, unaligned}.
image::PairPlace place_of(const val& place) {
  image::PairPlace out;
  if (place["scale"].isNumber()) out.scale = place["scale"].as<double>();
  out.unaligned = place["unaligned"].as<std::string>();
  return out;
}
val check(const Picture& before, const Picture& after, int size, const val& place) {
  return guarded([&] { return to_js(pair_warnings(before, after, size, place_of(place))); });
}
// make: gives a Float32Array of the length that it is called with.
val prepare(const Picture& before, const Picture& after, int size, const val& place, const val& make) {
  return guarded([&] {
    const PreparedPair pair = prepare_pair(before, after, size, place_of(place));
    val object = val::object();
    object.set("before", copied_to(make, pair.before));
    object.set("after", copied_to(make, pair.after));
    object.set("warnings", to_js(pair.warnings));
    return object;
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(ccx_pictures) {
  emscripten::class_<Picture>("Picture")
      .smart_ptr<std::shared_ptr<Picture>>("PicturePointer")
      .function("addRows", &add_rows)
      .function("keepFacts", &keep_facts)
      .function("keepPage", &keep_page)
      .function("shown", &shown)
      .function("info", &info)
      .function("check", &check)
      .function("prepare", &prepare);
  emscripten::function("createPicture", &create_picture);
  emscripten::function("pictureOfSamples", &picture_of_samples);
  emscripten::function("tiffBands", &tiff_bands);
  emscripten::function("choosePage", &choose_page);
}

}  // namespace ccx::wasm
