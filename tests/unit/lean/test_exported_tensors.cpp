// A vision.onnx from anywhere: tensors are those of their shapes, or refused before anything is read or reserved.
#include "core/lean/exported_tensors.h"

#include "core/base/error.h"
#include "tests/support/catch.h"

using namespace ccx;

namespace {

std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 128; value >>= 7) out += static_cast<char>((value & 127) | 128);
  return out + static_cast<char>(value);
}

std::string number(int field, uint64_t value) {
  return varint(static_cast<uint64_t>(field) << 3) + varint(value);
}

std::string bytes(int field, const std::string& content) {
  return varint(static_cast<uint64_t>(field) << 3 | 2) + varint(content.size()) + content;
}

// A graph with the tensor "w" of float32 and whatever else `rest` says of it.
std::string graph(const std::vector<uint64_t>& shape, const std::string& rest) {
  std::string tensor;
  for (const uint64_t size : shape) tensor += number(1, size);
  return bytes(7, bytes(5, tensor + number(2, 1) + bytes(8, "w") + rest));
}

std::string beside(const std::string& length) {
  return bytes(13, bytes(1, "location") + bytes(2, "vision.data")) + bytes(13, bytes(1, "offset") + bytes(2, "8")) +
         bytes(13, bytes(1, "length") + bytes(2, length));
}

}  // namespace

TEST_CASE("a tensor inside the graph or beside it is read with its shape") {
  int asked = 0;
  const lean::ExportedTensors::Read read = [&](const std::string& file, std::uint64_t offset, std::size_t count) {
    CHECK(file == "vision.data");
    CHECK(offset == 8);
    ++asked;
    return std::string(count, '\0');
  };
  CHECK(lean::ExportedTensors(graph({2, 1}, bytes(9, std::string(8, '\0'))), read).floats("w", 2)[1] == 0);
  CHECK(lean::ExportedTensors(graph({2, 2}, beside("16")), read).get("w").bytes.size() == 16);
  CHECK(asked == 1);
}

TEST_CASE("a shape beyond all numbers, or a length that is not the shape's, is refused and nothing is read") {
  const lean::ExportedTensors::Read read = [](const std::string&, std::uint64_t, std::size_t) -> std::string {
    FAIL("it was read");
    return {};
  };
  const uint64_t large = uint64_t{1} << 32;
  const std::vector<std::vector<uint64_t>> shapes = {
      {large, large, large}, {large, large}, {uint64_t{1} << 40, uint64_t{1} << 24}, {~uint64_t{0}}, {3, 3}};
  for (const auto& shape : shapes) {
    for (const char* length : {"0", "4", "18446744073709551615"}) {
      CAPTURE(shape.size(), length);
      CHECK_THROWS_AS(lean::ExportedTensors(graph(shape, beside(length)), read).get("w"), InputError);
    }
  }
  CHECK_THROWS_AS(lean::ExportedTensors("no protobuf", read), InputError);
}
