// Words of labels and other maps, and how surely each says that what is called by it is no picture. No file system.
#pragma once

#include <cstdint>
#include <string_view>

namespace ccx::pairs {

// How much a word says, the surest last.
enum class LabelSense : uint8_t {
  kOther,
  kCover,      // what a picture may show as well: only behind a time, beside the picture of that time
  kBeside,     // only beside the picture itself
  kChange,     // of a change: only beside a picture, or a folder of this name
  kSubject,    // what a picture may be of: behind a time with a name before it
  kAfterTime,  // behind a time, or with a time alone
  kLast,       // where nothing but times stands behind it
  kOuter,      // where it begins or ends a name; anywhere in a folder's
  kAnywhere
};

// Of a word in small letters; digits around it count for nothing.
LabelSense label_sense(std::string_view word);

// Of two words that make one: ground truth, change map, land cover, Landsat's ST_EMIS.
LabelSense label_sense(std::string_view first, std::string_view second);

}  // namespace ccx::pairs
