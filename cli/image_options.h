// The options that say how images are read.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "core/image/read_options.h"

namespace ccx::cli {

struct ImageOptions {
  std::string bands;
  std::string stretch = "auto";

  // Throws UsageError for what cannot be understood.
  image::ReadOptions options() const {
    image::ReadOptions out;
    if (!bands.empty()) out.bands = image::parse_bands(bands);
    out.stretch = image::parse_stretch(stretch);
    return out;
  }
};

inline void add_image_options(CLI::App& app, ImageOptions& options) {
  app.add_option("--bands", options.bands,
                 "Which bands are red, green and blue, or which one is grey [what the file says, else 1,2,3]")
      ->group("Images")
      ->option_text("R,G,B | N");
  app.add_option("--stretch", options.stretch,
                 "To 8 bits: auto (deeper ones by percentiles), none, minmax, pLO-pHI, LO..HI or sensor")
      ->group("Images")
      ->option_text("HOW [auto]");
}

}  // namespace ccx::cli
