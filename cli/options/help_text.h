// Help texts as a terminal shows them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace ccx::cli {

// Columns of the terminal that stdout is, of $COLUMNS, or 80; from 60 to 100.
std::size_t terminal_width();

std::string help_text(const DefinedCommand& command, std::size_t width);
// Of `ccx` itself, or of a group of commands.
std::string overview_text(std::size_t width, const std::string& group = "");
// A page of the docs, its paragraphs and tables brought to the width.
std::string page_text(std::string_view markdown, std::size_t width);

// Lines of at most `width` columns, each after `indent` blanks but the first. Counts characters of UTF-8; a word that
// is longer than a line has one of its own.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace ccx::cli
