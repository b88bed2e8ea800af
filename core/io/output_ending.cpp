// Endings and what other programs expect under them (output_ending.h).
#include "core/io/output_ending.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/io/destination.h"

namespace ccx::io {
namespace {

struct Promise {
  std::string_view ending;
  const char* what;
  const char* instead;  // how it is come by from captions; "": nothing to say
};

constexpr const char* kSheet = "; a spreadsheet program opens .csv";
constexpr const char* kFrame = "; pandas or DuckDB make it of one of them";
constexpr const char* kMap = "; a GIS joins a .csv to its features by the id";
constexpr const char* kPage = "; ccx report makes an HTML page of captions";
constexpr const char* kPacked = "; compress the file afterwards, or write to a pipe (--out - | gzip)";

constexpr std::array kPromises = {
    Promise{".xlsx", "an Excel sheet", kSheet},
    Promise{".xls", "an Excel sheet", kSheet},
    Promise{".xlsm", "an Excel sheet", kSheet},
    Promise{".xlsb", "an Excel sheet", kSheet},
    Promise{".ods", "a spreadsheet", kSheet},
    Promise{".numbers", "a spreadsheet", kSheet},
    Promise{".csv", "a table with commas", ""},
    Promise{".tsv", "a table with tabs", ""},
    Promise{".parquet", "a Parquet table", kFrame},
    Promise{".feather", "an Arrow table", kFrame},
    Promise{".arrow", "an Arrow table", kFrame},
    Promise{".avro", "an Avro file", kFrame},
    Promise{".orc", "an ORC table", kFrame},
    Promise{".pkl", "a Python pickle", kFrame},
    Promise{".pickle", "a Python pickle", kFrame},
    Promise{".npy", "a NumPy array", kFrame},
    Promise{".npz", "NumPy arrays", kFrame},
    Promise{".h5", "an HDF5 file", kFrame},
    Promise{".hdf5", "an HDF5 file", kFrame},
    Promise{".mat", "a MATLAB file", kFrame},
    Promise{".db", "a database", kFrame},
    Promise{".sqlite", "a database", kFrame},
    Promise{".sqlite3", "a database", kFrame},
    Promise{".duckdb", "a database", kFrame},
    Promise{".geojson", "GeoJSON", kMap},
    Promise{".geojsonl", "GeoJSON", kMap},
    Promise{".geoparquet", "a GeoParquet table", kMap},
    Promise{".gpkg", "a GeoPackage", kMap},
    Promise{".shp", "a shapefile", kMap},
    Promise{".kml", "KML", kMap},
    Promise{".kmz", "KML", kMap},
    Promise{".html", "a web page", kPage},
    Promise{".htm", "a web page", kPage},
    Promise{".pdf", "a PDF document", kPage},
    Promise{".doc", "a Word document", kPage},
    Promise{".docx", "a Word document", kPage},
    Promise{".odt", "a text document", kPage},
    Promise{".pptx", "slides", kPage},
    Promise{".xml", "XML", ""},
    Promise{".yaml", "YAML", ""},
    Promise{".yml", "YAML", ""},
    Promise{".toml", "TOML", ""},
    Promise{".gz", "a compressed file", kPacked},
    Promise{".tgz", "an archive", kPacked},
    Promise{".bz2", "a compressed file", kPacked},
    Promise{".xz", "a compressed file", kPacked},
    Promise{".zst", "a compressed file", kPacked},
    Promise{".lz4", "a compressed file", kPacked},
    Promise{".zip", "an archive", kPacked},
    Promise{".7z", "an archive", kPacked},
    Promise{".tar", "an archive", kPacked},
    Promise{".png", "a picture", ""},
    Promise{".jpg", "a picture", ""},
    Promise{".jpeg", "a picture", ""},
    Promise{".tif", "a picture", ""},
    Promise{".tiff", "a picture", ""},
    Promise{".webp", "a picture", ""},
    Promise{".bmp", "a picture", ""},
};

// Formed without opening anything: what cannot be written says so elsewhere.
bool is_stream(const std::filesystem::path& output) {
  if (output.empty() || output == "-") return true;
  try {
    return find_destination(output).is_stream;
  } catch (const InputError&) {
    return true;
  }
}

}  // namespace

WrittenContent json_lines(std::string advice) {
  return {{".jsonl", ".ndjson", ".ldjson", ".jsonlines", ".jl"}, kJsonLines, std::move(advice)};
}

std::string require_ending(const std::filesystem::path& output, const WrittenContent& content) {
  const std::string ending = ascii::lower(output.extension().string());
  if (ending.empty() || ending == "." || is_stream(output)) return "";
  if (std::find(content.endings.begin(), content.endings.end(), ending) != content.endings.end()) return "";
  for (const Promise& promise : kPromises) {
    if (promise.ending != ending) continue;
    const bool applies = content.is_captions || promise.instead == kPacked;
    throw UsageError(output.string() + " would not be " + promise.what + ", as its ending says, but hold " +
                     content.what + ": " + content.advice + (applies ? promise.instead : ""));
  }
  if (ending == ".json" && content.what == kJsonLines) {
    return output.string() +
           " will hold JSON lines, an object a line, which JSON readers of whole files refuse: read " +
           "it line by line (pandas: read_json(..., lines=True)), and name it .jsonl to say so";
  }
  return output.string() + " will hold " + content.what + ", which its ending does not say: " + content.advice;
}

}  // namespace ccx::io
