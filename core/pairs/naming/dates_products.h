// What satellites' operators put into the names of their products: a date at its place, and numbers beside it that tell
// nothing of the place on the ground.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/dates_text.h"

namespace ccx::pairs {

// Whether a folder is called by what was ordered of Planet: "analytic_8b_sr_udm2" holds pictures and their masks.
bool is_planet_bundle(std::string_view folder);

// The spans of a whole name that is a product of Sentinel-1 or -2, Landsat, HLS, MODIS, ASTER, Airbus, Gaofen or the
// NAIP, or the folder of an order; nothing where it is none of them.
std::optional<std::vector<DateSpan>> product_spans(const NameText& name);

// What Planet writes behind a date with its time, which ends at `end`: where the satellite's number ends; `end` where
// there is none. Four letters and digits that end a name are one where `is_surely`, or they may be a tile's.
std::size_t after_planet_satellite(const NameText& name, std::size_t end, bool is_surely);

// Whether a folder that holds folders of an order of Maxar is called by the order: "order1", "012345678901_01".
bool is_order(std::string_view folder);
bool is_part_of_order(std::string_view folder);  // "012345678901_01_P001_MUL"

// Where Maxar's number of the order stands behind a date that ends at `end`; empty at `end` where there is none. What
// is between the two, the product and the tile, belongs to the name.
NameText::Part maxar_order(const NameText& name, std::size_t end);

// Where Maxar's catalogue number ends that begins at `from`: 16 hexadecimal digits, of which the first are 10. 0 where
// there is none.
std::size_t after_catalog_id(const NameText& name, std::size_t from);

}  // namespace ccx::pairs
