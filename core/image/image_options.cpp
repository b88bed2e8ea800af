// The options that say how pictures are read (image_options.h).
#include "core/image/image_options.h"

namespace ccx::image {

void declare_image_options(options::OptionSet& options, ReadOptions& images) {
  using options::Compared;
  options.group("Images");
  options.add(options::Custom{[&images](const std::string& text) { images.bands = parse_bands(text); },
                              [&images] { return bands_text(images.bands); }},
              {.name = "--bands",
               .value = "R,G,B",
               .help = "Which bands are red, green and blue; or one number, which is shown as grey",
               .by_default = "what the file says, else 1,2,3",
               .recorded = {"bands", Compared::kUnlessDefault}});
  options.add(options::Custom{[&images](const std::string& text) { images.stretch = parse_stretch(text); },
                              [&images] { return stretch_text(images.stretch); }},
              {.name = "--stretch",
               .value = "HOW",
               .help = "To 8 bits: auto (deeper ones by percentiles), none, minmax, pLO-pHI, LO..HI or sensor",
               .recorded = {"stretch", Compared::kUnlessDefault}});
}

}  // namespace ccx::image
