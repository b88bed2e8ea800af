// The text of a list whatever program saved it: byte order marks, UTF-16, and files that are no text at all.
#pragma once

#include <string>
#include <string_view>

namespace ccx::pairs {

// The bytes as UTF-8 without a byte order mark. UTF-16 is known by its mark or by the zero bytes that ASCII has in it.
// Bytes that are no UTF-8 stay as they are, since file names may be any bytes. Throws InputError naming `name` for an
// empty file, for UTF-32 and for what is no text: it says what the file is (a spreadsheet, an archive, a picture, a
// pointer of Git LFS, a web page) and what to do.
std::string list_text(std::string bytes, const std::string& name);

bool is_utf8(std::string_view text);

// Text in Windows-1252, which spreadsheets save where nobody asks for UTF-8, as UTF-8; UTF-8 stays as it is.
std::string from_windows_1252(std::string text);

}  // namespace ccx::pairs
