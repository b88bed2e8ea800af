// Builds METEOR's tables from the sources of its data folder.
#pragma once

#include <filesystem>

#include "core/metrics/meteor_cache.h"

namespace ccx::metrics {

// A number that changes when any source changes: the content of the text files; the size and the tail, which holds
// length and CRC, of the compressed table. Throws InputError naming a file that is missing.
std::uint64_t meteor_sources_fingerprint(const std::filesystem::path& folder);

// Reads and arranges everything; some seconds and a few hundred MB. Throws InputError naming the file and the line.
MeteorTables build_meteor_tables(const std::filesystem::path& folder);

}  // namespace ccx::metrics
