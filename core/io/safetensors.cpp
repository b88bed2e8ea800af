#include "core/io/safetensors.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
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

namespace {

// A file's bytes as a header and the data behind it, each with the file's name for what may be wrong with it.
class HeaderReader {
 public:
  HeaderReader(const std::filesystem::path& path, std::string_view bytes) : path_(path), bytes_(bytes) {}

  // Sets `data_` to what lies behind the header.
  nlohmann::json read() {
    if (bytes_.size() < 8) throw fault("only " + std::to_string(bytes_.size()) + " bytes long");
    uint64_t size = 0;
    std::memcpy(&size, bytes_.data(), sizeof(size));
    if (size > kMaxHeader || size > bytes_.size() - 8) {
      throw fault("the header claims " + std::to_string(size) + " bytes, the file has " +
                  std::to_string(bytes_.size()));
    }
    data_ = bytes_.substr(8 + size);
    nlohmann::json header;
    try {
      header = parse_json(bytes_.substr(8, size), "the header", {.bytes = kMaxHeader});
    } catch (const InputError& error) {
      throw fault(error.what());
    }
    if (!header.is_object()) throw fault("the header is not a JSON object");
    return header;
  }

  std::map<std::string, std::string> metadata(const nlohmann::json& entry) const {
    if (!entry.is_object()) throw fault("__metadata__ is not an object");
    std::map<std::string, std::string> texts;
    for (const auto& [key, value] : entry.items()) {
      if (value.is_string()) texts[key] = value.get<std::string>();
    }
    return texts;
  }

  TensorView tensor(const std::string& name, const nlohmann::json& entry) const {
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() || !entry.contains("shape") ||
        !entry["shape"].is_array() || !entry.contains("data_offsets") || !entry["data_offsets"].is_array() ||
        entry["data_offsets"].size() != 2) {
      throw fault(name, "lacks dtype, shape or data_offsets");
    }
    TensorView view;
    view.dtype = dtype(name, entry["dtype"].get<std::string>());
    view.shape = shape(name, entry["shape"]);
    const std::string_view stored = stored_bytes(name, entry["data_offsets"]);
    const auto needed = static_cast<uint64_t>(view.elements()) * dtype_size(view.dtype);
    if (stored.size() != needed) {
      throw fault(name, "has " + std::to_string(stored.size()) + " bytes, but its shape " + shape_text(view.shape) +
                            " of " + std::string(dtype_name(view.dtype)) + " needs " + std::to_string(needed));
    }
    view.data = reinterpret_cast<const std::byte*>(stored.data());
    view.bytes = stored.size();
    return view;
  }

 private:
  DType dtype(const std::string& name, const std::string& stored) const {
    try {
      return dtype_from_name(stored);
    } catch (const InputError& error) {
      const std::string kind = kind_of_unread_type(stored);
      if (kind.empty()) throw fault(name, std::string("has an ") + error.what());
      throw CheckpointError(path_.string() + ": tensor \"" + name + "\" is stored as " + stored + ", " + kind +
                            ", which ccx does not read; take the model in F16, BF16 or F32 that it was made from");
    }
  }

  // Of at most kMaxElements in all, so that no product of them leaves 64 bits.
  std::vector<int64_t> shape(const std::string& name, const nlohmann::json& sizes) const {
    constexpr uint64_t kMaxElements = uint64_t{1} << 40;
    std::vector<int64_t> out;
    uint64_t elements = 1;
    for (const auto& size : sizes) {
      if (!size.is_number_unsigned()) throw fault(name, "has a shape that is not made of whole numbers");
      const uint64_t n = size.get<uint64_t>();
      if (n > kMaxElements || (n != 0 && elements > kMaxElements / n)) throw fault(name, "claims a size out of range");
      elements *= n;
      out.push_back(static_cast<int64_t>(n));
    }
    return out;
  }

  std::string_view stored_bytes(const std::string& name, const nlohmann::json& offsets) const {
    if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
      throw fault(name, "has offsets that are no numbers");
    const uint64_t begin = offsets[0].get<uint64_t>();
    const uint64_t end = offsets[1].get<uint64_t>();
    if (begin > end || end > data_.size()) {
      throw fault(name, "lies at bytes " + std::to_string(begin) + " to " + std::to_string(end) + " of " +
                            std::to_string(data_.size()) + " (a truncated download?)");
    }
    return data_.substr(begin, end - begin);
  }

  CheckpointError fault(const std::string& what) const {
    return CheckpointError(path_.string() + ": " + what + "; the file is damaged or no safetensors file");
  }
  CheckpointError fault(const std::string& tensor, const std::string& what) const {
    return fault("tensor \"" + tensor + "\" " + what);
  }

  const std::filesystem::path& path_;
  std::string_view bytes_;
  std::string_view data_;
};

MappedFile map_checkpoint(const std::filesystem::path& path) {
  try {
    return MappedFile(path);
  } catch (const InputError& error) {
    throw CheckpointError(error.what());
  }
}

// No two tensors share bytes: a header that says so was mended by hand or is of another file.
void require_apart(const std::map<std::string, TensorView>& tensors, const std::filesystem::path& path) {
  std::vector<std::pair<const TensorView*, const std::string*>> order;
  for (const auto& [name, view] : tensors) {
    if (view.bytes > 0) order.emplace_back(&view, &name);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first->data < b.first->data; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const TensorView& before = *order[i - 1].first;
    if (before.data + before.bytes <= order[i].first->data) continue;
    throw CheckpointError(path.string() + ": tensor \"" + *order[i - 1].second + "\" and tensor \"" + *order[i].second +
                          "\" share bytes; the file is damaged or no safetensors file");
  }
}

}  // namespace

namespace {

// What PyTorch's wrappers of compiled, sharded and checkpointed modules leave within names.
constexpr std::array<std::string_view, 3> kWrappers = {"_orig_mod.", "_fsdp_wrapped_module.",
                                                       "_checkpoint_wrapped_module."};
constexpr std::string_view kParallel = "module.";  // and those of parallel ones before all names

std::string without_wrappers(std::string name) {
  for (const std::string_view wrapper : kWrappers) {
    for (std::size_t at = name.find(wrapper); at != std::string::npos; at = name.find(wrapper, at)) {
      if (at == 0 || name[at - 1] == '.') {
        name.erase(at, wrapper.size());
      } else {
        ++at;
      }
    }
  }
  return name;
}

// The tensors by the names that the model itself gives them.
std::map<std::string, TensorView> by_plain_names(const std::map<std::string, TensorView>& tensors,
                                                 const std::filesystem::path& path) {
  const bool are_parallel = std::all_of(tensors.begin(), tensors.end(), [](const auto& tensor) {
    return without_wrappers(tensor.first).starts_with(kParallel);
  });
  std::map<std::string, TensorView> out;
  for (const auto& [name, view] : tensors) {
    std::string plain = without_wrappers(name);
    if (are_parallel) plain.erase(0, kParallel.size());
    if (!out.emplace(plain, view).second) {
      throw CheckpointError(path.string() + ": \"" + plain + "\" is there twice, once as \"" + name +
                            "\" within a wrapper of PyTorch: take one of them out");
    }
  }
  return out;
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : path_(path), map_(map_checkpoint(path)) {
  HeaderReader reader(path_, {reinterpret_cast<const char*>(map_.data()), map_.size()});
  const nlohmann::json header = reader.read();
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      metadata_ = reader.metadata(entry);
    } else {
      tensors_.emplace(name, reader.tensor(name, entry));
    }
  }
  require_apart(tensors_, path_);
  tensors_ = by_plain_names(tensors_, path_);
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

}  // namespace ccx::io
