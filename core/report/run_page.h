// The page of a training run: curves of loss, rate, speed, gradient and scores, and the settings behind them.
#pragma once

#include <string>

#include "core/report/run_log.h"

namespace ccx::report {

// One HTML document that loads nothing and runs no script. `title` and `command` are plain text, as is everything that
// comes from the run's files. Its size does not grow with the run's length: a million steps make less than a megabyte.
std::string make_run_page(const RunLog& run, const std::string& title, const std::string& command);

}  // namespace ccx::report
