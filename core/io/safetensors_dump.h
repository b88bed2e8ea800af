// Safetensors files that a command writes where its user says: known again by their metadata.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/io/file_kind.h"
#include "core/io/safetensors.h"

namespace ccx::io {

using Metadata = std::map<std::string, std::string>;

// A file that was written with these metadata.
FileKind safetensors_with(const std::string& name, const Metadata& metadata);

// As write_safetensors(), which replaces nothing; `replaces` as for AtomicFile.
void write_safetensors_over(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                            const Metadata& metadata, const FileKind& replaces);

}  // namespace ccx::io
