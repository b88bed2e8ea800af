// The captions file: checked before work begins, written in whole lines, resumed after anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/file_kind.h"
#include "core/io/line_file.h"
#include "core/records/record_format.h"

namespace ccx::records {

// What is kept in memory of a record that is there already: a million must fit.
struct KeptRecord {
  std::string id;
  uint64_t images = 0;       // images_digest() of its before and after
  const std::string* error;  // its code, null for a caption; lives as long as the file
  uint32_t warnings = 0;     // a bit for each image::WarningCode
};

// A hash of the two paths of a record, as written.
uint64_t images_digest(std::string_view before, std::string_view after);

// Captions files of any format, a cut first line included.
io::FileKind records_file();

enum class OutputMode {
  kNew,       // the file must not hold anything yet
  kResume,    // what it holds is kept
  kOverwrite  // what it holds is dropped when work begins
};

// A file that one run writes. Nothing of what it held is touched before begin(). Lines are handed to the system whole;
// every five seconds and at the end they are synced to the disk, so that kill -9 loses nothing that was appended, and a
// power cut a few seconds' work. A lock keeps two runs from writing the same file.
//
// What is no regular file ("-" for stdout, a pipe, /dev/null) is written as a stream, which has nothing to resume.
class RecordsFile {
 public:
  // Opens for writing, creating the file if need be, and reads what is there. A last line that was cut is left out.
  // Throws InputError when the file cannot be written, is locked by another run, holds something and mode is kNew, or
  // holds a line that is no record or an id twice when resuming; UsageError for resuming a stream, and for a file that
  // is no captions file.
  RecordsFile(const std::filesystem::path& path, OutputMode mode, RecordFormat format = RecordFormat::kJsonLines);
  RecordsFile(const RecordsFile&) = delete;
  RecordsFile& operator=(const RecordsFile&) = delete;

  // A file that this object created is removed again if begin() was never called.
  bool is_stream() const { return file_.is_stream(); }
  const std::filesystem::path& path() const { return file_.path(); }
  // The records kept from earlier runs, in the file's order.
  const std::vector<KeptRecord>& existing() const { return existing_; }
  // Reads one of them again, for a message.
  RecordSummary existing_record(std::size_t index) const;

  // Makes the file ready for appending: repairs the cut line, drops the failed records if asked to (they leave
  // existing() too), empties the file for kOverwrite.
  void begin(bool drop_failed);

  // As LineFile's.
  void append(std::string_view lines) { file_.append(lines); }
  void sync() { file_.sync(); }

  // Rewrites the file, whole or not at all, with its lines in the order of `ids`. Every id must have its line.
  void reorder(const std::vector<std::string>& ids);

 private:
  void read_existing();
  void require_distinct() const;

  io::LineFile file_;
  OutputMode mode_;
  RecordFormat format_;
  std::size_t size_ = 0;  // bytes of whole lines that are kept, a table's header among them
  std::vector<KeptRecord> existing_;
  std::set<std::string> errors_;
};

}  // namespace ccx::records
