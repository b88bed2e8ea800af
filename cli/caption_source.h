// The options that name the pairs, shared by `ccx caption` and `ccx merge`.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include "core/pairs/pairs.h"

namespace ccx::cli {

struct SourceOptions {
  std::string in;
  std::string layout = "auto";
  std::string root;
  std::string split;
  std::string series;
  std::string before;
  std::string after;
  std::string pattern;
  bool allow_outside = false;

  pairs::PairSource source() const {
    pairs::PairSource out;
    out.in = in;
    out.layout = pairs::layout_from_name(layout);
    if (!root.empty()) out.root = root;
    out.split = split;
    out.series = pairs::series_from_name(series);
    out.before = before;
    out.after = after;
    out.pattern = pattern;
    out.allow_outside = allow_outside;
    return out;
  }
};

inline CLI::Option* add_source_options(CLI::App& app, SourceOptions& options, const std::string& in_help) {
  CLI::Option* in = app.add_option("--in", options.in, in_help)->group("Input")->option_text("PATH");
  app.add_option(
         "--layout", options.layout,
         "folders (A/ and B/), pair-folders (two images each), suffixes (x_before, x_after) or manifest (a list)")
      ->group("Input")
      ->option_text("NAME [auto]");
  app.add_option("--series", options.series,
                 "Places with three dates and more: consecutive, first-last or all pairs of dates")
      ->group("Input")
      ->option_text("NAME");
  app.add_option("--before", options.before, "The earlier image, folder, or GLOB: what its wildcards match is the id")
      ->group("Input")
      ->option_text("PATH");
  app.add_option("--after", options.after, "The later image, folder or GLOB, whose wildcards match the same")
      ->group("Input")
      ->option_text("PATH");
  app.add_option("--pair-pattern", options.pattern,
                 "Paths in --in with groups (?<id>...) and (?<time>...), as '(?<id>.+)_(?<time>old|new)\\.png'")
      ->group("Input")
      ->option_text("REGEX");
  app.add_option("--root", options.root, "What a manifest's paths are relative to [its own folder]")
      ->group("Input")
      ->option_text("DIR");
  app.add_option("--split", options.split, "Only this split of a list that has splits")
      ->group("Input")
      ->option_text("NAME");
  app.add_flag("--allow-outside", options.allow_outside, "Let a manifest name files outside its root")->group("Input");
  return in;
}

}  // namespace ccx::cli
