#include "core/lean/exported_tensors.h"

#include <charconv>
#include <protozero/pbf_reader.hpp>
#include <utility>

#include "core/base/error.h"

namespace ccx::lean {
namespace {

[[noreturn]] void damaged() {
  throw InputError("the vision graph of the export is no ONNX file, or is damaged");
}

std::string_view view(protozero::pbf_reader& message) {
  const protozero::data_view bytes = message.get_view();
  return {bytes.data(), bytes.size()};
}

constexpr auto kVarint = protozero::pbf_wire_type::varint;
constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;

constexpr std::uint32_t field(protozero::pbf_tag_type tag, protozero::pbf_wire_type type) {
  return protozero::tag_and_type(tag, type);
}

std::uint64_t whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) damaged();
  return value;
}

std::int64_t elements(const Shape& shape) {
  constexpr std::int64_t most = std::int64_t{1} << 31;  // no layer of a vision graph has as many
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || (size > 0 && count > most / size)) damaged();
    count *= size;
  }
  return count;
}

}  // namespace

// TensorProto: dims 1, data_type 2, name 8, raw_data 9, external_data 13 {key 1, value 2}.
ExportedTensors::Place ExportedTensors::place_of(std::string_view message, std::string& name) {
  Place place;
  protozero::pbf_reader tensor(message.data(), message.size());
  while (tensor.next()) {
    switch (tensor.tag_and_type()) {
      case field(1, kVarint):
        place.shape.push_back(tensor.get_int64());
        break;
      case field(1, kBytes):
        for (const std::int64_t size : tensor.get_packed_int64()) place.shape.push_back(size);
        break;
      case field(2, kVarint):
        place.type = tensor.get_uint64();
        break;
      case field(8, kBytes):
        name = view(tensor);
        break;
      case field(9, kBytes):
        place.inside = view(tensor);
        break;
      case field(13, kBytes):
        read_external(view(tensor), place);
        break;
      default:
        tensor.skip();
    }
  }
  return place;
}

void ExportedTensors::read_external(std::string_view message, Place& place) {
  std::string_view key, value;
  protozero::pbf_reader entry(message.data(), message.size());
  while (entry.next()) {
    switch (entry.tag_and_type()) {
      case field(1, kBytes):
        key = view(entry);
        break;
      case field(2, kBytes):
        value = view(entry);
        break;
      default:
        entry.skip();
    }
  }
  if (key == "location") place.file = value;
  if (key == "offset") place.offset = whole(value);
  if (key == "length") place.length = whole(value);
}

// ModelProto: graph 7; GraphProto: initializer 5.
ExportedTensors::ExportedTensors(std::string_view graph, Read read) : read_(std::move(read)) {
  try {
    protozero::pbf_reader model(graph.data(), graph.size());
    while (model.next(7, kBytes)) {
      protozero::pbf_reader inner = model.get_message();
      while (inner.next(5, kBytes)) {
        std::string name;
        Place place = place_of(view(inner), name);
        places_[name] = std::move(place);
      }
    }
  } catch (const protozero::exception&) {
    damaged();
  }
  if (places_.empty()) damaged();
}

const ExportedTensors::Place& ExportedTensors::place(const std::string& name) const {
  const auto found = places_.find(name);
  if (found == places_.end()) throw InputError("the graph of the export has no tensor \"" + name + "\"");
  return found->second;
}

Stored ExportedTensors::type(const std::string& name) const {
  switch (place(name).type) {
    case 1:
      return Stored::kFloat32;
    case 2:
      return Stored::kUint8;
    case 3:
      return Stored::kInt8;
    case 10:
      return Stored::kFloat16;
    default:
      throw InputError("tensor \"" + name + "\" of the export is of a type that is not known here");
  }
}

StoredTensor ExportedTensors::get(const std::string& name) const {
  const Place& place = this->place(name);
  StoredTensor tensor;
  tensor.shape = place.shape;
  tensor.type = type(name);
  const int width = tensor.type == Stored::kFloat32 ? 4 : tensor.type == Stored::kFloat16 ? 2 : 1;
  const auto bytes = static_cast<std::uint64_t>(elements(place.shape)) * static_cast<std::uint64_t>(width);
  // Before anything is read: a length may be any number.
  const bool fits = (place.file.empty() ? place.inside.size() : place.length) == bytes;
  if (fits) tensor.bytes = place.file.empty() ? place.inside : read_(place.file, place.offset, place.length);
  if (!fits || tensor.bytes.size() != bytes)
    throw InputError("tensor \"" + name + "\" of the export has not the size of its shape");
  return tensor;
}

}  // namespace ccx::lean
