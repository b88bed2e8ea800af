// Progress over pairs (pair_progress.h).
#include "cli/pair_progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/io/messages.h"

namespace ccx::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBarWidth = 24;

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

milliseconds pause() {
  if (io::draws_bar()) return milliseconds(100);
  return milliseconds(io::message_style() == io::MessageStyle::kJson ? 1000 : 5000);
}

std::string bar_text(std::size_t done, std::size_t total) {
  const std::size_t filled = total == 0 ? kBarWidth : done * kBarWidth / total;
  return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " + std::to_string(done) + "/" +
         std::to_string(total);
}

}  // namespace

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

std::string rate_text(double pairs_per_second) {
  char text[48];
  std::snprintf(text, sizeof text, pairs_per_second < 0.995 ? "%.2f pairs/s" : "%.1f pairs/s", pairs_per_second);
  return text;
}

PairProgress::~PairProgress() {
  io::clear_bar();
}

void PairProgress::start(std::size_t total, std::size_t done_before) {
  total_ = total;
  done_before_ = done_before;
  started_ = shown_ = Clock::now();
  io::show_bar(bar_text(done_before, total));
}

void PairProgress::advance(std::size_t done, std::size_t failed) {
  const Clock::time_point now = Clock::now();
  const bool is_last = done == total_;
  if (now - shown_ < pause() && !is_last) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(done - done_before_) / seconds : 0;
  const double left = rate > 0 ? static_cast<double>(total_ - done) / rate : 0;
  const std::string failures = std::to_string(failed) + " failed";
  if (io::draws_bar()) {
    io::show_bar(bar_text(done, total_) + (rate > 0 ? "  " + rate_text(rate) + "  ETA " + clock_text(left) : "") +
                 (failed > 0 ? "  " + failures : ""));
  } else if (!is_last || io::message_style() == io::MessageStyle::kJson) {
    io::say_progress(std::to_string(done) + "/" + std::to_string(total_) + " pairs, " + rate_text(rate) + ", ETA " +
                         clock_text(left) + (failed > 0 ? ", " + failures : ""),
                     "progress",
                     {{"done", done},
                      {"total", total_},
                      {"failed", failed},
                      {"pairs_per_second", rounded(rate)},
                      {"eta_seconds", rounded(left)}});
  }
}

}  // namespace ccx::cli
