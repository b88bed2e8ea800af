// What is made from the declarations of all commands for other programs: docs, the man page, shells.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ccx::cli {

// The lines of docs/cli.md between `<!-- ccx caption -->` and `<!-- end -->`, for every command of this build.
std::string markdown_reference();
std::string man_page();  // roff
// "bash", "zsh" or "fish". Throws UsageError for another shell.
std::string completion_script(const std::string& shell);
// {"commands":[{"name","summary","options":[{"name","keyword","type","default",...}]}]}
nlohmann::ordered_json declarations_json();

}  // namespace ccx::cli
