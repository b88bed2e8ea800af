// Pictures of where the model sees change (heatmap.h).
#include "core/captioner/heatmap.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/captioner/picture_folder.h"
#include "core/change/drawn_png.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/io/file.h"

namespace ccx::captioner {
namespace {

constexpr float kMaxOpacity = 0.75F;
constexpr float kEmptyRange = 1e-6F;

uint8_t srgb_byte(double linear) {
  const double value = std::clamp(linear, 0.0, 1.0);
  const double encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
  return static_cast<uint8_t>(std::lround(255 * encoded));
}

// NumPy's format, version 1.0: magic, header length, a Python dict padded to 64 bytes, the values in C order.
std::string npy(std::span<const float> values, int rows, int columns) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(columns) + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  out += header;
  const std::size_t start = out.size();
  out.resize(start + values.size() * sizeof(float));
  std::memcpy(out.data() + start, values.data(), values.size() * sizeof(float));
  return out;
}

}  // namespace

std::array<uint8_t, 3> heat_colour(float value) {
  const double t = std::isfinite(value) ? std::clamp(static_cast<double>(value), 0.0, 1.0) : 0.0;
  const double lightness = 0.25 + 0.68 * t;
  const double hue = (300 - 195 * t) * std::numbers::pi / 180;
  const double a = 0.13 * std::cos(hue);
  const double b = 0.13 * std::sin(hue);
  // OKLab to linear sRGB (B. Ottosson, "A perceptual color space for image processing", 2020).
  const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return {srgb_byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          srgb_byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          srgb_byte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

image::Image overlay(const image::Image& after, std::span<const float> map, int grid, float p_change) {
  if (grid < 1 || map.size() != static_cast<std::size_t>(grid) * static_cast<std::size_t>(grid)) {
    throw Error("a saliency map of " + std::to_string(map.size()) + " values has no side " + std::to_string(grid));
  }
  if (is_empty_map(map) || !std::isfinite(p_change)) return after;  // colours of NaN have no place in the table
  const auto [least, largest] = std::minmax_element(map.begin(), map.end());
  const float low_value = *least;
  const float range = *largest - low_value;
  const float scale = 1 / range;
  const float opacity = kMaxOpacity * std::clamp(p_change, 0.0F, 1.0F);
  struct Tap {
    std::size_t low, high;
    float weight;  // of `high`
  };
  const auto taps = [&](int pixels) {
    std::vector<Tap> out;
    for (int i = 0; i < pixels; ++i) {
      const float at = (static_cast<float>(i) + 0.5F) * static_cast<float>(grid) / static_cast<float>(pixels) - 0.5F;
      const float inside = std::clamp(at, 0.0F, static_cast<float>(grid - 1));
      const auto low = static_cast<std::size_t>(inside);
      out.push_back({low, std::min(low + 1, static_cast<std::size_t>(grid - 1)), inside - static_cast<float>(low)});
    }
    return out;
  };
  std::array<std::array<uint8_t, 3>, 256> colours;
  for (std::size_t i = 0; i < colours.size(); ++i) colours[i] = heat_colour(static_cast<float>(i) / 255);
  const std::vector<Tap> columns = taps(after.width);
  const std::vector<Tap> rows = taps(after.height);
  image::Image out = after;
  for (int y = 0; y < after.height; ++y) {
    const Tap& row = rows[static_cast<std::size_t>(y)];
    const float* top = map.data() + row.low * static_cast<std::size_t>(grid);
    const float* bottom = map.data() + row.high * static_cast<std::size_t>(grid);
    for (int x = 0; x < after.width; ++x) {
      const Tap& column = columns[static_cast<std::size_t>(x)];
      const float upper = top[column.low] + (top[column.high] - top[column.low]) * column.weight;
      const float lower = bottom[column.low] + (bottom[column.high] - bottom[column.low]) * column.weight;
      const float value = std::clamp((upper + (lower - upper) * row.weight - low_value) * scale, 0.0F, 1.0F);
      const std::array<uint8_t, 3>& colour = colours[static_cast<std::size_t>(std::lround(255 * value))];
      uint8_t* pixel = out.pixel(x, y);
      for (std::size_t c = 0; c < 3; ++c) {
        const float mixed = pixel[c] + (static_cast<float>(colour[c]) - pixel[c]) * opacity * value;
        pixel[c] = static_cast<uint8_t>(std::lround(mixed));
      }
    }
  }
  return out;
}

bool is_empty_map(std::span<const float> map) {
  if (map.empty() || !std::all_of(map.begin(), map.end(), [](float value) { return std::isfinite(value); }))
    return true;
  const auto [least, largest] = std::minmax_element(map.begin(), map.end());
  const float range = *largest - *least;
  return !(range > kEmptyRange && std::isfinite(range));
}

std::optional<std::filesystem::path> write_heatmap(const std::filesystem::path& folder, const pairs::Pair& pair,
                                                   const engine::Caption& caption, const ReadingOptions& reading) {
  const std::filesystem::path base = picture_base(folder, pair);
  create_folder_of(base);
  // PictureFolder has looked at what is there.
  io::write_file_atomically(base.string() + ".npy", npy(caption.saliency, caption.grid, caption.grid), io::own_place(),
                            io::Durability::kContent);
  if (is_empty_map(caption.saliency)) return std::nullopt;
  const std::filesystem::path picture = base.string() + ".png";
  const image::Image after = read_after(pair, reading);
  const image::Image shown = overlay(after, caption.saliency, caption.grid, caption.p_change.value_or(1.0F));
  io::write_file_atomically(picture, change::marked_as_drawn(image::encode_png(shown)), io::own_place(),
                            io::Durability::kContent);
  return picture;
}

}  // namespace ccx::captioner
