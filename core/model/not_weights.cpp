// Telling files that are no weights by their first bytes (not_weights.h).
#include "core/model/not_weights.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/io/file.h"

namespace ccx::model {
namespace {

constexpr std::size_t kLengthBytes = 8;  // of a safetensors file's header, whose upper ones are zero
constexpr std::size_t kTarMark = 257;

struct Signature {
  std::string_view start;
  const char* what;
};
constexpr std::array<Signature, 7> kSignatures = {{
    {std::string_view("PK\x03\x04", 4),
     "a ZIP archive, as torch.save() writes one or a download is packed in: unpack it, or convert the weights to "
     "safetensors (docs/models.md says how)"},
    {std::string_view("\x1F\x8B", 2), "compressed with gzip: unpack it with gunzip"},
    {std::string_view("\xFD"
                      "7zXZ",
                      5),
     "compressed with xz: unpack it with unxz"},
    {std::string_view("\x28\xB5\x2F\xFD", 4), "compressed with zstd: unpack it with unzstd"},
    {"GGUF", "a GGUF model of llama.cpp: take the Hugging Face checkpoint that it was made from"},
    {std::string_view("\x89HDF", 4), "an HDF5 file, of Keras or TensorFlow: ccx reads safetensors"},
    {"7z\xBC\xAF", "a 7z archive: unpack it"},
}};

bool is_printable(char c) {
  return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

std::string what_else_it_is(std::string_view head) {
  for (const Signature& signature : kSignatures) {
    if (head.starts_with(signature.start)) return signature.what;
  }
  // A header of this length would begin with the same bytes, and end in zeros.
  const std::string_view upper = head.substr(std::min(kLengthBytes / 2, head.size()), kLengthBytes / 2);
  const bool may_be_length = std::all_of(upper.begin(), upper.end(), [](char c) { return c == '\0'; });
  if (io::is_pickle(head) && !may_be_length)
    return "pickled by PyTorch: convert it to safetensors (docs/models.md says how)";
  if (head.size() > kTarMark && head.substr(kTarMark).starts_with("ustar")) return "a tar archive: unpack it";
  // Text: no header is as long as eight letters would say.
  const std::string_view start = head.substr(0, kLengthBytes);
  if (start.size() < kLengthBytes || !std::all_of(start.begin(), start.end(), is_printable)) return "";
  const std::string_view text = ascii::trimmed(head);
  if (text.starts_with('<'))
    return "a web page or XML, such as a server's message that the file is not there or not yours to read: download "
           "the file again, logged in where the model asks for it";
  constexpr std::size_t kShown = 60;
  std::string shown(text.substr(0, std::min(kShown, text.find('\n'))));
  shown.erase(std::find_if_not(shown.begin(), shown.end(), is_printable), shown.end());
  const bool is_json = text.starts_with('{') || text.starts_with('[');
  return std::string(is_json ? "JSON" : "text") + ", '" + shown +
         "', such as a server's answer in place of the file: download it again";
}

}  // namespace ccx::model
