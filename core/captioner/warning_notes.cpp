#include "core/captioner/warning_notes.h"

namespace ccx::captioner {

std::vector<std::string> warning_notes(const std::map<std::string, std::size_t>& warnings, std::size_t aligned) {
  struct Text {
    const char* code;
    const char* one;
    const char* many;
    const char* rest;
  };
  static constexpr Text texts[] = {
      {"low_contrast", "has an image that is", "have an image that is", "nearly one value"},
      {"grey", "has", "have", "a grey image, and the model knows colour"},
      {"nodata", "has", "have", "an image that is without data in places"},
      {"size_differs", "has", "have", "images of two sizes: each was resized on its own"},
      {"scale_differs", "has", "have", "images whose pixels differ in size on the ground"},
      {"shifted", "shows", "show", "the same, moved"},
      {"same_image", "has", "have", "the same image twice"},
      {"much_larger_than_model", "has", "have", "images much larger than the model's input: what is small is lost"},
      {"damaged", "has", "have", "an image that may be damaged"},
      {"bands_unclear", "has", "have",
       "an image whose red, green and blue bands are a guess: --bands says which they are"},
      {"unaligned", "has", "have", "images that could not be brought to one ground"},
      {"turned", "has", "have",
       "an image whose file asks for it to be turned, or has north elsewhere than up, and was shown as it lies"},
      {"several_pages", "has", "have", "an image that is one of several pages or frames of its file"},
      {"little_shared", "shows", "show", "little ground in both dates: only that was compared"},
  };
  std::vector<std::string> out;
  for (const Text& text : texts) {
    const auto found = warnings.find(text.code);
    if (found == warnings.end() || found->second == 0) continue;
    const bool is_one = found->second == 1;
    out.push_back(std::to_string(found->second) + (is_one ? " pair " : " pairs ") + (is_one ? text.one : text.many) +
                  " " + text.rest + " (" + text.code + ")");
  }
  if (aligned > 0) {
    out.push_back(std::to_string(aligned) + (aligned == 1 ? " pair was" : " pairs were") +
                  " cropped or warped to the ground that both dates show");
  }
  return out;
}

}  // namespace ccx::captioner
