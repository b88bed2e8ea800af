// The cache file of METEOR's resources: built from the sources, checked when opened, and then read in place.
//
// Layout, native byte order, every section a multiple of 8 bytes:
//   header   magic, version, fingerprint of the sources, payload size and checksum, then (offset, bytes) of each
//   section payload  the sections in the order of `Section`
// Every offset and every count is checked against the file before anything is read through it, so that a damaged or
// forged cache can give wrong synonyms but never reads outside the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/file_kind.h"
#include "core/io/mapped_file.h"

namespace ccx::metrics {

enum Section : int {
  kFunctionWords,      // text of function.words
  kPrefixes,           // text of nonbreaking.prefixes
  kSynonymOffsets,     // u32: word i of the synonym vocabulary (sorted) is [offset i, offset i+1) of kSynonymText
  kSynonymText,        //
  kSynonymSetBegin,    // u32: its synsets are [begin i, begin i+1) of kSynonymSets
  kSynonymSets,        // u32
  kExceptionOffsets,   // the same for irregular forms; the synsets are those of their base forms
  kExceptionText,      //
  kExceptionSetBegin,  //
  kExceptionSets,      //
  kPhraseOffsets,      // vocabulary of the paraphrase table, sorted
  kPhraseText,         //
  kTrieChildBegin,     // u32: children of node i are nodes [begin i, begin i+1), ascending by word
  kTrieWord,           // u32: the last word of node i, an index into the phrase vocabulary
  kParaphraseNodes,    // u32: nodes that have paraphrases, ascending
  kParaphraseBegin,    // u32: those of entry k are [begin k, begin k+1) of kParaphraseTargets
  kParaphraseTargets,  // u32: nodes, in the order of the table
  kSectionCount
};

// The bytes of all sections, as written by the builder.
struct MeteorTables {
  std::string sections[kSectionCount];
};

class MeteorCache {
 public:
  // A cache built from sources with this fingerprint, or null where the file is absent or must not be trusted.
  static std::shared_ptr<const MeteorCache> map(const std::filesystem::path& path, std::uint64_t fingerprint);

  // The same from memory. Throws InputError if the image is malformed.
  static std::shared_ptr<const MeteorCache> adopt(std::string image, std::uint64_t fingerprint);

  static std::string serialise(const MeteorTables& tables, std::uint64_t fingerprint);
  // Files of what serialise() made, in any version.
  static io::FileKind file();

  MeteorCache(const MeteorCache&) = delete;
  MeteorCache& operator=(const MeteorCache&) = delete;

  std::string_view text(Section section) const;
  std::span<const std::uint32_t> numbers(Section section) const;

  // The index of a word in a sorted vocabulary (its offsets section; the text section follows it), or -1.
  std::int64_t find_word(Section offsets, std::string_view word) const;

 private:
  MeteorCache() = default;
  bool check(std::uint64_t fingerprint);

  io::MappedFile file_;     // the image as written to disk, or
  std::string owned_;       // one that never was
  std::string_view image_;  // of the two the one that is there
  std::string_view sections_[kSectionCount];
};

}  // namespace ccx::metrics
