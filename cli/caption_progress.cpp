// Progress of `ccx caption` on stderr (caption_progress.h).
#include "cli/caption_progress.h"

#include <nlohmann/json.hpp>

#include "core/base/counted.h"
#include "core/io/messages.h"
#include "core/pairs/naming/names.h"

namespace ccx::cli {
namespace {

constexpr std::size_t kShownFailures = 5;

std::string errors_text(const captioner::RunSummary& summary) {
  std::string out;
  for (const auto& [code, count] : summary.errors)
    out += (out.empty() ? "" : ", ") + code + " " + std::to_string(count);
  return out;
}

// "1 of 1 pair", "5 of 8 pairs".
std::string of_pairs(std::size_t count, std::size_t total) {
  return std::to_string(count) + " of " + counted(total, "pair");
}

double pairs_per_second(const captioner::RunSummary& summary) {
  return summary.seconds > 0 ? static_cast<double>(summary.new_records) / summary.seconds : 0;
}

std::string result_text(const captioner::RunSummary& summary, const std::string& out) {
  std::string text = of_pairs(summary.captioned, summary.total) + " captioned";
  if (summary.failed > 0) text += ", " + std::to_string(summary.failed) + " failed (" + errors_text(summary) + ")";
  if (summary.new_records > 0) text += ", " + rate_text(pairs_per_second(summary));
  return out == "-" ? text : text + ": " + out;
}

}  // namespace

void CaptionProgress::note(const std::string& message) {
  io::say_note(message);
}

void CaptionProgress::loading(const std::string& model) {
  if (!notes_alone_) io::say_progress("loading " + model, "loading", {{"model", model}});
}

void CaptionProgress::started(std::size_t total, std::size_t done_before, const std::string& device) {
  const std::lock_guard lock(mutex_);
  if (notes_alone_) return;
  const std::string rest = done_before == 0 ? "" : ", " + std::to_string(done_before) + " done before";
  io::say_progress("captioning " + counted(total, "pair") + " on " + device + rest, "start",
                   {{"total", total}, {"done", done_before}, {"device", device}});
  progress_.start(total, done_before);
}

void CaptionProgress::advanced(std::size_t done, std::size_t failed) {
  const std::lock_guard lock(mutex_);
  if (!notes_alone_) progress_.advance(done, failed);
}

void CaptionProgress::failed(const std::string& id, const records::Failure& failure) {
  const std::lock_guard lock(mutex_);
  if (++new_failures_ > kShownFailures) return;
  const std::string code = records::error_name(failure.code);
  io::say_error("failed: " + pairs::printable(id) + ": " + failure.message + " (" + code + ")", "failure",
                {{"id", id}, {"code", code}, {"message", failure.message}});
}

void CaptionProgress::finished(const captioner::RunSummary& summary, const std::string& out) {
  const std::lock_guard lock(mutex_);
  io::clear_bar();
  const bool for_programs = io::message_style() == io::MessageStyle::kJson;  // the one event tells them all
  if (!for_programs && new_failures_ > kShownFailures) {
    io::say_error("failed: " + std::to_string(new_failures_ - kShownFailures) + " more, whose records say why");
  }
  if (io::message_style() == io::MessageStyle::kQuiet && summary.failed > 0) {
    io::say_error(of_pairs(summary.failed, summary.total) + " failed (" + errors_text(summary) + ")");
  }
  if (notes_alone_) return;
  io::say_result(result_text(summary, out), "end",
                 {{"total", summary.total},
                  {"captioned", summary.captioned},
                  {"failed", summary.failed},
                  {"errors", summary.errors},
                  {"interrupted", summary.interrupted},
                  {"seconds", rounded(summary.seconds)},
                  {"pairs_per_second", rounded(pairs_per_second(summary))},
                  {"out", out}});
  if (for_programs || out == "-") return;
  if (summary.interrupted) io::say_note("interrupted; the same command with --resume goes on");
  if (!summary.interrupted && summary.failed > 0) io::say_note("--retry-failed tries the failed pairs again");
}

}  // namespace ccx::cli
