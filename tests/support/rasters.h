// Rasters for tests, written with GDAL in its memory and then to a folder.
#pragma once

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/image/gdal_files.h"
#include "core/image/image.h"
#include "tests/support/process.h"

namespace ccx::test {

struct RasterSpec {
  int width = 64;
  int height = 64;
  int bands = 3;
  GDALDataType type = GDT_Byte;
  std::function<double(int x, int y, int band)> value;  // band from 0
  std::string driver = "GTiff";
  std::vector<std::string> options = {};  // of creation
  std::optional<double> nodata = {};
  std::optional<std::array<double, 6>> to_ground = {};
  int epsg = 0;
  std::vector<GDALColorInterp> meanings = {};
  std::vector<std::string> names = {};          // of the bands
  std::function<bool(int x, int y)> mask = {};  // true: data; written as an internal mask
};

// A drawn place of houses and a road, 8-bit RGB: sample c of the pixel. `houses` of 12 stand.
inline double scene_value(int x, int y, int c, int houses = 6) {
  const unsigned hash = static_cast<unsigned>(x * 7919 + y * 104729 + (x * y) % 251) * 2654435761U;
  const int noise = static_cast<int>(hash >> 28) - 8;
  static constexpr int grass[3] = {70, 95, 60}, road[3] = {150, 148, 145}, roof[3] = {205, 120, 100};
  const int* colour = x > 28 && x < 34 ? road : grass;
  for (int h = 0; h < houses; ++h) {
    const int left = h * 37 % 53 + 2, top = h * 23 % 51 + 3;
    if (x >= left && x < left + 7 && y >= top && y < top + 6) colour = roof;
  }
  return colour[c % 3] + noise;
}

inline image::Image scene_image(int size = 64, int houses = 6) {
  image::Image out = image::filled_image(size, size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      for (int c = 0; c < 3; ++c) out.pixel(x, y)[c] = static_cast<uint8_t>(scene_value(x, y, c, houses));
    }
  }
  return out;
}

// --- write_raster() in steps ----------------------------------------------------------------------------------------

inline void draw_bands(GDALDataset& source, const RasterSpec& spec) {
  std::vector<double> row(static_cast<std::size_t>(spec.width));
  for (int index = 0; index < spec.bands; ++index) {
    GDALRasterBand& band = *source.GetRasterBand(index + 1);
    for (int y = 0; y < spec.height; ++y) {
      for (int x = 0; x < spec.width; ++x) row[static_cast<std::size_t>(x)] = spec.value(x, y, index);
      const CPLErr written =
          band.RasterIO(GF_Write, 0, y, spec.width, 1, row.data(), spec.width, 1, GDT_Float64, 0, 0, nullptr);
      if (written != CE_None) throw std::runtime_error("cannot write");
    }
    if (spec.nodata) band.SetNoDataValue(*spec.nodata);
    if (!spec.meanings.empty()) band.SetColorInterpretation(spec.meanings[static_cast<std::size_t>(index)]);
  }
  for (std::size_t i = 0; i < spec.names.size(); ++i) {
    source.GetRasterBand(static_cast<int>(i) + 1)->SetDescription(spec.names[i].c_str());
  }
}

inline void place_on_ground(GDALDataset& source, const RasterSpec& spec) {
  if (spec.to_ground) source.SetGeoTransform(const_cast<double*>(spec.to_ground->data()));
  if (spec.epsg == 0) return;
  OGRSpatialReference system;
  system.importFromEPSG(spec.epsg);
  source.SetSpatialRef(&system);
}

inline void draw_mask(GDALDataset& source, const RasterSpec& spec) {
  source.CreateMaskBand(GMF_PER_DATASET);
  std::vector<uint8_t> bits(static_cast<std::size_t>(spec.width));
  for (int y = 0; y < spec.height; ++y) {
    for (int x = 0; x < spec.width; ++x) bits[static_cast<std::size_t>(x)] = spec.mask(x, y) ? 255 : 0;
    const CPLErr written = source.GetRasterBand(1)->GetMaskBand()->RasterIO(GF_Write, 0, y, spec.width, 1, bits.data(),
                                                                            spec.width, 1, GDT_Byte, 0, 0, nullptr);
    if (written != CE_None) throw std::runtime_error("the mask cannot be drawn");
  }
}

// What lies in GDAL's memory under `from` goes into `to`.
inline void move_out_of_memory(const std::string& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  char** files = VSIReadDir(from.c_str());
  for (char** file = files; file != nullptr && *file != nullptr; ++file) {
    const std::string name = from + "/" + *file;
    vsi_l_offset bytes = 0;
    const GByte* data = VSIGetMemFileBuffer(name.c_str(), &bytes, FALSE);
    if (data != nullptr) write_file(to / *file, {reinterpret_cast<const char*>(data), static_cast<std::size_t>(bytes)});
    VSIUnlink(name.c_str());
  }
  CSLDestroy(files);
}

// Writes the raster and whatever its driver puts beside it (headers, .aux.xml) into the folder of `path`.
inline void write_raster(const std::filesystem::path& path, const RasterSpec& spec) {
  image::set_up_gdal();
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const std::string folder = "/vsimem/ccx-test-" + std::to_string(reinterpret_cast<uintptr_t>(&spec));
  const std::string name = folder + "/" + path.filename().string();
  VSIMkdir(folder.c_str(), 0700);
  CPLStringList options;
  for (const std::string& option : spec.options) options.AddString(option.c_str());
  GDALDriver* memory = GetGDALDriverManager()->GetDriverByName("MEM");
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(spec.driver.c_str());
  GDALDataset* source = memory->Create("", spec.width, spec.height, spec.bands, spec.type, nullptr);
  draw_bands(*source, spec);
  place_on_ground(*source, spec);
  if (spec.mask) {
    draw_mask(*source, spec);
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
  }
  GDALDataset* made = driver->CreateCopy(name.c_str(), source, FALSE, options.List(), nullptr, nullptr);
  const std::string failure = CPLGetLastErrorMsg();
  if (made != nullptr) GDALClose(made);
  GDALClose(source);
  CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", nullptr);
  CPLPopErrorHandler();
  if (made == nullptr) throw std::runtime_error(spec.driver + " does not write: " + failure);
  move_out_of_memory(folder, path.parent_path());
}

// Opens a written raster through a copy in GDAL's memory, changes it, and writes it back with what came beside it.
inline void change_raster(const std::filesystem::path& path, const std::function<void(GDALDataset&)>& change) {
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const std::string folder = "/vsimem/ccx-change-" + std::to_string(reinterpret_cast<uintptr_t>(&change));
  const std::string name = folder + "/" + path.filename().string();
  const std::string bytes = read_file(path);
  VSIMkdir(folder.c_str(), 0700);
  VSILFILE* file = VSIFOpenL(name.c_str(), "wb");
  if (VSIFWriteL(bytes.data(), 1, bytes.size(), file) != bytes.size()) throw std::runtime_error("cannot write");
  VSIFCloseL(file);
  auto* dataset = static_cast<GDALDataset*>(GDALOpen(name.c_str(), GA_Update));
  if (dataset == nullptr) throw std::runtime_error("cannot be opened");
  change(*dataset);
  GDALClose(dataset);
  CPLPopErrorHandler();
  move_out_of_memory(folder, path.parent_path());
}

// The drawn place in any sample format: value = brightness * factor.
inline RasterSpec scene_raster(GDALDataType type = GDT_Byte, double factor = 1, int houses = 6) {
  RasterSpec spec;
  spec.type = type;
  spec.value = [factor, houses](int x, int y, int band) { return scene_value(x, y, band, houses) * factor; };
  return spec;
}

}  // namespace ccx::test
