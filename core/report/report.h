// A report of captions: one HTML file with pictures, captions, references and scores, that needs no network.
#pragma once

#include <string>

#include "core/evaluation/evaluation.h"
#include "core/report/thumbnail.h"

namespace ccx::report {

struct ReportOptions {
  std::string title;       // plain text
  std::string command;     // version line of the foot, plain text
  bool has_scores = true;  // false: the captions had no references, and the page shows no scores
  ThumbnailOptions thumbnails;
};

struct Report {
  std::string html;
  std::size_t missing_pictures = 0;  // named by a record and not shown
  std::string first_missing;         // the first such picture and why
};

// Everything that comes from records is escaped. The page does not depend on the machine or the time.
Report make_report(const metrics::Evaluation& evaluation, const ReportOptions& options);

// The captions alone, for a report without references; repeated ids count once. Without sentences of no change
// LEVIR-CC's are taken.
metrics::Evaluation without_references(const std::vector<metrics::Prediction>& predictions,
                                       const std::vector<std::string>& no_change_sentences);

}  // namespace ccx::report
