#include "core/lean/exported_tensors.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "core/base/error.h"

namespace ccx::lean {
namespace {

[[noreturn]] void damaged() {
  throw InputError("the vision graph of the export is no ONNX file, or is damaged");
}

// The fields of a protobuf message, one after the other.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}

  // False at the end.
  bool next() {
    if (rest_.empty()) return false;
    const std::uint64_t key = varint();
    field_ = key >> 3;
    switch (key & 7) {
      case 0:
        number_ = varint();
        bytes_ = {};
        return true;
      case 1:
        bytes_ = take(8);
        return true;
      case 2:
        bytes_ = take(varint());
        return true;
      case 5:
        bytes_ = take(4);
        return true;
      default:
        damaged();
    }
  }
  std::uint64_t field() const { return field_; }
  std::uint64_t number() const { return number_; }
  std::string_view bytes() const { return bytes_; }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= static_cast<std::uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    damaged();
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) damaged();
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::string_view rest_, bytes_;
  std::uint64_t field_ = 0, number_ = 0;
};

std::uint64_t whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) damaged();
  return value;
}

std::int64_t elements(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || size > (std::int64_t{1} << 32) || count > (std::int64_t{1} << 40)) damaged();
    count *= size;
  }
  return count;
}

}  // namespace

// TensorProto: dims 1, data_type 2, name 8, raw_data 9, external_data 13 {key 1, value 2}.
ExportedTensors::Place ExportedTensors::place_of(std::string_view message, std::string& name) {
  Place place;
  Fields tensor(message);
  while (tensor.next()) {
    switch (tensor.field()) {
      case 1:
        if (tensor.bytes().empty()) place.shape.push_back(static_cast<std::int64_t>(tensor.number()));
        for (Fields packed(tensor.bytes()); !packed.empty();) {
          place.shape.push_back(static_cast<std::int64_t>(packed.varint()));
        }
        break;
      case 2:
        place.type = tensor.number();
        break;
      case 8:
        name = tensor.bytes();
        break;
      case 9:
        place.inside = tensor.bytes();
        break;
      case 13: {
        std::string_view key, value;
        Fields entry(tensor.bytes());
        while (entry.next()) (entry.field() == 1 ? key : value) = entry.bytes();
        if (key == "location") place.file = value;
        if (key == "offset") place.offset = whole(value);
        if (key == "length") place.length = whole(value);
        break;
      }
      default:
        break;
    }
  }
  return place;
}

// ModelProto: graph 7; GraphProto: initializer 5.
ExportedTensors::ExportedTensors(std::string_view graph, Read read) : read_(std::move(read)) {
  Fields model(graph);
  while (model.next()) {
    if (model.field() != 7) continue;
    Fields inner(model.bytes());
    while (inner.next()) {
      if (inner.field() != 5) continue;
      std::string name;
      Place place = place_of(inner.bytes(), name);
      places_[name] = std::move(place);
    }
  }
  if (places_.empty()) damaged();
}

ExportedTensor ExportedTensors::get(const std::string& name) const {
  const auto found = places_.find(name);
  if (found == places_.end()) throw InputError("the vision graph of the export has no tensor \"" + name + "\"");
  const Place& place = found->second;
  ExportedTensor tensor;
  tensor.shape = place.shape;
  if (place.type == 1)
    tensor.type = Stored::kFloat32;
  else if (place.type == 2)
    tensor.type = Stored::kUint8;
  else if (place.type == 3)
    tensor.type = Stored::kInt8;
  else
    throw InputError("tensor \"" + name + "\" of the export is of a type that is not known here");
  const auto bytes = static_cast<std::uint64_t>(elements(place.shape)) * (tensor.type == Stored::kFloat32 ? 4 : 1);
  tensor.bytes = place.file.empty() ? place.inside : read_(place.file, place.offset, place.length);
  if (tensor.bytes.size() != bytes)
    throw InputError("tensor \"" + name + "\" of the export has not the size of its shape");
  return tensor;
}

std::vector<float> ExportedTensors::floats(const std::string& name, std::int64_t count) const {
  const ExportedTensor tensor = get(name);
  if (tensor.type != Stored::kFloat32 || elements(tensor.shape) != count) {
    throw InputError("tensor \"" + name + "\" of the export is not " + std::to_string(count) + " numbers of float32");
  }
  std::vector<float> values(static_cast<std::size_t>(count));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

}  // namespace ccx::lean
