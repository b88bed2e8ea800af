#include "core/report/report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/change/mask_png.h"
#include "core/io/file.h"
#include "core/metrics/text.h"
#include "core/report/chart.h"
#include "core/report/html.h"
#include "core/report/outlines.h"
#include "core/report/page.h"
#include "core/report/reliability.h"

namespace ccx::report {
namespace {

using metrics::EvaluatedPair;
using metrics::Evaluation;
using metrics::NamedScore;

// What a card can be filtered by.
std::string kinds(const EvaluatedPair& pair, bool has_scores) {
  if (!pair.prediction.error.empty()) return "failed";
  std::string kind = pair.predicted_changed ? "said-changed" : "said-same";
  if (!has_scores) return kind;
  kind += pair.reference_changed ? " changed" : " unchanged";
  if (pair.reference_changed && !pair.predicted_changed) kind += " missed";
  if (!pair.reference_changed && pair.predicted_changed) kind += " alarm";
  return kind;
}

// The score the gallery sorts by: S*_m, or ROUGE-L where METEOR is not there.
std::optional<double> quality(const EvaluatedPair& pair) {
  if (!pair.scores) return std::nullopt;
  return pair.scores->s_m ? *pair.scores->s_m : pair.scores->rouge_l;
}

std::string badge(const std::string& kind, const std::string& text) {
  return "<span class=\"badge " + kind + "\">" + escape(text) + "</span>";
}

std::string badges(const EvaluatedPair& pair, bool has_scores) {
  if (!pair.prediction.error.empty()) return badge("failed", "failed");
  if (!has_scores) return badge("", pair.predicted_changed ? "said changed" : "said unchanged");
  if (pair.reference_changed) return pair.predicted_changed ? badge("", "changed") : badge("missed", "missed change");
  return pair.predicted_changed ? badge("alarm", "false alarm") : badge("", "unchanged");
}

class Gallery {
 public:
  Gallery(const ReportOptions& options, Report& report) : options_(options), report_(report) {}

  std::string card(const EvaluatedPair& pair, std::size_t index) {
    const metrics::Prediction& p = pair.prediction;
    const auto score = quality(pair);
    std::string html = "<li class=\"card\" tabindex=\"0\" data-kind=\"" + kinds(pair, options_.has_scores) +
                       "\" data-order=\"" + std::to_string(index) + "\"";
    if (score) html += " data-score=\"" + format("%.6f", *score) + "\"";
    if (p.logprob_mean) html += " data-sure=\"" + format("%.6f", *p.logprob_mean) + "\"";
    html += "><div class=\"pictures\">" + picture(p.before, "before") + picture(p.after, "after", &p) +
            (p.heatmap.empty() ? "" : picture(p.heatmap, "heatmap")) + "</div><h3><span class=\"id\">" + escape(p.id) +
            "</span>" + badges(pair, options_.has_scores) + "</h3>";
    html += p.error.empty()
                ? "<p class=\"caption\">" + (p.caption.empty() ? "<em>(empty)</em>" : escape(p.caption)) + "</p>"
                : "<p class=\"caption error\">" + escape(p.error) + "</p>";
    return html + numbers(pair) + references(pair) + "</li>\n";
  }

  // The kinds whose outlines stand on the cards so far, as a legend with a switch; empty where there are none.
  std::string legend() const {
    std::string keys;
    for (std::size_t kind = 1; kind < drawn_.size(); ++kind) {
      if (drawn_[kind]) keys += outline_key(static_cast<ChangeKind>(kind));
    }
    if (keys.empty()) return keys;
    return "<div class=\"strokes\"><label><input type=\"checkbox\" name=\"outlines\" checked>outlines</label>" + keys +
           "</div>";
  }

 private:
  // With the outlines of what changed where `changes` is given.
  std::string picture(const std::string& path, const std::string& name, const metrics::Prediction* changes = nullptr) {
    if (options_.thumbnails.size <= 0) return "";
    const Thumbnail thumbnail = make_thumbnail(path, options_.thumbnails);
    if (!thumbnail.uri.empty()) {
      const std::string lines = changes != nullptr ? outlines(*changes, thumbnail) : "";
      return "<figure><div class=\"shot\"><img loading=\"lazy\" src=\"" + thumbnail.uri + "\" alt=\"" + name + "\">" +
             lines + "</div><figcaption>" + name + "</figcaption></figure>";
    }
    if (!path.empty() && report_.missing_pictures++ == 0) report_.first_missing = thumbnail.reason;
    return "<figure><div class=\"nopicture\" title=\"" + escape(thumbnail.reason) + "\">" +
           (path.empty() ? "no picture" : "not readable") + "</div><figcaption>" + name + "</figcaption></figure>";
  }

  // From the mask, or the boxes of the places where there is none.
  std::string outlines(const metrics::Prediction& p, const Thumbnail& after) {
    Outlines drawn;
    if (!p.mask.empty()) {
      try {
        drawn = mask_outlines(change::read_mask(io::read_file(locate(p.mask, options_.thumbnails)), p.mask),
                              options_.thumbnails.size);
      } catch (const Error& error) {
        if (report_.missing_pictures++ == 0) report_.first_missing = error.what();
      }
    } else if (!p.places.empty()) {
      drawn = place_outlines(p.places, after.width, after.height);
    }
    for (std::size_t kind = 0; kind < drawn.kinds.size(); ++kind) drawn_[kind] = drawn_[kind] || drawn.kinds[kind];
    return drawn.svg;
  }

  static std::string numbers(const EvaluatedPair& pair) {
    std::string html;
    const auto add = [&](const std::string& name, const std::string& value) {
      html += "<div><dt>" + name + "</dt><dd>" + value + "</dd></div>";
    };
    if (pair.scores) {
      for (const NamedScore& score : named_scores(*pair.scores)) {
        const std::string name = score.name;
        if (score.value && name != "bleu_1" && name != "bleu_2" && name != "bleu_3") {
          add(escape(score.label), format("%.3f", *score.value));
        }
      }
    }
    if (pair.prediction.p_change) add("p(change)", format("%.3f", *pair.prediction.p_change));
    if (pair.prediction.logprob_mean) add("log p", format("%.3f", *pair.prediction.logprob_mean));
    return html.empty() ? "" : "<dl>" + html + "</dl>";
  }

  static std::string references(const EvaluatedPair& pair) {
    if (pair.references.empty()) return "";
    std::string items;
    for (const std::string& reference : pair.references) items += "<li>" + escape(reference) + "</li>";
    return "<details><summary>" + counted(pair.references.size(), "reference") + "</summary><ol>" + items +
           "</ol></details>";
  }

  const ReportOptions& options_;
  Report& report_;
  std::array<bool, kChangeKindCount> drawn_{};
};

std::string score_table(const Evaluation& evaluation) {
  const metrics::Block* blocks[] = {&evaluation.all, &evaluation.changed, &evaluation.unchanged};
  std::string rows = "<tr><th scope=\"row\">pairs</th>";
  for (const auto* block : blocks) rows += "<td>" + std::to_string(block->scores.n) + "</td>";
  rows += "</tr>";
  const std::vector<NamedScore> named = named_scores(evaluation.all.scores);
  for (std::size_t row = 0; row < named.size(); ++row) {
    if (!named[row].value) continue;
    rows += "<tr><th scope=\"row\">" + escape(named[row].label) + "</th>";
    for (const auto* block : blocks) {
      const auto value = named_scores(block->scores)[row].value;
      rows += "<td>" + (block->scores.n == 0 || !value ? std::string("&ndash;") : format("%.4f", *value));
      if (row < block->intervals.size() && block->intervals[row]) {
        rows += "<small>" + format("%.3f", block->intervals[row]->low) + " &ndash; " +
                format("%.3f", block->intervals[row]->high) + "</small>";
      }
      rows += "</td>";
    }
    rows += "</tr>";
  }
  return "<div class=\"scroll\"><table><caption>Scores, protocol " + protocol_name(evaluation.options.protocol) +
         (evaluation.has_meteor ? "" : ", without METEOR") +
         "</caption><thead><tr><td></td><th scope=\"col\">all</th><th scope=\"col\">changed</th><th "
         "scope=\"col\">unchanged</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>\n";
}

std::string flag_table(const metrics::Confusion& flag) {
  const auto row = [](const std::string& name, std::size_t changed, std::size_t same) {
    return "<tr><th scope=\"row\">" + name + "</th><td>" + std::to_string(changed) + "</td><td>" +
           std::to_string(same) + "</td></tr>";
  };
  return "<div class=\"scroll\"><table><caption>Change flag, " + format("%.2f", 100 * flag.accuracy()) +
         " % right</caption><thead><tr><td></td><th scope=\"col\">said changed</th><th scope=\"col\">said "
         "unchanged</th></tr></thead><tbody>" +
         row("changed pairs", flag.changed_as_changed, flag.changed_as_unchanged) +
         row("unchanged pairs", flag.unchanged_as_changed, flag.unchanged_as_unchanged) + "</tbody></table></div>\n";
}

std::string histograms(const Evaluation& evaluation) {
  Histogram quality_of{
      "Score of the sentences", evaluation.has_meteor ? "S*_m" : "ROUGE-L", 0, 1, 20, {}, "changed", {}, "unchanged"};
  Histogram length{"Words in a caption", "words", 0, 10, 10, {}, "captions", {}, "references"};
  Histogram p_change{"Probability of a change", "p(change)", 0, 1, 20, {}, "changed", {}, "unchanged"};
  const auto words = [](const std::string& text) {
    return static_cast<double>(metrics::split_whitespace(text).size());
  };
  for (const EvaluatedPair& pair : evaluation.pairs) {
    if (!pair.prediction.error.empty()) continue;
    if (const auto score = quality(pair))
      (pair.reference_changed ? quality_of.values : quality_of.others).push_back(*score);
    length.values.push_back(words(pair.prediction.caption));
    for (const std::string& reference : pair.references) {
      length.others.push_back(words(reference));
    }
    if (pair.prediction.p_change) {
      (pair.reference_changed ? p_change.values : p_change.others).push_back(*pair.prediction.p_change);
    }
  }
  quality_of.high = 1;
  for (const auto* values : {&quality_of.values, &quality_of.others}) {
    for (double value : *values) quality_of.high = std::max(quality_of.high, std::ceil(4 * value) / 4);
  }
  quality_of.bins = std::min(26, static_cast<int>(20 * quality_of.high));
  double longest = 10;
  for (double value : length.values) longest = std::max(longest, value);
  for (double value : length.others) longest = std::max(longest, value);
  length.high = std::min(60.0, longest) + 1;
  length.bins = static_cast<int>(length.high);
  return "<div class=\"charts\">" + draw(quality_of) + draw(length) + draw(p_change) +
         (evaluation.calibration ? draw(*evaluation.calibration) : "") + "</div>\n";
}

std::string filters(const Evaluation& evaluation, bool has_scores, const std::string& legend) {
  const auto count = [&](const std::string& kind) {
    std::size_t n = 0;
    for (const EvaluatedPair& pair : evaluation.pairs)
      n += (" " + kinds(pair, has_scores) + " ").find(" " + kind + " ") != std::string::npos;
    return n;
  };
  std::string html;
  const auto add = [&](const std::string& kind, const std::string& name, std::size_t n) {
    html += "<label><input type=\"radio\" name=\"kind\" value=\"" + kind + "\"" + (kind.empty() ? " checked" : "") +
            "><span>" + name + " <b>" + std::to_string(n) + "</b></span></label>";
  };
  add("", "all", evaluation.pairs.size());
  if (has_scores) {
    add("changed", "changed", count("changed"));
    add("unchanged", "unchanged", count("unchanged"));
    add("missed", "missed changes", count("missed"));
    add("alarm", "false alarms", count("alarm"));
  } else {
    add("said-changed", "said changed", count("said-changed"));
    add("said-same", "said unchanged", count("said-same"));
  }
  add("failed", "failed", count("failed"));
  std::string orders = "<option value=\"order\">input order</option>";
  if (has_scores) orders += "<option value=\"score\">worst first</option><option value=\"score-\">best first</option>";
  const bool sure = std::any_of(evaluation.pairs.begin(), evaluation.pairs.end(),
                                [](const EvaluatedPair& pair) { return pair.prediction.logprob_mean.has_value(); });
  if (sure) orders += "<option value=\"sure\">least sure first</option>";
  return "<form class=\"controls\" id=\"controls\"><fieldset><legend>Show</legend>" + html +
         "</fieldset><label class=\"field\">Order <select name=\"order\">" + orders +
         "</select></label><label class=\"field\">Find <input type=\"search\" name=\"text\" placeholder=\"words, id\" "
         "autocomplete=\"off\"></label><output id=\"shown\"></output>" +
         legend + "</form>\n";
}

}  // namespace

metrics::Evaluation without_references(const std::vector<metrics::Prediction>& predictions,
                                       const std::vector<std::string>& no_change_sentences) {
  const std::vector<std::string>& no_change =
      no_change_sentences.empty() ? levir_cc_no_change_sentences() : no_change_sentences;
  metrics::Evaluation evaluation;
  std::unordered_set<std::string> seen;
  for (const metrics::Prediction& prediction : predictions) {
    if (!seen.insert(prediction.id).second) {
      evaluation.duplicates.push_back(prediction.id);
      continue;
    }
    const bool changed = prediction.changed.value_or(!is_no_change(prediction.caption, no_change));
    evaluation.pairs.push_back({prediction, {}, changed, changed, std::nullopt});
    if (!prediction.error.empty()) ++evaluation.failed;
  }
  return evaluation;
}

Report make_report(const Evaluation& evaluation, const ReportOptions& options) {
  Report report;
  Gallery gallery(options, report);
  std::string cards;
  for (std::size_t i = 0; i < evaluation.pairs.size(); ++i) cards += gallery.card(evaluation.pairs[i], i);

  std::string summary = counted(evaluation.pairs.size(), "pair");
  if (evaluation.failed != 0) summary += ", " + std::to_string(evaluation.failed) + " failed";
  if (!evaluation.missing.empty())
    summary += ", " + counted(evaluation.missing.size(), "reference") + " without a caption";
  if (!evaluation.duplicates.empty()) summary += ", " + counted(evaluation.duplicates.size(), "repeated id");
  std::string body = "<header><h1>" + escape(options.title) + "</h1><p>" + escape(summary) + "</p></header>\n<main>";
  body += "<section class=\"summary\" aria-label=\"Scores\">";
  if (options.has_scores) body += score_table(evaluation);
  body += "<div class=\"side\">" + (options.has_scores ? flag_table(evaluation.flag) : "") + histograms(evaluation) +
          "</div></section>\n<section aria-label=\"Pairs\">" +
          filters(evaluation, options.has_scores, gallery.legend()) + "<ol class=\"gallery\" id=\"gallery\">\n" +
          cards + "</ol></section></main>\n";
  body +=
      "<footer><p>Keys: <kbd>j</kbd> next pair, <kbd>k</kbd> previous, <kbd>Enter</kbd> references, <kbd>/</kbd> "
      "find" +
      std::string(gallery.legend().empty() ? "" : ", <kbd>o</kbd> outlines") + ".</p><p>" + escape(options.command) +
      "</p></footer>";
  report.html = page(options.title, body, Script::kGallery);
  return report;
}

}  // namespace ccx::report
