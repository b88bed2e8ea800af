// One pair from its files to the pixels of the model (reader.h).
#include "core/captioner/reader.h"

#include <chrono>
#include <exception>

#include "core/image/decode.h"
#include "core/image/normalise.h"

namespace ccx::captioner {
namespace {

Failure missing(const pairs::Pair& pair) {
  return {pair.before.empty() ? ErrorCode::kMissingBefore : ErrorCode::kMissingAfter,
          pair.missing.empty() ? "there is no such image" : pair.missing};
}

// Decodes both images and gives them to `use`.
template <typename Use>
LoadedPair load(const pairs::Pair& pair, const Use& use) {
  LoadedPair loaded;
  const auto started = std::chrono::steady_clock::now();
  if (pair.before.empty() || pair.after.empty()) {
    loaded.failure = missing(pair);
    return loaded;
  }
  try {
    const image::Image before = image::load_image(pair.before);
    const image::Image after = image::load_image(pair.after);
    loaded.sizes_differ = before.width != after.width || before.height != after.height;
    use(before, after, loaded);
  } catch (const image::DecodeError& error) {
    const bool too_large = error.reason() == image::DecodeError::Reason::kTooLarge;
    loaded.failure = {too_large ? ErrorCode::kTooLarge : ErrorCode::kDecodeImage, error.what()};
  } catch (const std::exception& error) {
    loaded.failure = {ErrorCode::kInternal, error.what()};
  }
  loaded.read_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
  return loaded;
}

}  // namespace

LoadedPair load_pair(const pairs::Pair& pair, int image_size) {
  return load(pair, [&](const image::Image& before, const image::Image& after, LoadedPair& loaded) {
    loaded.pixels = {image::preprocess(before, image_size), image::preprocess(after, image_size)};
  });
}

LoadedPair check_pair(const pairs::Pair& pair) {
  return load(pair, [](const image::Image&, const image::Image&, LoadedPair&) {});
}

}  // namespace ccx::captioner
