// `ccx caption` without its command line (caption_job.h).
#include "core/captioner/caption_job.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <future>
#include <numeric>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/captioner/heatmap.h"
#include "core/captioner/picture_folder.h"
#include "core/captioner/pipeline.h"
#include "core/change/mask_png.h"
#include "core/image/decode.h"
#include "core/io/file.h"
#include "core/io/lock.h"
#include "core/io/machine.h"
#include "core/io/write_error.h"
#include "core/model/model_info.h"
#include "core/pairs/names.h"
#include "core/records/found_changes.h"
#include "core/records/run_info.h"

namespace ccx::captioner {
namespace {

namespace fs = std::filesystem;

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
  return out;
}

// A whole run. Members appear in the order in which they come to be known.
class CaptionRun {
 public:
  CaptionRun(const CaptionJob& job, const EngineFactory& make, RunObserver& observer,
             const std::function<bool()>& should_stop)
      : job_(job), make_(make), observer_(observer), should_stop_(should_stop) {}

  RunSummary run() {
    describe();
    std::error_code ignored;
    // A folder cannot be written as a file, which opening it says.
    if (!fs::is_directory(job_.out, ignored)) io::require_not_an_input(job_.out, {job_.source.in});
    output_ = std::make_unique<records::RecordsFile>(job_.out, job_.mode);
    check_places();
    match_existing();
    load();
    if (has_work() && should_stop_()) {
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
    info_.generation = job_.engine.generation;
    info_.generation.saliency = job_.heatmaps.has_value();
    info_.timings = job_.timings;
    info_.bands = job_.reading.images.bands;
    info_.stretch = job_.reading.images.stretch;
    info_.strict_pairs = job_.reading.strict;
    info_.heatmaps = job_.heatmaps.has_value();
    info_.masks = job_.masks.has_value();
    info_.mask_lengths = job_.mask_lengths;
    info_.threads = job_.engine.threads;
    info_.selected = selection_.pairs.size();
    done_.assign(selection_.pairs.size(), false);
  }

  // The folders that files will appear in.
  void check_places() {
    if (!output_->is_stream()) {
      const fs::path folder = job_.out.has_parent_path() ? job_.out.parent_path() : ".";
      if (::access(folder.c_str(), W_OK) != 0) {
        throw InputError("cannot write in the folder " + folder.string() + ": " + std::strerror(errno));
      }
    }
    if (job_.heatmaps) heatmaps_.emplace(*job_.heatmaps, heatmap_pictures(), selection_.pairs);
    if (job_.masks) masks_.emplace(*job_.masks, mask_pictures(), selection_.pairs);
    std::error_code ignored;
    if (heatmaps_ && masks_ && fs::equivalent(heatmaps_->path(), masks_->path(), ignored)) {
      throw UsageError("--heatmaps and --masks name one folder, and their pictures have the same names: name two");
    }
  }

  void match_existing() {
    if (output_->existing().empty()) return;
    before_ = records::read_run_info(output_->path());
    if (!before_) {
      throw InputError(
          output_->path().string() + " has no " + records::sidecar_path(output_->path()).filename().string() +
          " beside it, so nobody can tell which model and options made it; pass --overwrite to begin anew");
    }
    require_same_options();
    std::vector<uint32_t> by_id(selection_.pairs.size());
    std::iota(by_id.begin(), by_id.end(), 0U);
    const auto id_of = [&](uint32_t index) -> const std::string& { return selection_.pairs[index].id; };
    std::sort(by_id.begin(), by_id.end(), [&](uint32_t a, uint32_t b) { return id_of(a) < id_of(b); });
    for (std::size_t line = 0; line < output_->existing().size(); ++line) {
      const records::KeptRecord& record = output_->existing()[line];
      const auto found = std::lower_bound(by_id.begin(), by_id.end(), record.id,
                                          [&](uint32_t index, const std::string& id) { return id_of(index) < id; });
      if (found == by_id.end() || id_of(*found) != record.id) {
        throw InputError(
            output_->path().string() + " holds '" + pairs::printable(record.id) +
            "', which is not among the pairs of this run; give the same input, --limit and --shard as before, or " +
            "--overwrite to begin anew");
      }
      const pairs::Pair& pair = selection_.pairs[*found];
      const bool same_images = record.images == records::images_digest(records::written_path(pair.before),
                                                                       records::written_path(pair.after));
      if (record.error == nullptr && !same_images) {
        throw InputError(output_->path().string() + " holds '" + pairs::printable(record.id) + "' of " +
                         pairs::printable(output_->existing_record(line).before) +
                         ", and in this run its images begin with " +
                         pairs::printable(records::written_path(pair.before)) +
                         "; give the same input as before, or --overwrite to begin anew");
      }
      if (record.error != nullptr && job_.retry_failed) continue;
      done_[*found] = true;
      file_order_.push_back(*found);
      count(record.error == nullptr ? "" : *record.error);
      const std::vector<std::string> names = image::all_warning_names();
      for (std::size_t code = 0; code < names.size(); ++code) {
        if ((record.warnings >> code & 1U) != 0) ++info_.warnings[names[code]];
      }
    }
  }

  void require_same_options() const {
    const std::vector<std::string> found = records::differences(*before_, info_, true);
    if (found.empty()) return;
    throw InputError(output_->path().string() + " cannot be continued: " + joined_lines(found) +
                     "; give the same model and options as before, or --overwrite to begin anew");
  }

  bool has_work() const { return std::find(done_.begin(), done_.end(), false) != done_.end(); }

  void load() {
    // Reading gigabytes for the digest takes as long as loading them: side by side.
    std::future<std::string> digest =
        std::async(std::launch::async, [model = job_.engine.model] { return model::weights_sha256(model); });
    if (has_work()) {
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
      info_.dtype = engines_[0]->dtype();
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
    if (before_) require_same_options();
    if (before_ && engines_.empty()) {
      info_.dtype = before_->dtype;
      info_.device = before_->device;
      info_.batch = before_->batch;
      info_.workers = before_->workers;
    }
  }

  void begin() {
    output_->begin(job_.retry_failed);
    if (heatmaps_) heatmaps_->begin();
    if (masks_) masks_->begin();
    write_sidecar();
  }

  void caption() {
    if (!has_work()) return;
    const std::size_t done_before = file_order_.size();
    observer_.started(selection_.pairs.size(), done_before, described_device());
    const auto started = std::chrono::steady_clock::now();
    reading_ = job_.reading;
    if (!reading_.images.root) reading_.images.root = image_root(job_.source);
    reading_.images.allow_outside = job_.source.allow_outside;
    PipelineWork work{selection_.pairs, done_, info_.batch, reader_count(job_.readers), reading_};
    PipelineHooks hooks;
    hooks.deliver = [&](std::vector<Outcome> outcomes) {
      write(std::move(outcomes));
      observer_.advanced(file_order_.size(), info_.failed());
    };
    hooks.note = [&](const std::string& message) { observer_.note(message); };
    hooks.should_stop = should_stop_;
    run_pipeline(work, engines_, hooks);
    summary_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    summary_.new_records = file_order_.size() - done_before;
    for (const std::string& note : warning_notes(info_.warnings, aligned_)) observer_.note(note);
    if (empty_maps_ > 0) {
      observer_.note("the heat map of " + std::to_string(empty_maps_) + (empty_maps_ == 1 ? " pair" : " pairs") +
                     " is empty: this model's change tokens stand out nowhere, so there is an .npy and no picture");
    }
  }

  // "cpu in fp32, 2 workers of 1 thread".
  std::string described_device() const {
    const std::string device = info_.device + " in " + info_.dtype;
    if (engines_[0]->threads() == 0) return device;
    const auto counted = [](auto count, const char* thing) {
      return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
    };
    return device + ", " + counted(info_.workers, "worker") + " of " + counted(info_.threads, "thread");
  }

  void write(std::vector<Outcome> outcomes) {
    std::string lines;
    std::vector<std::pair<std::size_t, std::string>> written;  // index, error code
    for (Outcome& outcome : outcomes) {
      const pairs::Pair& pair = selection_.pairs[outcome.index];
      aligned_ += outcome.reading.aligned ? 1 : 0;
      records::Extras extras;
      if (outcome.caption && job_.heatmaps && outcome.caption->grid > 0) {
        try {
          extras.heatmap = write_heatmap(*job_.heatmaps, pair, *outcome.caption, reading_);
          empty_maps_ += extras.heatmap ? 0 : 1;
          heatmaps_->wrote(picture_base(*job_.heatmaps, pair));
        } catch (const image::DecodeError& error) {
          // The image was readable a moment ago.
          outcome.failure = {records::ErrorCode::kDecodeImage, error.what()};
        }
      }
      if (outcome.caption && !outcome.caption->change_map.empty()) tell_changes(pair, outcome, extras);
      for (const image::PairWarning& warning : outcome.reading.warnings) {
        ++info_.warnings[image::warning_name(warning.code)];
        if (job_.captions_only) observer_.note(warning.message);
      }
      if (job_.captions_only) {
        if (outcome.failure) observer_.note(outcome.failure->message);
        if (!outcome.failure) lines += outcome.caption->text + "\n";
      } else if (outcome.failure) {
        lines += records::error_record(pair, *outcome.failure) + "\n";
      } else {
        lines +=
            records::caption_record(pair, *outcome.caption, outcome.read_ms, extras, {job_.timings}, &outcome.reading) +
            "\n";
      }
      written.emplace_back(outcome.index, outcome.failure ? records::error_name(outcome.failure->code) : "");
    }
    output_->append(lines);
    for (const auto& [index, error] : written) {
      done_[index] = true;
      file_order_.push_back(index);
      count(error);
    }
  }

  // Places and masks of a caption whose model has a change head.
  void tell_changes(const pairs::Pair& pair, const Outcome& outcome, records::Extras& extras) {
    if (job_.captions_only && !job_.masks) return;
    const records::MaskGrid grid = records::mask_grid(outcome.reading);
    extras.places = records::found_places(*outcome.caption, grid);
    if (!job_.masks && !job_.mask_lengths) return;
    change::KindMask mask = records::found_mask(*outcome.caption, grid);
    if (job_.masks) {
      extras.mask = picture_base(*job_.masks, pair).string() + ".png";
      create_folder_of(*extras.mask);
      io::write_file_atomically(*extras.mask, change::mask_png(mask), io::Durability::kContent);
      masks_->wrote(*extras.mask);
    }
    if (job_.mask_lengths) extras.lengths = std::move(mask);
  }

  void finish() {
    // Resuming an input that has grown, or retrying, appends out of order.
    if (!output_->is_stream() && !std::is_sorted(file_order_.begin(), file_order_.end())) {
      std::sort(file_order_.begin(), file_order_.end());
      std::vector<std::string> ids;
      for (const std::size_t index : file_order_) ids.push_back(selection_.pairs[index].id);
      output_->reorder(ids);
    }
    if (heatmaps_) heatmaps_->sync();
    if (masks_) masks_->sync();
    output_->sync();
    info_.status = has_work() ? "interrupted" : "complete";
    info_.seconds = summary_.seconds;
    info_.pairs_per_second = summary_.seconds > 0 ? static_cast<double>(summary_.new_records) / summary_.seconds : 0;
    write_sidecar();
  }

  void write_sidecar() const {
    if (!output_->is_stream())
      io::write_file_atomically(records::sidecar_path(output_->path()), records::to_json(info_));
  }

  void count(const std::string& error_code) {
    if (error_code.empty()) {
      ++info_.captioned;
    } else {
      ++info_.errors[error_code];
    }
  }

  const CaptionJob& job_;
  const EngineFactory& make_;
  RunObserver& observer_;
  const std::function<bool()>& should_stop_;
  Selection selection_;
  ReadingOptions reading_;
  records::RunInfo info_;
  std::unique_ptr<records::RecordsFile> output_;
  std::optional<PictureFolder> heatmaps_, masks_;
  std::optional<records::RunInfo> before_;  // of the run that is continued
  std::vector<bool> done_;
  std::vector<std::size_t> file_order_;  // which pair each line of the file is of
  std::vector<std::unique_ptr<engine::Engine>> engines_;
  std::size_t aligned_ = 0;  // pairs of this run that were brought to what their dates share
  std::size_t empty_maps_ = 0;
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

Selection select_pairs(const pairs::PairSource& source, std::optional<std::size_t> limit, const records::Shard& shard) {
  pairs::PairList list = pairs::find_pairs(source);
  if (limit && list.pairs.size() > *limit) list.pairs.resize(*limit);
  Selection selection;
  selection.layout = list.layout;
  selection.input_pairs = list.pairs.size();
  selection.input_ids = records::digest_of_ids(list.pairs);
  selection.notes = std::move(list.notes);
  selection.pairs = std::move(list.pairs);
  // In place: a million pairs are not held twice.
  if (shard.count > 1) {
    std::erase_if(selection.pairs, [&](const pairs::Pair& pair) { return !shard.holds(pair.id); });
    selection.pairs.shrink_to_fit();
  }
  return selection;
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
