// What a file holds that is no picture, or a picture in a format that is not read, and what to do about it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace ccx::image {

// As many of a file's first bytes as are looked at.
inline constexpr std::size_t kNoPictureHead = 512;

// A clause such as "it is a web page (HTML) and no picture: download the picture again". `head`: the file's first
// bytes, of a format that is not read; `path`: its name, whose ending tells formats without a mark of their own, empty
// for bytes in memory.
std::string no_picture(std::string_view head, const std::filesystem::path& path);

// The same, but empty where nothing is recognised, as of a picture that is read.
std::string found_instead_of_picture(std::string_view head, const std::filesystem::path& path);

// Whether a directory is one raster and no folder of pictures: a Zarr store, an ESRI geodatabase.
bool is_raster_directory(const std::filesystem::path& path);

// The same as no_picture() of a directory in a picture's place.
std::string no_picture_but_directory(const std::filesystem::path& path);

}  // namespace ccx::image
