#include "train/data/augment.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>

#include "core/base/error.h"
#include "train/data/jitter.h"

namespace ccx::train {
namespace {

void photometric(image::Image& image, Random& random) {
  const double brightness = (random.uniform() - 0.5) * 50;  // grey levels
  const double contrast = std::exp((random.uniform() - 0.5) * 0.6);
  const double gamma = std::exp((random.uniform() - 0.5) * 0.6);
  const double saturation = std::exp((random.uniform() - 0.5) * 0.8);
  // One table for tone, then every channel is moved away from or towards the pixel's grey.
  std::array<float, 256> tone{};
  for (size_t i = 0; i < tone.size(); ++i) {
    const double bent = std::pow(static_cast<double>(i) / 255.0, gamma) * 255.0;
    tone[i] = static_cast<float>((bent - 127.5) * contrast + 127.5 + brightness);
  }
  const auto keep = static_cast<float>(saturation);
  for (size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
    const float r = tone[image.rgb[i]];
    const float g = tone[image.rgb[i + 1]];
    const float b = tone[image.rgb[i + 2]];
    const float grey = 0.299f * r + 0.587f * g + 0.114f * b;
    const float channels[3] = {r, g, b};
    for (size_t c = 0; c < 3; ++c) {
      image.rgb[i + c] = static_cast<uint8_t>(std::clamp(grey + (channels[c] - grey) * keep + 0.5f, 0.0f, 255.0f));
    }
  }
}

}  // namespace

Augmentation parse_augmentation(const std::string& text) {
  const auto fail = [&] {
    return UsageError(
        "--augment is none, geometric, photometric, both, jitter[:STRENGTH] or geometric,jitter[:STRENGTH] with a "
        "strength "
        "above 0 up to 3, not \"" +
        text + "\"");
  };
  if (text == "none") return {};
  if (text == "geometric") return {true, false};
  if (text == "photometric") return {false, true};
  if (text == "both") return {true, true};
  Augmentation what;
  std::string_view rest = text;
  const auto eat = [&](std::string_view start) {
    if (rest.substr(0, start.size()) != start) return false;
    rest.remove_prefix(start.size());
    return true;
  };
  what.geometric = eat("geometric,");
  if (!eat("jitter")) throw fail();
  what.jitter = 1.0;
  if (rest.empty()) return what;
  if (!eat(":")) throw fail();
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), what.jitter);
  if (error != std::errc() || end != rest.data() + rest.size() || !(what.jitter > 0.0 && what.jitter <= 3.0))
    throw fail();
  return what;
}

bool names_a_direction(const std::string& caption) {
  static const std::array<std::string_view, 17> words = {
      "left",  "right", "top",  "bottom",   "upper",    "lower",  "above",     "below",    "north",
      "south", "east",  "west", "northern", "southern", "corner", "northeast", "southwest"};
  std::string word;
  for (size_t i = 0; i <= caption.size(); ++i) {
    const unsigned char c = i < caption.size() ? static_cast<unsigned char>(caption[i]) : ' ';
    if (std::isalpha(c)) {
      word += static_cast<char>(std::tolower(c));
      continue;
    }
    if (std::find(words.begin(), words.end(), word) != words.end()) return true;
    word.clear();
  }
  return false;
}

std::pair<int, int> turned_place(int x, int y, int width, int height, unsigned symmetry) {
  int u = (symmetry & 4u) != 0 ? width - 1 - x : x;
  int v = y;
  for (unsigned turn = 0; turn < (symmetry & 3u); ++turn) {  // a quarter turn clockwise: (u, v) -> (height - 1 - v, u)
    const int turned = height - 1 - v;
    v = u;
    u = turned;
    std::swap(width, height);
  }
  return {u, v};
}

image::Image transformed(const image::Image& in, unsigned symmetry) {
  const bool sideways = (symmetry & 1u) != 0;
  image::Image out = image::filled_image(sideways ? in.height : in.width, sideways ? in.width : in.height);
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      const auto [u, v] = turned_place(x, y, in.width, in.height, symmetry);
      std::copy_n(in.pixel(x, y), 3, out.pixel(u, v));
    }
  }
  return out;
}

unsigned augment(image::Image& before, image::Image& after, const std::string& caption, const Augmentation& what,
                 Random& random) {
  auto symmetry = static_cast<unsigned>(random.below(8));
  Random first(random.next());
  Random second(random.next());
  if (!what.geometric || (what.captions_matter && names_a_direction(caption))) symmetry = 0;
  if (symmetry != 0) {
    before = transformed(before, symmetry);
    after = transformed(after, symmetry);
  }
  if (what.photometric) {
    photometric(before, first);
    photometric(after, second);
  }
  if (what.jitter > 0.0) {
    misregister(before, what.jitter, first);
    jitter(before, what.jitter, first);
    jitter(after, what.jitter, second);
  }
  return symmetry;
}

}  // namespace ccx::train
