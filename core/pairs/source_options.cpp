// The options that name pairs (source_options.h).
#include "core/pairs/source_options.h"

namespace ccx::pairs {

void declare_source_options(options::OptionSet& options, PairSource& source, const std::string& in_help) {
  options.group("Input");
  options.add(&source.in, {.name = "--in", .value = "PATH", .help = in_help});
  options.add(options::Custom{[&source](const std::string& text) { source.layout = layout_from_name(text); },
                              [&source] { return layout_name(source.layout); }},
              {.name = "--layout",
               .value = "NAME",
               .help = "How a directory is read",
               .choices = {{"auto", "what its names say"},
                           {"folders", "A/ and B/"},
                           {"pair-folders", "two images each"},
                           {"suffixes", "x_before, x_after"},
                           {"manifest", "a list"}}});
  options.add(options::Custom{[&source](const std::string& text) { source.series = series_from_name(text); },
                              [&source] { return series_name(source.series); }},
              {.name = "--series",
               .value = "NAME",
               .help = "Of places with three dates and more, which are pairs",
               .choices = {"consecutive", "first-last", "all"}});
  options.add(&source.before, {.name = "--before",
                               .value = "PATH",
                               .help = "The earlier image, folder, or GLOB: what its wildcards match is the id"});
  options.add(
      &source.after,
      {.name = "--after", .value = "PATH", .help = "The later image, folder or GLOB, whose wildcards match the same"});
  options.add(&source.pattern,
              {.name = "--pair-pattern",
               .value = "REGEX",
               .help = "Paths in --in with groups (?<id>...) and (?<time>...), as '(?<id>.+)_(?<time>old|new)\\.png'"});
  options.add(&source.root, {.name = "--root",
                             .value = "DIR",
                             .help = "What a list's paths are relative to",
                             .by_default = "its own folder"});
  options.add(&source.split, {.name = "--split", .value = "NAME", .help = "Only this split of a list that has splits"});
  options.add(&source.allow_outside, {.name = "--allow-outside", .help = "Let a list name files outside its root"});
}

}  // namespace ccx::pairs
