// Opening a raster and checking its header (raster_file.h).
#include "core/image/raster_file.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <initializer_list>
#include <system_error>

#include "core/image/container.h"
#include "core/image/deflate_check.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

// GDAL's messages begin with the name of the file, which stands in front already, and may run over lines.
std::string tidied_message(std::string message, const std::string& name) {
  const std::size_t at = name.empty() ? std::string::npos : message.find(name);
  if (at == 0) message.erase(0, name.size());
  const std::size_t begin = message.find_first_not_of(" :,\t\n");
  message.erase(0, std::min(begin, message.size()));
  std::replace(message.begin(), message.end(), '\n', ' ');
  if (message.size() > 300) message.resize(300);
  return message;
}

std::string escaped(const char* text) {
  char* made = CPLEscapeString(text, -1, CPLES_XML);
  std::string out = made;
  CPLFree(made);
  return out;
}

bool holds_any(std::string_view message, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return message.find(phrase) != std::string_view::npos; });
}

// libtiff goes on with grey where the data of a strip or tile make no sense to libjpeg. OpenJPEG does likewise.
bool is_damage(std::string_view warning) {
  return holds_any(warning, {"Corrupt JPEG data: premature end", "Corrupt JPEG data: bad", "Corrupt JPEG data: found",
                             "Premature end of JPEG file", "Inconsistent progression sequence"});
}

// What changed bits would be the likeliest reason for, in what decides over pixels: many writers get other tags wrong.
bool is_doubt(std::string_view warning) {
  if (holds_any(warning, {"tag ignored", "Invalid data type for tag"})) {
    return holds_any(warning, {"BitsPerSample", "Compression", "Photometric", "FillOrder", "SamplesPerPixel",
                               "RowsPerStrip", "Strip", "Tile", "PlanarConfig", "Predictor", "ColorMap", "ExtraSamples",
                               "SampleFormat", "JPEGTables", "YCbCr", "GDALNoDataValue", "GDAL_NODATA"});
  }
  return holds_any(warning,
                   {"extraneous bytes before marker", "not sorted in ascending order", "Bogus", "Nonstandard tile"});
}

// The text of a VRT with one band of each part, as large as `grid` and where it lies.
std::string composed(const std::vector<std::unique_ptr<RasterFile>>& parts, const RasterFile& grid) {
  const std::string size =
      "rasterXSize=\"" + std::to_string(grid.width()) + "\" rasterYSize=\"" + std::to_string(grid.height()) + "\"";
  std::string out = "<VRTDataset " + size + ">";
  if (const char* system = grid.dataset().GetProjectionRef(); system != nullptr && *system != '\0') {
    out += "<SRS>" + escaped(system) + "</SRS>";
  }
  double to_ground[6];
  if (grid.dataset().GetGeoTransform(to_ground) == CE_None) {
    char text[200];
    std::snprintf(text, sizeof text, "<GeoTransform>%.17g,%.17g,%.17g,%.17g,%.17g,%.17g</GeoTransform>", to_ground[0],
                  to_ground[1], to_ground[2], to_ground[3], to_ground[4], to_ground[5]);
    out += text;
  }
  static const char* const colours[] = {"Red", "Green", "Blue"};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    GDALRasterBand* band = parts[i]->dataset().GetRasterBand(1);
    int is_set = 0;
    const double nodata = band->GetNoDataValue(&is_set);
    char text[64];
    std::snprintf(text, sizeof text, "<NoDataValue>%.17g</NoDataValue>", nodata);
    const auto rectangle = [](const char* name, const RasterFile& of) {
      return std::string("<") + name + " xOff=\"0\" yOff=\"0\" xSize=\"" + std::to_string(of.width()) + "\" ySize=\"" +
             std::to_string(of.height()) + "\"/>";
    };
    out += std::string("<VRTRasterBand dataType=\"") + GDALGetDataTypeName(band->GetRasterDataType()) + "\" band=\"" +
           std::to_string(i + 1) + "\"><ColorInterp>" + colours[i % 3] + "</ColorInterp>" + (is_set != 0 ? text : "") +
           "<SimpleSource resampling=\"bilinear\"><SourceFilename relativeToVRT=\"0\">" +
           escaped(parts[i]->dataset().GetDescription()) + "</SourceFilename><SourceBand>1</SourceBand>" +
           rectangle("SrcRect", *parts[i]) + rectangle("DstRect", grid) + "</SimpleSource></VRTRasterBand>";
  }
  return out + "</VRTDataset>";
}

}  // namespace

GdalMessages::GdalMessages() {
  CPLPushErrorHandlerEx(hear, this);
}

GdalMessages::~GdalMessages() {
  CPLPopErrorHandler();
  CPLErrorReset();
}

void CPL_STDCALL GdalMessages::hear(CPLErr level, CPLErrorNum, const char* message) {
  auto* self = static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
  if (level < CE_Warning || self == nullptr || self->failed_) return;
  const std::string text = message == nullptr ? "" : message;
  if (level >= CE_Failure || is_damage(text)) {
    self->failed_ = true;
    self->first_ = text;
  } else if (self->doubt_.empty() && is_doubt(text)) {
    self->doubt_ = text;
  }
}

RasterFile::RasterFile(const std::filesystem::path& path, const char* driver, const ReadOptions& options,
                       uint64_t directory) {
  set_up_gdal();
  access_ = std::make_unique<FileAccess>(path, options.root, options.allow_outside);
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(path, error);
  open(error ? path.string() : whole.string(), driver, options, directory);
}

RasterFile::RasterFile(std::string_view bytes, const char* driver, const ReadOptions& options, uint64_t directory) {
  set_up_gdal();
  static std::atomic<uint64_t> next{0};
  access_ = std::make_unique<FileAccess>(std::filesystem::path(), std::nullopt, false);
  in_memory_ = "/vsimem/ccx/" + std::to_string(next++) + "/picture";
  auto* data = reinterpret_cast<GByte*>(const_cast<char*>(bytes.data()));
  VSILFILE* file = VSIFileFromMemBuffer(in_memory_.c_str(), data, bytes.size(), FALSE);
  if (file == nullptr) throw std::bad_alloc();
  VSIFCloseL(file);
  try {
    open(in_memory_, driver, options, directory);
  } catch (...) {
    VSIUnlink(in_memory_.c_str());
    throw;
  }
}

RasterFile::RasterFile(const std::vector<std::string>& paths, std::vector<std::unique_ptr<RasterFile>> bands,
                       const ReadOptions& options)
    : parts_(std::move(bands)) {
  const RasterFile* largest = parts_.front().get();
  for (const auto& part : parts_) {
    if (part->width() > largest->width()) largest = part.get();
  }
  access_ = std::make_unique<FileAccess>(paths.front(), options.root, options.allow_outside);
  open(composed(parts_, *largest), "VRT", options);
}

RasterFile::~RasterFile() {
  {
    const FileAccess::Use use(*access_);
    const GdalMessages messages;
    dataset_.reset();
  }
  if (!in_memory_.empty()) VSIUnlink(in_memory_.c_str());
}

void RasterFile::open(const std::string& name, const char* driver, const ReadOptions& options, uint64_t directory) {
  name_ = name;
  const FileAccess::Use use(*access_);
  const GdalMessages messages;
  const char* const drivers[] = {driver, nullptr};
  const std::string page = directory == 0 ? name : "GTIFF_DIR:off:" + std::to_string(directory) + ":" + name;
  dataset_.reset(GDALDataset::Open(page.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers));
  check(messages);
  if (dataset_ == nullptr) {
    throw DecodeError(Reason::kCorrupt, std::string("its header cannot be read as that of ") + driver);
  }
  if (dataset_->GetRasterCount() < 1) throw DecodeError(Reason::kUnsupported, "it holds no raster band");
  check_size(static_cast<uint64_t>(width()), static_cast<uint64_t>(height()), options.limits);
  check_blocks(options);
  // ENVI's pixels have no marks or lengths, and GDAL makes up what is missing.
  if (std::string_view(driver) == "ENVI") {
    const double pixels = static_cast<double>(width()) * height() * dataset_->GetRasterCount();
    const int each = GDALGetDataTypeSizeBytes(dataset_->GetRasterBand(1)->GetRasterDataType());
    VSIStatBufL status;
    if (VSIStatL(name.c_str(), &status) != 0 || static_cast<double>(status.st_size) < pixels * each) {
      throw DecodeError(Reason::kTruncated, "it has fewer bytes than its header says");
    }
  }
  // Headers, masks and overviews are looked for once, here.
  static_cast<void>(dataset_->GetRasterBand(1)->GetOverviewCount());
  static_cast<void>(dataset_->GetRasterBand(1)->GetMaskFlags());
  check(messages);
}

// A block is decoded as one piece, whatever little of it is wanted.
void RasterFile::check_blocks(const ReadOptions& options) const {
  int across = 0;
  int down = 0;
  GDALRasterBand* band = dataset_->GetRasterBand(1);
  band->GetBlockSize(&across, &down);
  const char* interleave = dataset_->GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
  const bool together = interleave != nullptr && std::string_view(interleave) == "PIXEL";
  const double bytes = static_cast<double>(across) * down * GDALGetDataTypeSizeBytes(band->GetRasterDataType()) *
                       (together ? dataset_->GetRasterCount() : 1);
  if (bytes > static_cast<double>(options.limits.max_block_bytes)) {
    throw ImageTooLarge("its strips or tiles of " + std::to_string(across) + "x" + std::to_string(down) +
                        " pixels take " + std::to_string(static_cast<int64_t>(bytes / 1048576)) +
                        " MiB each; write it in tiles");
  }
}

void RasterFile::check(const GdalMessages& messages) const {
  const std::string& refused = access_->refused();
  if (!refused.empty()) {
    throw DecodeError(Reason::kUnreadable, "it refers to " + refused + ", which is outside " + access_->root() +
                                               "; --allow-outside lets it");
  }
  if (doubt_.empty()) doubt_ = tidied(messages.doubt());
  if (messages.failed()) throw DecodeError(Reason::kCorrupt, "it cannot be decoded (" + tidied(messages.first()) + ")");
}

std::string RasterFile::tidied(const std::string& message) const {
  return tidied_message(message, name_);
}

void RasterFile::check_data(const Window& window) const {
  for (const auto& part : parts_) part->check_data({0, 0, part->width(), part->height()});
  check_deflate(*this, window);
}

std::string RasterFile::doubt() const {
  for (const auto& part : parts_) {
    if (!part->doubt().empty()) return part->doubt();
  }
  return doubt_;
}

}  // namespace ccx::image
