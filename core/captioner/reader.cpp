// One pair from its files to the pixels of the model (reader.h).
#include "core/captioner/reader.h"

#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

#include "core/image/normalise.h"
#include "core/image/read_pair.h"

namespace ccx::captioner {
namespace {

records::Failure missing(const pairs::Pair& pair) {
  return {pair.before.empty() ? records::ErrorCode::kMissingBefore : records::ErrorCode::kMissingAfter,
          pair.missing.empty() ? "there is no such image" : pair.missing};
}

image::ReadPair read(const pairs::Pair& pair, const image::ReadOptions& options, int size) {
  if (pair.bands.size() != 6) return image::read_pair({pair.before}, {pair.after}, options, size);
  const auto date = [&](std::size_t first) {
    return image::PictureFiles(pair.bands.begin() + static_cast<std::ptrdiff_t>(first),
                               pair.bands.begin() + static_cast<std::ptrdiff_t>(first) + 3);
  };
  return image::read_pair(date(0), date(3), options, size);
}

// Reads both images at `size` and gives them to `use`.
template <typename Use>
LoadedPair load(const pairs::Pair& pair, int size, const ReadingOptions& options, const Use& use) {
  LoadedPair loaded;
  const auto started = std::chrono::steady_clock::now();
  if (pair.before.empty() || pair.after.empty()) {
    loaded.failure = missing(pair);
    return loaded;
  }
  try {
    image::ReadPair images = read(pair, options.images, size);
    if (options.strict && !images.warnings.empty()) {
      const image::PairWarning& first = images.warnings.front();
      std::string message = first.message;
      for (std::size_t i = 1; i < images.warnings.size(); ++i) {
        message += "; " + image::warning_name(images.warnings[i].code) + ": " + images.warnings[i].message;
      }
      loaded.failure = {records::error_of(first.code), message};
    } else {
      loaded.reading = {images.before.info, images.after.info, std::move(images.warnings), images.aligned};
      use(images, loaded);
    }
  } catch (const image::DifferentPlace& error) {
    loaded.failure = {records::ErrorCode::kDifferentPlace, error.what()};
  } catch (const image::DecodeError& error) {
    const bool too_large = error.reason() == image::DecodeError::Reason::kTooLarge;
    loaded.failure = {too_large ? records::ErrorCode::kTooLarge : records::ErrorCode::kDecodeImage, error.what()};
  } catch (const std::exception& error) {
    loaded.failure = {records::ErrorCode::kInternal, error.what()};
  }
  loaded.read_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
  return loaded;
}

}  // namespace

LoadedPair load_pair(const pairs::Pair& pair, int image_size, const ReadingOptions& options) {
  return load(pair, image_size, options, [&](const image::ReadPair& images, LoadedPair& loaded) {
    loaded.pixels = {image::preprocess(images.before.image, image_size),
                     image::preprocess(images.after.image, image_size)};
  });
}

LoadedPair check_pair(const pairs::Pair& pair, const ReadingOptions& options) {
  return load(pair, 256, options, [](const image::ReadPair&, LoadedPair&) {});
}

image::Image read_after(const pairs::Pair& pair, const ReadingOptions& options) {
  image::ReadOptions images = options.images;
  images.checked = false;
  if (pair.before.empty()) return image::load_image(pair.after, images);
  return std::move(read(pair, images, 0).after.image);
}

std::optional<std::filesystem::path> image_root(const pairs::PairSource& source) {
  std::error_code ignored;
  if (source.in.empty()) return std::nullopt;
  if (source.root) return *source.root;
  if (std::filesystem::is_directory(source.in, ignored)) return source.in;
  const std::filesystem::path folder = source.in.parent_path();
  return folder.empty() ? std::filesystem::path(".") : folder;
}

}  // namespace ccx::captioner
