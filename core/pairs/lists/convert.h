// Writes pairs and their captions in the forms that the field's projects read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/no_change.h"
#include "core/pairs/lists/pair_set.h"

namespace ccx::pairs {

enum class WrittenForm { kLevir, kUniversal, kCoco, kJsonLines };

enum class ImageHandling {
  kLeave,  // the list names the pictures where they are
  kCopy,   // into images/SPLIT/A and B beside the list, and masks into label
  kLink    // the same, as symbolic links
};

struct Conversion {
  WrittenForm to = WrittenForm::kJsonLines;
  ImageHandling images = ImageHandling::kLeave;
  std::filesystem::path out;  // a file, or a folder that the list and its pictures go into
  std::vector<std::string> no_change_sentences = levir_cc_no_change_sentences();  // tell the flag where there is none
};

struct ConversionReport {
  std::filesystem::path list;      // the file that was written
  std::vector<std::string> notes;  // what a person should know
};

// Throw UsageError for a name that is none: levir, universal, coco, jsonl; leave, copy, link.
WrittenForm list_form_from_name(const std::string& name);
ImageHandling image_handling_from_name(const std::string& name);

// Nothing that is there is replaced. Throws InputError where the list or a picture stands there already, where a
// picture to copy or link is missing, and where nothing can be written; UsageError for LEVIR-CC's form with pictures
// left where they are, since it knows them by their place.
ConversionReport convert(std::vector<AnnotatedPair> pairs, const Conversion& conversion);

}  // namespace ccx::pairs
