// Names of files and pairs as text: file names are bytes, records are UTF-8, and both must find each other again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ccx::pairs {

// Any bytes as valid UTF-8 without loss: a byte that is no part of valid UTF-8 becomes %XX (two upper-case hexadecimal
// digits), and a '%' that two hexadecimal digits follow becomes %25, so that bytes_of() gives the bytes back. Names
// without such bytes come out unchanged.
std::string utf8_name(std::string_view bytes);

// The inverse of utf8_name().
std::string bytes_of(std::string_view name);

// A hash of an id that is the same on every machine and in every version: FNV-1a over 64 bits of the id's bytes,
// then splitmix64's finaliser, which spreads it over the low bits too. Shards and sampling seeds come from it.
uint64_t stable_hash(std::string_view id);

// The relative path, without extension, of a file that belongs to an id: "train/x" stays "train/x". Components that
// would leave the folder, are hidden from it or are too long are escaped or replaced by their hash, so that no id,
// however hostile, points outside and no two ids share files whose names end in .png or .npy.
std::filesystem::path safe_relative_path(std::string_view id);

// Whether a file or folder of this name is none of the user's pictures: hidden (".x"), the lock of an office program
// ("~$x"), a bin.
bool is_hidden(std::string_view name);

// `text` on one line of a terminal: control characters as \n, \t or \xNN.
std::string printable(std::string_view text);
// The same between quotes, as messages have names.
std::string in_quotes(std::string_view name);

}  // namespace ccx::pairs
