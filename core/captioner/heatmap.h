// Pictures of where the model sees change: an overlay to look at, and the raw map to compute with.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "core/captioner/reader.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/pairs/pairs.h"

namespace ccx::captioner {

// 0..1 to sRGB: from dark violet over teal to light yellow, of evenly growing lightness (OKLCh with lightness 0.25 to
// 0.93, chroma 0.13, hue 300 to 105 degrees), so that it reads the same in grey.
std::array<uint8_t, 3> heat_colour(float value);

// `map` [grid, grid] stretched over the picture (bilinear, between the centres of the cells) in the colours of
// heat_colour(), from 0 at the map's smallest value to 1 at its largest. The overlay is opaque by 0.75 where the value
// is 1, in proportion below, times p_change: a pair that has hardly changed stays clear, and so does a map that is the
// same everywhere. Throws ccx::Error for a map that is not grid x grid.
image::Image overlay(const image::Image& after, std::span<const float> map, int grid, float p_change);

// True for a map that says nothing: the same value everywhere, up to what rounding leaves (1e-6, where tokens are about
// 1 in size), or values that are no numbers. Stretched to its own range it would show noise, or nothing.
bool is_empty_map(std::span<const float> map);

// Writes ID.png (the overlay on the after image as `reading` shows it: its bands, its stretch, the ground that both
// dates share) and ID.npy (float32 [grid, grid], the values as they are) under `folder`, with safe_relative_path(ID)
// for ID. Returns the path of the overlay. Of an empty map there is no overlay, only the values. Throws InputError
// naming the file that cannot be written.
std::optional<std::filesystem::path> write_heatmap(const std::filesystem::path& folder, const pairs::Pair& pair,
                                                   const engine::Caption& caption, const ReadingOptions& reading = {});

}  // namespace ccx::captioner
