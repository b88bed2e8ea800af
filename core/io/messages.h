// What every command says on stderr: notes, results and progress for people, or as JSON lines for programs, or not at
// all; errors and failures always.
#pragma once

#include <string_view>

namespace ccx::io {

enum class MessageStyle {
  kPlain,
  kJson,  // --log-json: {"event":"note","message":"..."}; events are note, result, progress and error
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

}  // namespace ccx::io
