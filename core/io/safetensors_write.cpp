// Writes safetensors files (safetensors.h, safetensors_dump.h).
#include <nlohmann/json.hpp>

#include "core/io/file.h"
#include "core/io/safetensors_dump.h"

namespace ccx::io {

void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  write_safetensors_over(path, tensors, metadata, new_file());
}

void write_safetensors_over(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                            const Metadata& metadata, const FileKind& replaces) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const NamedTensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", std::string(dtype_name(tensor.view.dtype))},
                           {"shape", tensor.view.shape},
                           {"data_offsets", {offset, offset + tensor.view.bytes}}};
    offset += tensor.view.bytes;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // tensors start on an 8-byte boundary
  const uint64_t header_size = text.size();

  AtomicFile file(path, replaces);
  file.write({reinterpret_cast<const char*>(&header_size), sizeof(header_size)});
  file.write(text);
  for (const NamedTensor& tensor : tensors) {
    file.write({reinterpret_cast<const char*>(tensor.view.data), tensor.view.bytes});
  }
  file.commit();
}

FileKind safetensors_with(const std::string& name, const Metadata& metadata) {
  const std::string first = "{\"__metadata__\":" + nlohmann::json(metadata).dump();
  return {name, [first](std::string_view start) {
            return start.size() > 8 && start.substr(8, first.size()) == first;  // behind the header's length
          }};
}

}  // namespace ccx::io
