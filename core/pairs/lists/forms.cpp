// The names of lists (forms.h).
#include "core/pairs/lists/forms.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "core/pairs/lists/columns.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

struct Form {
  const char* name;
  std::initializer_list<const char*> keys;  // all of them are there
};

// The first that fits.
const std::array<Form, 14> kForms = {{
    {"LLaVA conversations", {"conversations"}},
    {"chat messages", {"messages"}},
    {"CCExpert's universal list", {"img1_path", "img2_path"}},
    {"RSCC's lines", {"pre_image", "post_image"}},
    {"ChangeChat's captions", {"image_A", "image_B"}},
    {"Image-Editing-Request's list", {"img0", "img1", "sents"}},
    {"Spot-the-diff's list", {"img_id", "sentences"}},
    {"records of ccx", {"id", "before", "after", "caption"}},
    {"records of ccx", {"id", "before", "after", "error"}},
    {"records of ccx", {"id", "before", "after"}},
    {"HCFNet's predictions", {"filename", "sentence"}},
    {"COCO results", {"image_id", "caption"}},
    {"CCExpert's predictions", {"uid", "pred"}},
    {"a file name a line", {"filename"}},
}};

}  // namespace

std::string form_name(const json& record, const Columns& columns, const std::string& container, bool has_key) {
  const bool is_text = container.find("a line") != std::string::npos || container.find("table") != std::string::npos;
  if (is_text || has_key) return container;
  if (container.find("\"annotations\"") != std::string::npos) return "COCO captions";
  if (container.find("\"images\"") != std::string::npos && record.contains("filename"))
    return "LEVIR-CC's captions file";
  for (const Form& form : kForms) {
    if (form.keys.size() == 1 && record.size() > 1 && form.name[0] == 'a') continue;
    const bool fits =
        std::all_of(form.keys.begin(), form.keys.end(), [&](const char* key) { return record.contains(key); });
    if (fits) return form.name;
  }
  std::string name = "records";
  if (columns.names_pictures()) name += " of pairs";
  if (!columns.prediction.empty()) name += " with predictions";
  return name + " (" + container + ")";
}

std::string refusal(const std::string& where, const std::string& found) {
  return where + ": this is no list that ccx knows. Found: " + found +
         ". Known are records in JSON, JSON lines or a table with a header, with \"id\", \"before\" and \"after\" (or "
         "img1_path, "
         "image_A, pre_image, ...), \"captions\" (or sentences, change_caption, ...), \"changed\" and \"split\"; the "
         "captions files of "
         "LEVIR-CC and COCO; {\"ID\": [sentences]}; LLaVA conversations; text with two paths a line. Rename the "
         "columns or keys, or "
         "write it as one of these (docs/captioning.md)";
}

}  // namespace ccx::pairs
