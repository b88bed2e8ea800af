// Progress of `ccx caption` on stderr (caption_progress.h).
#include "cli/caption_progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/pairs/names.h"

namespace ccx::cli {
namespace {

using nlohmann::ordered_json;
using std::chrono::milliseconds;

constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kShownFailures = 5;

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 0.995 ? "%.2f" : "%.1f", value);
  return text;
}

// Seconds as 0:07, 12:30 or 3:05:00.
std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::min(seconds, 3.6e6)));
  char text[48];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  }
  return text;
}

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

std::string dumped(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string errors_text(const captioner::RunSummary& summary) {
  std::string out;
  for (const auto& [code, count] : summary.errors)
    out += (out.empty() ? "" : ", ") + code + " " + std::to_string(count);
  return out;
}

}  // namespace

ProgressPrinter::~ProgressPrinter() {
  clear_bar();
}

void ProgressPrinter::print(const std::string& line) {
  clear_bar();
  std::cerr << line + "\n" << std::flush;
}

void ProgressPrinter::clear_bar() {
  if (bar_on_screen_) std::cerr << "\r\x1b[K" << std::flush;
  bar_on_screen_ = false;
}

void ProgressPrinter::note(const std::string& message) {
  const std::lock_guard lock(mutex_);
  if (style_ == ProgressStyle::kQuiet) return;
  print(style_ == ProgressStyle::kJson ? dumped({{"event", "note"}, {"message", message}}) : "note: " + message);
}

void ProgressPrinter::loading(const std::string& model) {
  const std::lock_guard lock(mutex_);
  if (is_silent()) return;
  print(style_ == ProgressStyle::kJson ? dumped({{"event", "loading"}, {"model", model}}) : "loading " + model);
}

void ProgressPrinter::started(std::size_t total, std::size_t done_before, const std::string& device) {
  const std::lock_guard lock(mutex_);
  total_ = total;
  done_before_ = done_before;
  started_ = Clock::now();
  shown_ = started_;
  if (is_silent()) return;
  if (style_ == ProgressStyle::kJson) {
    print(dumped({{"event", "start"}, {"total", total}, {"done", done_before}, {"device", device}}));
    return;
  }
  const std::string rest = done_before == 0 ? "" : ", " + std::to_string(done_before) + " done before";
  print("captioning " + std::to_string(total) + (total == 1 ? " pair on " : " pairs on ") + device + rest);
  if (style_ == ProgressStyle::kBar) show_bar(done_before, 0, 0);
}

void ProgressPrinter::advanced(std::size_t done, std::size_t failed) {
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  const milliseconds every{style_ == ProgressStyle::kBar ? 100 : style_ == ProgressStyle::kJson ? 1000 : 5000};
  const bool is_last = done == total_;
  if (is_silent() || (now - shown_ < every && !is_last)) return;
  if (is_last && style_ == ProgressStyle::kLines) return;  // finished() says it
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(done - done_before_) / seconds : 0;
  const double left = rate > 0 ? static_cast<double>(total_ - done) / rate : 0;
  if (style_ == ProgressStyle::kJson) {
    print(dumped({{"event", "progress"},
                  {"done", done},
                  {"total", total_},
                  {"failed", failed},
                  {"pairs_per_second", rounded(rate)},
                  {"eta_seconds", rounded(left)}}));
  } else if (style_ == ProgressStyle::kBar) {
    show_bar(done, failed, rate);
  } else {
    print(std::to_string(done) + "/" + std::to_string(total_) + " pairs, " + one_decimal(rate) + " pairs/s, ETA " +
          clock_text(left) + (failed > 0 ? ", " + std::to_string(failed) + " failed" : ""));
  }
}

void ProgressPrinter::failed(const std::string& id, const records::Failure& failure) {
  const std::lock_guard lock(mutex_);
  if (++new_failures_ > kShownFailures) return;
  const std::string code = records::error_name(failure.code);
  if (style_ == ProgressStyle::kJson) {
    print(dumped({{"event", "failure"}, {"id", id}, {"code", code}, {"message", failure.message}}));
  } else {
    print("failed: " + pairs::printable(id) + ": " + failure.message + " (" + code + ")");
  }
}

void ProgressPrinter::show_bar(std::size_t done, std::size_t failed, double rate) {
  const std::size_t filled = total_ == 0 ? kBarWidth : done * kBarWidth / total_;
  std::string line = "\r[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " +
                     std::to_string(done) + "/" + std::to_string(total_);
  if (rate > 0) {
    line += "  " + one_decimal(rate) + " pairs/s  ETA " + clock_text(static_cast<double>(total_ - done) / rate);
  }
  if (failed > 0) line += "  " + std::to_string(failed) + " failed";
  std::cerr << line + "\x1b[K" << std::flush;
  bar_on_screen_ = true;
}

void ProgressPrinter::finished(const captioner::RunSummary& summary, const std::string& out) {
  const std::lock_guard lock(mutex_);
  const bool is_long = style_ != ProgressStyle::kJson && new_failures_ > kShownFailures;
  if (is_long) {
    print("failed: " + std::to_string(new_failures_ - kShownFailures) + " more, whose records say why");
  }
  if (style_ == ProgressStyle::kQuiet && summary.failed > 0) {
    print("ccx: " + std::to_string(summary.failed) + " of " + std::to_string(summary.total) + " pairs failed (" +
          errors_text(summary) + ")");
  }
  if (is_silent()) return;
  const double rate = summary.seconds > 0 ? static_cast<double>(summary.new_records) / summary.seconds : 0;
  if (style_ == ProgressStyle::kJson) {
    ordered_json end = {{"event", "end"},
                        {"total", summary.total},
                        {"captioned", summary.captioned},
                        {"failed", summary.failed},
                        {"errors", summary.errors},
                        {"interrupted", summary.interrupted},
                        {"seconds", rounded(summary.seconds)},
                        {"pairs_per_second", rounded(rate)},
                        {"out", out}};
    print(dumped(end));
    return;
  }
  std::string line = std::to_string(summary.captioned) + " of " + std::to_string(summary.total) +
                     (summary.total == 1 ? " pair captioned" : " pairs captioned");
  if (summary.failed > 0) line += ", " + std::to_string(summary.failed) + " failed (" + errors_text(summary) + ")";
  if (summary.new_records > 0) line += ", " + one_decimal(rate) + " pairs/s";
  if (out != "-") line += ": " + out;
  print(line);
  if (summary.interrupted && out != "-") print("interrupted; the same command with --resume goes on");
  if (!summary.interrupted && summary.failed > 0 && out != "-") print("--retry-failed tries the failed pairs again");
}

}  // namespace ccx::cli
