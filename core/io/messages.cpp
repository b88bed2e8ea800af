// Lines on stderr (messages.h).
#include "core/io/messages.h"

#include <atomic>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

namespace ccx::io {
namespace {

std::atomic<MessageStyle> current_style{MessageStyle::kPlain};

void write_line(const char* event, const char* before, std::string_view text) {
  std::string line;
  if (current_style == MessageStyle::kJson) {
    const nlohmann::ordered_json object = {{"event", event}, {"message", text}};
    line = object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  } else {
    line = std::string(before) + std::string(text);
  }
  std::cerr << line + "\n" << std::flush;
}

bool is_quiet() {
  return current_style == MessageStyle::kQuiet;
}

}  // namespace

void set_message_style(MessageStyle style) {
  current_style = style;
}

MessageStyle message_style() {
  return current_style;
}

void say_note(std::string_view text) {
  if (!is_quiet()) write_line("note", "ccx: ", text);
}

void say_result(std::string_view text) {
  if (!is_quiet()) write_line("result", "", text);
}

void say_progress(std::string_view text) {
  if (!is_quiet()) write_line("progress", "", text);
}

void say_error(std::string_view text) {
  write_line("error", "ccx: ", text);
}

}  // namespace ccx::io
