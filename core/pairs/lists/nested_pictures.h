// Pictures that a record names inside other values: {"images": {"pre": "x.png", "post": "y.png"}}, {"before": {"path":
// "x.png"}}, [{"role": "after", "path": ...}, ...], a cell that holds a list. They are brought to keys of the record
// itself, "images.pre", where columns.h finds them as any other.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace ccx::pairs {

// The record with such pictures in keys of its own; nothing where it has none. Two pictures whose objects say which
// date they are ("role", "date", ...) come in that order.
std::optional<nlohmann::json> with_flat_pictures(const nlohmann::json& record);

// Whether a value holds the name of a picture anywhere, and the first one.
std::optional<std::string> picture_in(const nlohmann::json& value);

// "https://...", "s3://...": nothing that a path can be. "file://" is one.
bool is_address(std::string_view path);
// The path of "file:///data/x%20y.png"; any other as it is.
std::string local_path(const std::string& path);

}  // namespace ccx::pairs
