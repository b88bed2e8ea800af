// `ccx data convert`: one readable set of pairs becomes a list in another form.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>

namespace ccx::cli {

// Adds the subcommand to `ccx data`; when it is used, `chosen` becomes what it does.
void add_data_convert(CLI::App& data, const std::shared_ptr<std::function<int()>>& chosen);

}  // namespace ccx::cli
