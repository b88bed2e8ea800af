// A raster opened through GDAL: TIFF, GeoTIFF and COG, JPEG 2000, VRT, ENVI, Erdas Imagine, BMP.
#pragma once

#include <gdal_priv.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/decode.h"
#include "core/image/gdal_files.h"

namespace ccx::image {

// Keeps GDAL silent in this thread and remembers what it said.
class GdalMessages {
 public:
  GdalMessages();
  GdalMessages(const GdalMessages&) = delete;
  GdalMessages& operator=(const GdalMessages&) = delete;
  ~GdalMessages();

  bool failed() const { return failed_; }
  const std::string& first() const { return first_; }  // of the failures
  const std::string& doubt() const { return doubt_; }  // the first warning that tells of damage; empty for none

 private:
  static void CPL_STDCALL hear(CPLErr level, CPLErrorNum number, const char* message);
  bool failed_ = false;
  std::string first_, doubt_;
};

struct DatasetCloser {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using DatasetPointer = std::unique_ptr<GDALDataset, DatasetCloser>;

class RasterFile {
 public:
  // Opens a file with one named driver. Throws DecodeError (without the file's name) for one that is damaged, refers to
  // files outside its root, or promises more than the limits allow. `directory`: TiffTags'.
  RasterFile(const std::filesystem::path& path, const char* driver, const ReadOptions& options, uint64_t directory = 0);
  // The same of bytes in memory, which must outlive this and can refer to no other file.
  RasterFile(std::string_view bytes, const char* driver, const ReadOptions& options, uint64_t directory = 0);
  // One raster of several: the first band of each, stretched to the size of the largest.
  RasterFile(const std::vector<std::string>& paths, std::vector<std::unique_ptr<RasterFile>> bands,
             const ReadOptions& options);
  RasterFile(const RasterFile&) = delete;
  RasterFile& operator=(const RasterFile&) = delete;
  ~RasterFile();

  GDALDataset& dataset() const { return *dataset_; }
  int width() const { return dataset_->GetRasterXSize(); }
  int height() const { return dataset_->GetRasterYSize(); }
  // GDAL's name of the file, whichever of its pages this is.
  const std::string& file_name() const { return name_; }
  // Checks what GDAL does not of the data of `window` and of the files it is composed of. Throws DecodeError.
  void check_data(const Window& window) const;
  // What of the file looked damaged so far, as ReadInfo's.
  std::string doubt() const;

  // Runs `step` with this file's access. What GDAL reports as a failure is thrown as DecodeError, whatever it returned.
  template <typename Step>
  auto run(Step step) const {
    const FileAccess::Use use(*access_);
    const GdalMessages messages;
    auto result = step();
    check(messages);
    return result;
  }

 private:
  void open(const std::string& name, const char* driver, const ReadOptions& options, uint64_t directory = 0);
  void check_blocks(const ReadOptions& options) const;
  void check(const GdalMessages& messages) const;
  std::string tidied(const std::string& message) const;

  std::vector<std::unique_ptr<RasterFile>> parts_;
  std::unique_ptr<FileAccess> access_;
  std::string in_memory_;  // its name among GDAL's files in memory
  std::string name_;
  DatasetPointer dataset_;
  mutable std::string doubt_;
};

}  // namespace ccx::image
