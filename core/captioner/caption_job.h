// `ccx caption` without its command line: from a description of the job to a file of captions.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/captioner/reader.h"
#include "core/captioner/selection.h"
#include "core/captioner/warning_notes.h"
#include "core/engine/engine.h"
#include "core/pairs/pairs.h"
#include "core/records/output.h"
#include "core/records/record_format.h"
#include "core/records/shard.h"

namespace ccx::captioner {

struct CaptionJob {
  // Input
  pairs::PairSource source;
  std::optional<std::size_t> limit;  // the first pairs alone; taken before the shard
  records::Shard shard;

  // Output
  std::filesystem::path out;                    // "-": stdout
  std::optional<records::RecordFormat> format;  // unset: by the ending of `out`
  records::OutputMode mode = records::OutputMode::kNew;
  bool retry_failed = false;   // with kResume: failed records are tried again
  bool timings = true;         // "ms" in the records
  bool captions_only = false;  // with "-": the bare captions instead of records; what fails is a note
  std::optional<std::filesystem::path> heatmaps;
  std::optional<std::filesystem::path> masks;  // of a model with a change head
  bool mask_lengths = false;                   // the masks as run lengths in the records, likewise

  // Model
  engine::EngineOptions engine;
  ReadingOptions reading;   // how images are read; without `root` they have image_root(source)
  std::size_t batch = 0;    // pairs at once, 0: what the device suggests
  std::size_t readers = 0;  // threads that decode, 0: half the cores, at most 64
  std::string version;      // of ccx, for the sidecar
};

// Is told how a run goes. note() may be called from any thread, the others from the caller's.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void note(const std::string& message) = 0;  // something a person should know
  virtual void loading(const std::string& model) = 0;
  virtual void started(std::size_t total, std::size_t done_before, const std::string& device) = 0;
  virtual void advanced(std::size_t done, std::size_t failed) = 0;  // of the whole file, after each batch
  virtual void failed(const std::string& id, const records::Failure& failure) = 0;  // a pair of this run
};

struct RunSummary {
  std::size_t total = 0;      // pairs of this run's selection
  std::size_t captioned = 0;  // in the whole file
  std::size_t failed = 0;
  std::map<std::string, std::size_t> errors;  // failed records by code
  std::size_t new_records = 0;                // written by this run
  double seconds = 0;                         // of captioning, without loading
  bool interrupted = false;
};

using EngineFactory = std::function<std::vector<std::unique_ptr<engine::Engine>>(const engine::EngineOptions&)>;

// Finds the pairs, checks the output, loads the model and captions. Everything that can be found wrong without the
// model is found before it is loaded, and nothing that the output holds is touched before the model is. A file that is
// continued must come from the same model, options and shard (its sidecar tells) and hold no pair that the input lacks.
//
// Throws UsageError and InputError for what is wrong before work began; ccx::Error for what ends it later (disk full):
// the records written so far are then whole and can be resumed. `should_stop` is asked often, from several threads.
RunSummary run_caption_job(const CaptionJob& job, const EngineFactory& make, RunObserver& observer,
                           const std::function<bool()>& should_stop);

// The batch of a run: `wanted`, or what suits the device, but with several workers on one device no more than leaves
// each at least two batches: none stands idle beside one that has the rest.
std::size_t batch_of(std::size_t wanted, int suggested, std::size_t pairs, std::size_t workers);

// A threads count for decoding: `wanted`, or half the cores, at most 64.
std::size_t reader_count(std::size_t wanted);

}  // namespace ccx::captioner
