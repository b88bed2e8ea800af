// What a pair's change mask teaches the change head (core/model/change_head.h), on the head's grid.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ccx::train {

// A mask as it is read or drawn: one byte a pixel.
struct ChangeMask {
  enum class Form {
    kNone,
    kKinds,              // values are kinds of change (ChangeKind)
    kBuildingsAndRoads,  // 255 building, any other value but 0 road or something else paved, as LEVIR-MCI has them
  };
  Form form = Form::kNone;
  int width = 0, height = 0;
  std::vector<uint8_t> values;  // [height, width]
};

// Reads a mask file; `form` says what its values mean. Throws InputError naming the file.
ChangeMask load_change_mask(const std::filesystem::path& path, ChangeMask::Form form);

// Where the head's cells lie on the picture that the model sees, `image_size` pixels a side: `cells` a side of `pixels`
// pixels each. What is left over at the right and below belongs to no cell.
struct ChangeGrid {
  int image_size = 0;
  int cells = 0;
  int pixels = 0;
};

struct ChangeTargets {
  ChangeMask::Form form = ChangeMask::Form::kNone;
  // Shares of a cell in 0..1, row-major [channel][cells][cells]: of kKinds every kind; of kBuildingsAndRoads three,
  // neither, building, road. Empty without a mask.
  std::vector<float> shares;
  bool changed = false;
};

// A mask of another size than image_size is stretched over the picture, as the pictures are.
ChangeTargets change_targets(const ChangeMask& mask, const ChangeGrid& grid, bool changed);

}  // namespace ccx::train
