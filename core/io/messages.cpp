// Lines on stderr (messages.h).
#include "core/io/messages.h"

#include <unistd.h>

#include <atomic>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/utf8.h"

namespace ccx::io {
namespace {

using nlohmann::ordered_json;

constexpr char kPrefix[] = "ccx: ";
constexpr char kClearLine[] = "\r\x1b[K";

std::atomic<MessageStyle> current_style{MessageStyle::kPlain};
std::mutex mutex;  // of the terminal's last line
bool bar_on_screen = false;

// Without what moves a terminal's cursor or renames its window: control characters and bytes that are no UTF-8 as \xNN.
std::string plain(std::string_view text) {
  constexpr char32_t kLastControl = 0x9F;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const bool is_control = c.valid && (c.value < 0x20 || (c.value >= 0x7F && c.value <= kLastControl));
    const bool is_kept = c.valid && (!is_control || c.value == '\n' || c.value == '\t');
    for (std::size_t i = at; i < at + c.length; ++i) {
      out += is_kept ? std::string(1, text[i]) : "\\x" + ascii::hex(text[i]);
    }
    at += c.length;
  }
  return out;
}

std::string line_of(std::string_view before, std::string_view text, const char* event, const ordered_json& more) {
  if (current_style != MessageStyle::kJson) return std::string(before) + plain(text) + "\n";
  ordered_json object = {{"event", event}};
  if (more.is_object()) object.update(more);
  if (!object.contains("message")) object["message"] = text;
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

void write_line(const std::string& line) {
  const std::lock_guard lock(mutex);
  std::cerr << (bar_on_screen ? kClearLine + line : line) << std::flush;
  bar_on_screen = false;
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

std::string note_line(std::string_view text) {
  return is_quiet() ? "" : line_of(kPrefix, text, "note", {});
}

void say_note(std::string_view text) {
  if (!is_quiet()) write_line(note_line(text));
}

void say_result(std::string_view text) {
  say_result(text, "result", {});
}

void say_progress(std::string_view text) {
  say_progress(text, "progress", {});
}

void say_error(std::string_view text) {
  say_error(text, "error", {});
}

void say_result(std::string_view text, const char* event, const ordered_json& more) {
  if (!is_quiet()) write_line(line_of("", text, event, more));
}

void say_progress(std::string_view text, const char* event, const ordered_json& more) {
  if (!is_quiet()) write_line(line_of("", text, event, more));
}

void say_error(std::string_view text, const char* event, const ordered_json& more) {
  write_line(line_of(kPrefix, text, event, more));
}

bool draws_bar() {
  return current_style == MessageStyle::kPlain && ::isatty(STDERR_FILENO) != 0;
}

void show_bar(std::string_view text) {
  if (!draws_bar()) return;
  const std::lock_guard lock(mutex);
  std::cerr << "\r" + std::string(text) + "\x1b[K" << std::flush;
  bar_on_screen = true;
}

void clear_bar() {
  const std::lock_guard lock(mutex);
  if (bar_on_screen) std::cerr << kClearLine << std::flush;
  bar_on_screen = false;
}

}  // namespace ccx::io
