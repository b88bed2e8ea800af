#include "core/io/safetensors.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "core/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

using namespace ccx;
using io::DType;

namespace {

// A file with the given header text and data, the length taken from the text unless stated.
std::filesystem::path raw_file(const test::TempDir& dir, const std::string& header, const std::string& data,
                               std::optional<uint64_t> claimed = {}) {
  const uint64_t size = claimed.value_or(header.size());
  test::write_file(dir / "x.safetensors", std::string(reinterpret_cast<const char*>(&size), 8) + header + data);
  return dir / "x.safetensors";
}

void refused(const std::string& header, const std::string& data, const std::string& message,
             std::optional<uint64_t> claimed = {}) {
  const test::TempDir dir;
  const auto path = raw_file(dir, header, data, claimed);
  CHECK_THROWS_AS(io::SafetensorsFile(path), CheckpointError);
  CHECK_THROWS_WITH(io::SafetensorsFile(path), test::contains(message) && test::contains("x.safetensors"));
}

}  // namespace

TEST_CASE("tensors written are read back with their names, shapes, types and bytes") {
  const test::TempDir dir;
  const std::vector<float> a = {1.0f, -2.5f, 3.0f, 4.0f, 5.0f, 6.0f};
  const std::vector<int64_t> b = {7, -8};
  const auto bytes = [](const auto& v) { return reinterpret_cast<const std::byte*>(v.data()); };
  io::write_safetensors(dir / "t.safetensors",
                        {{"z.first", {DType::kF32, {2, 3}, bytes(a), 24}}, {"b", {DType::kI64, {2}, bytes(b), 16}}},
                        {{"format", "pt"}});
  const io::SafetensorsFile file(dir / "t.safetensors");
  REQUIRE(file.tensors().size() == 2);
  CHECK(file.at("z.first").shape == std::vector<int64_t>{2, 3});
  CHECK(file.at("z.first").to_float32() == a);
  CHECK(file.at("b").dtype == DType::kI64);
  CHECK(file.at("b").to_float32() == std::vector<float>{7, -8});
  CHECK(file.metadata().at("format") == "pt");
  CHECK_THROWS_WITH(file.at("absent"), test::contains("absent") && test::contains("t.safetensors"));
}

TEST_CASE("a header that lies is refused and the tensor named") {
  const std::string ok = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  refused(ok, std::string(8, '\0'), "claims 18446744073709551615 bytes", UINT64_MAX);
  refused(ok, std::string(8, '\0'), "claims 4096 bytes", 4096);
  refused(ok, std::string(7, '\0'), "tensor \"w\" lies at bytes 0 to 8 of 7");
  refused("{\"w\":", "", "not valid JSON");
  refused("[1,2]", "", "not a JSON object");
  refused(R"({"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", std::string(8, '\0'),
          "shape [3] of F32 needs 12");
  refused(R"({"w":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}})", std::string(8, '\0'), "unknown tensor type");
  refused(R"({"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", std::string(8, '\0'), "whole numbers");
  refused(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", std::string(8, '\0'), "lies at bytes");
  refused(R"({"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", "", "out of range");
  refused(R"({"w":{"dtype":"F32","shape":[2]}})", "", "lacks dtype, shape or data_offsets");
  refused(R"({"w":3})", "", "lacks dtype");
  refused(
      R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
      std::string(12, '\0'), "tensor \"w\" and tensor \"v\" share bytes");
}

TEST_CASE("an empty, absent or irregular file is refused") {
  const test::TempDir dir;
  test::write_file(dir / "empty", "");
  CHECK_THROWS_WITH(io::SafetensorsFile(dir / "empty"), test::contains("only 0 bytes"));
  CHECK_THROWS_WITH(io::SafetensorsFile(dir / "absent"), test::contains("No such file"));
  CHECK_THROWS_WITH(io::SafetensorsFile(dir.path()), test::contains("not a regular file"));
}

TEST_CASE("16-bit floats convert exactly and round to nearest even") {
  CHECK(io::half_to_float(0x3c00) == 1.0f);
  CHECK(io::half_to_float(0xc000) == -2.0f);
  CHECK(io::half_to_float(0x0001) == std::ldexp(1.0f, -24));
  CHECK(std::isinf(io::half_to_float(0x7c00)));
  CHECK(std::isnan(io::half_to_float(0x7e00)));
  CHECK(io::bfloat16_to_float(0x3f80) == 1.0f);
  // 1 + 2^-8 lies halfway between two bfloat16 values and goes to the even one.
  CHECK(io::float_to_bfloat16(1.0f + std::ldexp(1.0f, -8)) == 0x3f80);
  CHECK(io::float_to_bfloat16(1.0f + std::ldexp(3.0f, -8)) == 0x3f82);
  CHECK(io::float_to_half(65504.0f) == 0x7bff);
  CHECK(io::float_to_half(65520.0f) == 0x7c00);
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = io::half_to_float(half);
    if (!std::isnan(value)) REQUIRE(io::float_to_half(value) == half);
    const float brain = io::bfloat16_to_float(half);
    if (!std::isnan(brain)) REQUIRE(io::float_to_bfloat16(brain) == half);
  }
}
