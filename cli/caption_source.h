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
  bool allow_outside = false;

  pairs::PairSource source() const {
    pairs::PairSource out;
    out.in = in;
    out.layout = pairs::layout_from_name(layout);
    if (!root.empty()) out.root = root;
    out.split = split;
    out.allow_outside = allow_outside;
    return out;
  }
};

inline CLI::Option* add_source_options(CLI::App& app, SourceOptions& options, const std::string& in_help) {
  CLI::Option* in = app.add_option("--in", options.in, in_help)->group("Input")->option_text("PATH");
  app.add_option("--layout", options.layout,
                 "folders (A/ and B/), pair-folders (two images each), suffixes (x_before, x_after) or manifest")
      ->group("Input")
      ->option_text("NAME [auto]");
  app.add_option("--root", options.root, "What a manifest's paths are relative to [its own folder]")
      ->group("Input")
      ->option_text("DIR");
  app.add_option("--split", options.split, "Only this split of a LEVIR-CC captions file")
      ->group("Input")
      ->option_text("NAME");
  app.add_flag("--allow-outside", options.allow_outside, "Let a manifest name files outside its root")->group("Input");
  return in;
}

}  // namespace ccx::cli
