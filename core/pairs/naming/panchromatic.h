// Which names say that a file or folder holds the panchromatic part of a product, or its multispectral one: both are of
// one date. No file system.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccx::pairs {

struct SpectralName {
  bool is_panchromatic = false;
  bool is_visual = false;  // the multispectral part as a picture of 8 bits, beside itself: Maxar's x-visual and x-ms
  std::string key;         // the name without the word that says so, and without what else differs between the two
};

// x-MSS1, x-PAN1, x_ms, x_pan, x_MUL; of Airbus' and Maxar's products also P, XS, M2AS and P2AS.
std::optional<SpectralName> spectral_name(std::string_view name);

// Whether two names differ in words alone that say how one picture is shown: true and false colour, bands.
bool are_renderings(std::string_view first, std::string_view second);

}  // namespace ccx::pairs
