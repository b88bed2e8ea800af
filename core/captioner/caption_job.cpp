// `ccx caption` without its command line (caption_job.h).
#include "core/captioner/caption_job.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/captioner/caption_options.h"
#include "core/captioner/ledger.h"
#include "core/captioner/pipeline.h"
#include "core/captioner/record_writer.h"
#include "core/captioner/resumption.h"
#include "core/captioner/run_info.h"
#include "core/io/file.h"
#include "core/io/lock.h"
#include "core/io/machine.h"
#include "core/io/write_error.h"
#include "core/model/model_info.h"

namespace ccx::captioner {
namespace {

namespace fs = std::filesystem;

// A whole run. Members appear in the order in which they come to be known.
class CaptionRun {
 public:
  CaptionRun(const CaptionJob& job, const EngineFactory& make, RunObserver& observer,
             const std::function<bool()>& should_stop)
      : job_(job), make_(make), observer_(observer), should_stop_(should_stop) {}

  RunSummary run() {
    describe();
    check_output();
    format_ = job_.format.value_or(records::record_format_of(job_.out));
    output_ = std::make_unique<records::RecordsFile>(job_.out, job_.mode, format_);
    writer_.emplace(job_, selection_.pairs, observer_);
    if (!output_->existing().empty()) {
      before_ = read_run_before(*output_);
      require_same_options(*output_, *before_, info_);
      enter_existing(*output_, selection_.pairs, job_.retry_failed, *ledger_);
    }
    load();
    if (ledger_->has_work() && should_stop_()) {
      info_.status = "interrupted";  // and the output is as it was
      return summary();
    }
    try {
      begin();
      caption();
      finish();
    } catch (const io::BrokenPipeError&) {
      throw;
    } catch (const InputError& error) {
      throw stopped(error);
    } catch (const io::WriteError& error) {
      throw stopped(error);
    }
    return summary();
  }

 private:
  // Work has begun: no usage error any more.
  Error stopped(const Error& error) const {
    return Error(
        std::string(error.what()) +
        (output_->is_stream() ? "" : "; the records written so far are whole, and --resume goes on from them"));
  }

  RunSummary summary() {
    ledger_->count_into(info_);
    summary_.total = selection_.pairs.size();
    summary_.captioned = info_.captioned;
    summary_.failed = info_.failed();
    summary_.errors = info_.errors;
    summary_.interrupted = info_.status == "interrupted";
    return summary_;
  }

  void describe() {
    info_.model = model::describe_model(job_.engine.model);
    selection_ = select_pairs(job_.source, job_.limit, job_.shard);
    for (const std::string& note : selection_.notes) observer_.note(note);
    info_.version = job_.version;
    info_.in = job_.source.in.string();
    info_.layout = pairs::layout_name(selection_.layout);
    info_.split = job_.source.split;
    info_.series = job_.source.series;
    info_.before = job_.source.before;
    info_.after = job_.source.after;
    info_.pattern = job_.source.pattern;
    info_.input_pairs = selection_.input_pairs;
    info_.input_ids = selection_.input_ids;
    info_.shard = job_.shard;
    info_.model_path = job_.engine.model.string();
    info_.options = recorded_options(job_);
    info_.options["dtype"] = "";
    info_.threads = job_.engine.threads;
    info_.selected = selection_.pairs.size();
    ledger_.emplace(selection_.pairs.size());
  }

  // That nothing is written over what is read, or over what is another's.
  void check_output() const {
    if (!job_.format) {
      const std::string note = records::require_record_ending(job_.out);
      if (!note.empty()) observer_.note(note);
    }
    for (const fs::path& place : {job_.out, job_.heatmaps.value_or(""), job_.masks.value_or("")}) {
      io::require_outside(place, job_.engine.model, "the model");
    }
    std::error_code ignored;
    // A folder cannot be written as a file, which opening it says.
    if (fs::is_directory(job_.out, ignored)) return;
    io::require_output(job_.out, records::records_file(), {job_.source.in, job_.source.before, job_.source.after});
    if (!io::find_destination(job_.out).is_stream) io::require_output(sidecar_path(job_.out), sidecar_file());
  }

  void load() {
    // Reading gigabytes for the digest takes as long as loading them: side by side.
    std::future<std::string> digest =
        std::async(std::launch::async, [model = job_.engine.model] { return model::weights_sha256(model); });
    if (ledger_->has_work()) {
      observer_.loading(job_.engine.model.string());
      engine::EngineOptions options = job_.engine;
      options.generation.saliency = job_.heatmaps.has_value();
      // Of the whole run and not of what is left: resuming must not change how it is computed.
      options.pairs = selection_.pairs.size();
      options.batch = job_.batch;
      options.generation.change_map = true;
      engines_ = make_(options);
      if (engines_.empty()) throw UsageError("no device to run the model on");
      if ((job_.masks || job_.mask_lengths) && !engines_[0]->draws_changes()) {
        throw UsageError(job_.engine.model.string() +
                         " has no change head, so it draws no masks; the model that comes " + "with ccx has one");
      }
      for (const std::string& note : engines_[0]->notes()) observer_.note(note);
      info_.options["dtype"] = engines_[0]->dtype();
      std::set<std::string> devices;
      for (const auto& engine : engines_) {
        if (devices.insert(engine->device()).second)
          info_.device += (info_.device.empty() ? "" : ",") + engine->device();
      }
      info_.workers = engines_.size();
      if (engines_[0]->threads() > 0) info_.threads = engines_[0]->threads();  // what 0 came to
      int suggested = engines_[0]->suggested_batch();
      for (const auto& engine : engines_) suggested = std::min(suggested, engine->suggested_batch());
      info_.batch = batch_of(job_.batch, suggested, selection_.pairs.size(), engines_.size() / devices.size());
    }
    info_.model.sha256 = digest.get();
    if (before_) require_same_options(*output_, *before_, info_);
    if (before_ && engines_.empty()) {
      info_.options["dtype"] = before_->options.value("dtype", "");
      info_.device = before_->device;
      info_.batch = before_->batch;
      info_.workers = before_->workers;
    }
  }

  void begin() {
    output_->begin(job_.retry_failed);
    reading_ = job_.reading;
    if (!reading_.images.root) reading_.images.root = image_root(job_.source);
    reading_.images.allow_outside = job_.source.allow_outside;
    writer_->begin(reading_, format_);
    write_sidecar();
  }

  void caption() {
    if (!ledger_->has_work()) return;
    const std::size_t done_before = ledger_->records();
    observer_.started(selection_.pairs.size(), done_before, described_device());
    const auto started = std::chrono::steady_clock::now();
    PipelineWork work{selection_.pairs, ledger_->done(), info_.batch, reader_count(job_.readers), reading_};
    PipelineHooks hooks;
    hooks.deliver = [&](std::vector<Outcome> outcomes) {
      write(std::move(outcomes));
      observer_.advanced(ledger_->records(), ledger_->failed());
    };
    hooks.note = [&](const std::string& message) { observer_.note(message); };
    hooks.should_stop = should_stop_;
    run_pipeline(work, engines_, hooks);
    summary_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    summary_.new_records = ledger_->records() - done_before;
    for (const std::string& note : warning_notes(ledger_->warnings(), writer_->aligned())) observer_.note(note);
    if (writer_->empty_maps() > 0) {
      observer_.note("the heat map of " + counted(writer_->empty_maps(), "pair") +
                     " is empty: this model's change tokens stand out nowhere, so there is an .npy and no picture");
    }
  }

  void write(std::vector<Outcome> outcomes) {
    output_->append(writer_->lines(outcomes, *ledger_));
    for (const Outcome& outcome : outcomes)
      ledger_->add(outcome.index, outcome.failure ? records::error_name(outcome.failure->code) : "");
  }

  // "cpu in fp32, 2 workers of 1 thread".
  std::string described_device() const {
    const std::string device = info_.device + " in " + info_.options.value("dtype", "");
    if (engines_[0]->threads() == 0) return device;
    return device + ", " + counted(info_.workers, "worker") + " of " + counted(info_.threads, "thread");
  }

  void finish() {
    // Resuming an input that has grown, or retrying, appends out of order.
    if (!output_->is_stream() && !ledger_->is_in_order()) {
      std::vector<std::string> ids;
      for (const std::size_t index : ledger_->sort()) ids.push_back(selection_.pairs[index].id);
      output_->reorder(ids);
    }
    writer_->sync();
    output_->sync();
    info_.status = ledger_->has_work() ? "interrupted" : "complete";
    info_.seconds = summary_.seconds;
    info_.pairs_per_second = summary_.seconds > 0 ? static_cast<double>(summary_.new_records) / summary_.seconds : 0;
    write_sidecar();
  }

  void write_sidecar() {
    ledger_->count_into(info_);
    if (output_->is_stream()) return;
    io::write_file_atomically(sidecar_path(output_->path()), to_json(info_), sidecar_file());
  }

  const CaptionJob& job_;
  const EngineFactory& make_;
  RunObserver& observer_;
  const std::function<bool()>& should_stop_;
  Selection selection_;
  ReadingOptions reading_;
  RunInfo info_;
  records::RecordFormat format_ = records::RecordFormat::kJsonLines;
  std::unique_ptr<records::RecordsFile> output_;
  std::optional<RecordWriter> writer_;
  std::optional<RunInfo> before_;  // of the run that is continued
  std::optional<Ledger> ledger_;
  std::vector<std::unique_ptr<engine::Engine>> engines_;
  RunSummary summary_;
};

}  // namespace

RunSummary run_caption_job(const CaptionJob& job, const EngineFactory& make, RunObserver& observer,
                           const std::function<bool()>& should_stop) {
  const struct Listening {
    explicit Listening(RunObserver& to) {
      io::on_missing_locks([&to](const std::string& message) { to.note(message); });
    }
    ~Listening() { io::on_missing_locks({}); }
  } listening(observer);
  return CaptionRun(job, make, observer, should_stop).run();
}

std::size_t batch_of(std::size_t wanted, int suggested, std::size_t pairs, std::size_t workers) {
  if (wanted > 0) return wanted;
  const auto most = static_cast<std::size_t>(std::max(suggested, 1));
  return workers < 2 ? most : std::clamp<std::size_t>(pairs / (2 * workers), 1, most);
}

std::size_t reader_count(std::size_t wanted) {
  if (wanted > 0) return wanted;
  return std::clamp<std::size_t>(static_cast<std::size_t>(io::usable_cores()) / 2, 1, 64);
}

}  // namespace ccx::captioner
