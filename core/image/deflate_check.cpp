#include "core/image/deflate_check.h"

#include <cpl_vsi.h>
#include <libdeflate.h>
#include <zlib.h>

#include <charconv>
#include <cstring>
#include <memory>
#include <new>
#include <set>

namespace ccx::image {
namespace {

using Reason = DecodeError::Reason;

constexpr std::size_t kHeldBytes = std::size_t{16} << 20;  // of a block; larger ones go through a small buffer

// Whether the data end where they should, with the checksum of what they give, however much that is.
bool is_whole(const std::string& data) {
  z_stream stream = {};
  if (::inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, decltype(&::inflateEnd)> ends(&stream, &::inflateEnd);
  std::string scratch(1 << 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(scratch.data());
    stream.avail_out = static_cast<uInt>(scratch.size());
    state = ::inflate(&stream, Z_NO_FLUSH);
  }
  return state == Z_STREAM_END;
}

class Blocks {
 public:
  explicit Blocks(const RasterFile& file) : file_(file), band_(*file.dataset().GetRasterBand(1)) {
    band_.GetBlockSize(&across_, &down_);
    const char* interleave = file.dataset().GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
    together_ = interleave != nullptr && std::strcmp(interleave, "PIXEL") == 0;
    const std::size_t bytes = static_cast<std::size_t>(across_) * static_cast<std::size_t>(down_) *
                              static_cast<std::size_t>(GDALGetDataTypeSizeBytes(band_.GetRasterDataType())) *
                              static_cast<std::size_t>(together_ ? file.dataset().GetRasterCount() : 1);
    if (bytes <= kHeldBytes) block_.resize(bytes);
  }

  // All those that the window touches.
  bool are_whole(const Window& window) {
    const std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> in(VSIFOpenL(file_.file_name().c_str(), "rb"), VSIFCloseL);
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    if (in == nullptr) return true;
    if (decompressor == nullptr) throw std::bad_alloc();
    const int bands = together_ ? 1 : file_.dataset().GetRasterCount();
    for (int band = 1; band <= bands; ++band) {
      for (int y = window.top / down_; y <= (window.top + window.height - 1) / down_; ++y) {
        for (int x = window.left / across_; x <= (window.left + window.width - 1) / across_; ++x) {
          if (!read(*in, band, x, y)) continue;
          std::size_t got = 0;
          const bool is_fast =
              !block_.empty() && libdeflate_zlib_decompress(decompressor.get(), data_.data(), data_.size(),
                                                            block_.data(), block_.size(), &got) == LIBDEFLATE_SUCCESS;
          if (!is_fast && !is_whole(data_)) return false;
        }
      }
    }
    return true;
  }

 private:
  // False where the file has no such block, which is allowed, not all of it, which GDAL tells, or it was read before.
  bool read(VSILFILE& in, int band, int x, int y) {
    const std::string place = "_" + std::to_string(x) + "_" + std::to_string(y);
    const uint64_t offset = number(band, "BLOCK_OFFSET" + place);
    const uint64_t size = number(band, "BLOCK_SIZE" + place);
    if (offset == 0 || size == 0 || size > uint64_t{1} << 31) return false;
    VSIFSeekL(&in, 0, SEEK_END);
    const uint64_t end = VSIFTellL(&in);
    if (offset > end || size > end - offset || !seen_.insert(offset).second) return false;
    read_ += size;
    if (read_ > 4 * end) throw DecodeError(Reason::kCorrupt, "its strips or tiles lie over one another");
    data_.resize(static_cast<std::size_t>(size));
    VSIFSeekL(&in, offset, SEEK_SET);
    return VSIFReadL(data_.data(), 1, data_.size(), &in) == data_.size();
  }

  uint64_t number(int band, const std::string& item) const {
    const char* text = file_.dataset().GetRasterBand(band)->GetMetadataItem(item.c_str(), "TIFF");
    uint64_t value = 0;
    if (text != nullptr) std::from_chars(text, text + std::strlen(text), value);
    return value;
  }

  const RasterFile& file_;
  GDALRasterBand& band_;
  int across_ = 1;  // pixels of a block
  int down_ = 1;
  bool together_ = false;  // all bands of a pixel lie in one block
  std::string data_, block_;
  std::set<uint64_t> seen_;  // offsets
  uint64_t read_ = 0;        // bytes
};

}  // namespace

void check_deflate(const RasterFile& file, const Window& window) {
  const char* driver = file.dataset().GetDriverName();
  const char* compression = file.dataset().GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE");
  const bool is_deflate = driver != nullptr && std::strcmp(driver, "GTiff") == 0 && compression != nullptr &&
                          std::strcmp(compression, "DEFLATE") == 0;
  if (!is_deflate) return;
  if (!file.run([&] { return Blocks(file).are_whole(window); })) {
    throw DecodeError(Reason::kCorrupt, "the checksum of one of its strips or tiles is wrong");
  }
}

}  // namespace ccx::image
