// What every command says on stderr: notes, results and progress for people, or as JSON lines for programs, or not at
// all; errors and failures always.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ccx::io {

enum class MessageStyle {
  kPlain,
  kJson,  // --log-json: {"event":"note","message":"..."}; events are note, result, progress and error, and a command's
          // own
  kQuiet  // --quiet: errors alone
};

// For the whole process; kPlain at first. Set before threads are started.
void set_message_style(MessageStyle style);
MessageStyle message_style();

// All of these take one line without its newline, write it whole, and may be called from any thread.
void say_note(std::string_view text);      // something that a person should know; plain with "ccx: " before it
void say_result(std::string_view text);    // what was done: "wrote run/last"
void say_progress(std::string_view text);  // how far it is
void say_error(std::string_view text);     // what went wrong; plain with "ccx: " before it, never left out

// The same with an event of its own name, and with `more` keys, where "message" may stand anew: what programs need not
// read out of the text.
void say_result(std::string_view text, const char* event, const nlohmann::ordered_json& more);
void say_progress(std::string_view text, const char* event, const nlohmann::ordered_json& more);
void say_error(std::string_view text, const char* event, const nlohmann::ordered_json& more);

// The line, with its newline, that say_note() would write now; empty where it would write none.
std::string note_line(std::string_view text);

// Whether show_bar() shows anything: in the plain style on a terminal.
bool draws_bar();
// A line at the end of a terminal, in the place of the one before it. Whatever is said clears it first.
void show_bar(std::string_view text);
void clear_bar();

}  // namespace ccx::io
