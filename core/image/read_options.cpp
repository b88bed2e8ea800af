// The text of `--bands` (read_options.h).
#include "core/image/read_options.h"

#include "core/base/ascii.h"
#include "core/base/error.h"

namespace ccx::image {

std::vector<int> parse_bands(const std::string& text) {
  std::vector<int> bands;
  std::string digits;
  bool is_well_formed = true;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && ascii::is_digit(text[i]) && digits.size() < 6) {
      digits += text[i];
    } else if ((i == text.size() || text[i] == ',') && !digits.empty()) {
      bands.push_back(std::stoi(digits));
      digits.clear();
    } else {
      is_well_formed = false;
    }
  }
  for (const int band : bands) is_well_formed = is_well_formed && band >= 1;
  if (!is_well_formed || (bands.size() != 1 && bands.size() != 3)) {
    throw UsageError("--bands " + text +
                     ": expected three numbers from 1 for red, green and blue, such as 4,3,2, or one for grey");
  }
  return bands;
}

std::string bands_text(const std::vector<int>& bands) {
  std::string out;
  for (const int band : bands) out += (out.empty() ? "" : ",") + std::to_string(band);
  return out;
}

std::string bands_by_name(BandsBy by) {
  static const char* const names[] = {"colours", "names", "wavelengths", "order", "asked"};
  return names[static_cast<std::size_t>(by)];
}

bool ReadInfo::is_plain() const {
  const bool own_order = bands == std::vector<int>{1, 2, 3};
  return type == SampleType::kUint8 && own_order && !has_other_bands && !levels && nodata == 0 && !window && !warped &&
         turned == 1;
}

}  // namespace ccx::image
