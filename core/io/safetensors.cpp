#include "core/io/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/json.h"

namespace ccx::io {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

// Larger than the header of any real checkpoint; a lying length must not make us parse gigabytes.
constexpr uint64_t kMaxHeader = 100u << 20;

struct DTypeRow {
  DType dtype;
  std::string_view name;
  size_t size;
};
constexpr DTypeRow kDTypes[] = {{DType::kF64, "F64", 8},   {DType::kF32, "F32", 4}, {DType::kF16, "F16", 2},
                                {DType::kBF16, "BF16", 2}, {DType::kI64, "I64", 8}, {DType::kI32, "I32", 4},
                                {DType::kI16, "I16", 2},   {DType::kI8, "I8", 1},   {DType::kU8, "U8", 1},
                                {DType::kBool, "BOOL", 1}};

// What a type of the safetensors format that ccx does not read is; empty for others.
std::string kind_of_unread_type(std::string_view name) {
  if (name.substr(0, 3) == "F8_") return "8-bit floating point (fp8)";
  if (name.substr(0, 2) == "F4" || name.substr(0, 2) == "F6") return "a floating-point number of less than 8 bits";
  if (name == "U16" || name == "U32" || name == "U64" || name == "I4" || name == "U4" || name == "C64") {
    return "as quantised models have it";
  }
  return "";
}

template <typename T, typename Convert>
void convert(const std::byte* data, std::vector<float>& out, Convert to_float) {
  for (size_t i = 0; i < out.size(); ++i) {
    T value;
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    out[i] = to_float(value);
  }
}

}  // namespace

size_t dtype_size(DType dtype) {
  for (const DTypeRow& row : kDTypes) {
    if (row.dtype == dtype) return row.size;
  }
  return 0;
}

std::string_view dtype_name(DType dtype) {
  for (const DTypeRow& row : kDTypes) {
    if (row.dtype == dtype) return row.name;
  }
  return "?";
}

DType dtype_from_name(std::string_view name) {
  for (const DTypeRow& row : kDTypes) {
    if (row.name == name) return row.dtype;
  }
  throw InputError("unknown tensor type \"" + std::string(name) + "\"");
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

int64_t TensorView::elements() const {
  int64_t n = 1;
  for (int64_t size : shape) n *= size;
  return n;
}

std::vector<float> TensorView::to_float32() const {
  std::vector<float> out(static_cast<size_t>(elements()));
  const auto plain = [](auto value) { return static_cast<float>(value); };
  switch (dtype) {
    case DType::kF64:
      convert<double>(data, out, plain);
      break;
    case DType::kF32:
      std::memcpy(out.data(), data, bytes);
      break;
    case DType::kF16:
      convert<uint16_t>(data, out, half_to_float);
      break;
    case DType::kBF16:
      convert<uint16_t>(data, out, bfloat16_to_float);
      break;
    case DType::kI64:
      convert<int64_t>(data, out, plain);
      break;
    case DType::kI32:
      convert<int32_t>(data, out, plain);
      break;
    case DType::kI16:
      convert<int16_t>(data, out, plain);
      break;
    case DType::kI8:
      convert<int8_t>(data, out, plain);
      break;
    case DType::kU8:
    case DType::kBool:
      convert<uint8_t>(data, out, plain);
      break;
  }
  return out;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : path_(path) {
  const auto fail = [&](const std::string& what) {
    return CheckpointError(path_.string() + ": " + what + "; the file is damaged or no safetensors file");
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw CheckpointError("cannot open " + path.string() + ": " + std::strerror(errno));
  struct stat status {};
  ::fstat(fd, &status);
  if (!S_ISREG(status.st_mode)) {
    ::close(fd);
    throw CheckpointError(path.string() + " is not a regular file");
  }
  size_ = static_cast<size_t>(status.st_size);
  if (size_ < 8) {
    ::close(fd);
    throw fail("only " + std::to_string(size_) + " bytes long");
  }
  void* map = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
  const int map_error = errno;
  ::close(fd);
  if (map == MAP_FAILED) throw CheckpointError("cannot map " + path.string() + ": " + std::strerror(map_error));
  map_ = static_cast<std::byte*>(map);

  try {
    uint64_t header_size = 0;
    std::memcpy(&header_size, map_, sizeof(header_size));
    if (header_size > kMaxHeader || header_size > size_ - 8) {
      throw fail("the header claims " + std::to_string(header_size) + " bytes, the file has " + std::to_string(size_));
    }
    const std::string_view text(reinterpret_cast<const char*>(map_) + 8, header_size);
    const size_t data_size = size_ - 8 - header_size;
    const std::byte* data = map_ + 8 + header_size;
    nlohmann::json header;
    try {
      header = parse_json(text, "the header", {.bytes = kMaxHeader});
    } catch (const InputError& error) {
      throw fail(error.what());
    }
    if (!header.is_object()) throw fail("the header is not a JSON object");

    for (const auto& item : header.items()) {
      const std::string& name = item.key();
      const nlohmann::json& entry = item.value();
      if (name == "__metadata__") {
        if (!entry.is_object()) throw fail("__metadata__ is not an object");
        for (const auto& [key, value] : entry.items()) {
          if (value.is_string()) metadata_[key] = value.get<std::string>();
        }
        continue;
      }
      const auto bad = [&](const std::string& what) { return fail("tensor \"" + name + "\" " + what); };
      if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() || !entry.contains("shape") ||
          !entry["shape"].is_array() || !entry.contains("data_offsets") || !entry["data_offsets"].is_array() ||
          entry["data_offsets"].size() != 2) {
        throw bad("lacks dtype, shape or data_offsets");
      }
      TensorView view;
      const auto stored = entry["dtype"].get<std::string>();
      if (const std::string kind = kind_of_unread_type(stored); !kind.empty()) {
        throw CheckpointError(path_.string() + ": tensor \"" + name + "\" is stored as " + stored + ", " + kind +
                              ", which ccx does not read; take the model in F16, BF16 or F32 that it was made from");
      }
      try {
        view.dtype = dtype_from_name(stored);
      } catch (const InputError& error) {
        throw bad(std::string("has an ") + error.what());
      }
      uint64_t elements = 1;
      for (const auto& size : entry["shape"]) {
        if (!size.is_number_unsigned()) throw bad("has a shape that is not made of whole numbers");
        const uint64_t n = size.get<uint64_t>();
        if (n > (uint64_t{1} << 40) || (n != 0 && elements > (uint64_t{1} << 40) / n))
          throw bad("claims a size out of range");
        elements *= n;
        view.shape.push_back(static_cast<int64_t>(n));
      }
      const auto& offsets = entry["data_offsets"];
      if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
        throw bad("has offsets that are no numbers");
      const uint64_t begin = offsets[0].get<uint64_t>();
      const uint64_t end = offsets[1].get<uint64_t>();
      if (begin > end || end > data_size) {
        throw bad("lies at bytes " + std::to_string(begin) + " to " + std::to_string(end) + " of " +
                  std::to_string(data_size) + " (a truncated download?)");
      }
      if (end - begin != elements * dtype_size(view.dtype)) {
        throw bad("has " + std::to_string(end - begin) + " bytes, but its shape " + shape_text(view.shape) + " of " +
                  std::string(dtype_name(view.dtype)) + " needs " + std::to_string(elements * dtype_size(view.dtype)));
      }
      view.data = data + begin;
      view.bytes = end - begin;
      tensors_.emplace(name, std::move(view));
    }
  } catch (...) {
    ::munmap(map_, size_);
    throw;
  }
}

SafetensorsFile::~SafetensorsFile() {
  ::munmap(map_, size_);
}

const TensorView& SafetensorsFile::at(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw CheckpointError(path_.string() + " holds no tensor \"" + name + "\"");
  return found->second;
}

void SafetensorsFile::release(const TensorView& view) const {
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(view.data) + page - 1) / page * page;
  const uintptr_t end = (reinterpret_cast<uintptr_t>(view.data) + view.bytes) / page * page;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
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

  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&header_size), sizeof(header_size)});
  file.write(text);
  for (const NamedTensor& tensor : tensors) {
    file.write({reinterpret_cast<const char*>(tensor.view.data), tensor.view.bytes});
  }
  file.commit();
}

}  // namespace ccx::io
