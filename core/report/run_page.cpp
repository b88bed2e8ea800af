#include "core/report/run_page.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/metrics/scores.h"
#include "core/report/html.h"
#include "core/report/line_chart.h"
#include "core/report/page.h"

namespace ccx::report {
namespace {

constexpr std::size_t kMostRows = 40;    // of the table of evaluations
constexpr std::size_t kMostScores = 12;  // its columns, and charts

std::string score_label(const std::string& name) {
  for (const metrics::NamedScore& known : metrics::named_scores({})) {
    if (name == known.name) return known.label;
  }
  if (name == "flag_accuracy") return "change flag right";
  if (name.rfind("map_", 0) == 0) return "maps: " + name.substr(4);
  if (name == "mean_without_meteor") return "mean without METEOR";
  return name;
}

// Steps over which curves are smoothed: a fiftieth of the run.
std::size_t window_of(const RunLog& run) {
  return std::clamp<std::size_t>(run.steps.size() / 50, 1, 1000);
}

// The mean of the finite values among the `window` around each, fewer at the ends; a gap stays one.
std::vector<double> smoothed(const std::vector<double>& values, std::size_t window) {
  std::vector<double> sums = {0}, counts = {0};
  for (const double value : values) {
    sums.push_back(sums.back() + (std::isfinite(value) ? value : 0));
    counts.push_back(counts.back() + (std::isfinite(value) ? 1 : 0));
  }
  std::vector<double> out;
  out.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t begin = i - std::min(window / 2, i);
    const std::size_t end = std::min(values.size(), i + window / 2 + 1);
    const double mean = (sums[end] - sums[begin]) / (counts[end] - counts[begin]);
    out.push_back(std::isfinite(values[i]) ? mean : values[i]);
  }
  return out;
}

double last_finite(const std::vector<double>& values) {
  const auto found = std::find_if(values.rbegin(), values.rend(), [](double value) { return std::isfinite(value); });
  return found == values.rend() ? NAN : *found;
}

struct Curves {
  std::vector<double> step, loss, map_loss, norm, lr, tower_lr, speed;
  explicit Curves(const RunLog& run) {
    for (const StepLine& line : run.steps) {
      step.push_back(static_cast<double>(line.step));
      loss.push_back(line.loss);
      map_loss.push_back(line.map_loss);
      norm.push_back(line.grad_norm);
      lr.push_back(line.lr);
      tower_lr.push_back(line.tower_lr);
      speed.push_back(line.seconds > 0 ? line.pairs / line.seconds : NAN);
    }
  }
};

LineChart raw_and_smooth(const std::string& title, const Curves& curves, const std::vector<double>& values,
                         std::size_t window) {
  LineChart chart;
  chart.title = title;
  if (window > 1) {
    chart.lines.push_back({"each step", Line::Look::kFaint, curves.step, values});
    chart.lines.push_back(
        {"mean of " + std::to_string(window), Line::Look::kMain, curves.step, smoothed(values, window)});
  } else {
    chart.lines.push_back({title, Line::Look::kMain, curves.step, values});
  }
  return chart;
}

std::string training_charts(const RunLog& run, const Curves& curves) {
  const std::size_t window = window_of(run);
  LineChart speed = raw_and_smooth("Pairs a second", curves, curves.speed, window);
  speed.scale = LineChart::Scale::kFromZero;
  LineChart rate;
  rate.title = "Learning rate";
  rate.scale = LineChart::Scale::kFromZero;
  rate.lines.push_back({"learning rate", Line::Look::kMain, curves.step, curves.lr});
  const bool same = std::equal(curves.lr.begin(), curves.lr.end(), curves.tower_lr.begin(),
                               [](double a, double b) { return a == b || !std::isfinite(b); });
  if (!same) rate.lines.push_back({"the tower's", Line::Look::kOther, curves.step, curves.tower_lr});
  LineChart loss = raw_and_smooth("Loss", curves, curves.loss, window);
  loss.scale = LineChart::Scale::kLogarithmic;
  LineChart norm = raw_and_smooth("Gradient norm before clipping", curves, curves.norm, window);
  norm.scale = LineChart::Scale::kLogarithmic;
  return "<section aria-label=\"Training\"><h2>Training</h2><div class=\"charts\">" + draw(loss) +
         draw(raw_and_smooth("Loss of the maps", curves, curves.map_loss, window)) + draw(rate) + draw(speed) +
         draw(norm) + "</div></section>\n";
}

// The names of all scores: the one that chooses the best first, then the others in the order of `ccx eval`.
std::vector<std::string> score_names(const RunLog& run) {
  std::set<std::string> all;
  for (const EvaluationLine& line : run.evaluations) {
    for (const auto& [name, value] : line.scores) {
      if (all.size() < 1000) all.insert(name);
    }
  }
  std::vector<std::string> names;
  const auto take = [&](const std::string& name) {
    if (all.erase(name) != 0) names.push_back(name);
  };
  take(run.evaluations.back().best_by);
  for (const metrics::NamedScore& known : metrics::named_scores({})) take(known.name);
  names.insert(names.end(), all.begin(), all.end());
  if (names.size() > kMostScores) names.resize(kMostScores);
  return names;
}

double score_of(const EvaluationLine& line, const std::string& name) {
  const auto found = line.scores.find(name);
  return found == line.scores.end() ? NAN : found->second;
}

std::string evaluation_table(const RunLog& run, const std::vector<std::string>& names, const EvaluationLine* best) {
  const std::size_t count = run.evaluations.size();
  const std::size_t stride = (count + kMostRows - 1) / kMostRows;
  std::string head = "<th scope=\"col\">step</th>", rows;
  for (const std::string& name : names) head += "<th scope=\"col\">" + escape(score_label(name)) + "</th>";
  std::size_t shown = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const EvaluationLine& line = run.evaluations[i];
    if ((count - 1 - i) % stride != 0 && &line != best) continue;
    ++shown;
    rows += std::string(&line == best ? "<tr class=\"best\">" : "<tr>") + "<th scope=\"row\">" +
            std::to_string(line.step) + (&line == best ? " best" : "") + "</th>";
    for (const std::string& name : names) {
      const double score = score_of(line, name);
      rows += "<td>" + (std::isfinite(score) ? format("%.4f", score) : std::string("&ndash;")) + "</td>";
    }
    rows += "</tr>";
  }
  const std::string which = shown == count ? "" : ", " + std::to_string(shown) + " of " + std::to_string(count);
  return "<div class=\"scroll\"><table><caption>Evaluations" + which + "</caption><thead><tr>" + head +
         "</tr></thead><tbody>" + rows + "</tbody></table></div>\n";
}

std::string evaluations(const RunLog& run, const EvaluationLine* best) {
  if (run.evaluations.empty()) return "";
  const EvaluationLine& last = run.evaluations.back();
  std::string charts;
  const std::vector<std::string> names = score_names(run);
  for (const std::string& name : names) {
    // The table has them.
    if (name == "bleu_1" || name == "bleu_2" || name == "bleu_3" ||
        (name == "mean_without_meteor" && name != last.best_by))
      continue;
    LineChart chart;
    chart.title = score_label(name);
    Line line;
    line.name = score_label(name);
    for (const EvaluationLine& one : run.evaluations) {
      line.x.push_back(static_cast<double>(one.step));
      line.y.push_back(score_of(one, name));
    }
    const double now = last_finite(line.y);
    if (std::isfinite(now)) chart.summary = "last " + format("%.4f", now);
    chart.lines.push_back(std::move(line));
    if (best != nullptr) {
      chart.mark = static_cast<double>(best->step);
      chart.mark_name = "the best checkpoint's step";
    }
    charts += draw(chart);
  }
  return "<section aria-label=\"Evaluation\"><h2>Evaluation on split " + escape(last.split.empty() ? "?" : last.split) +
         ", " + std::to_string(last.pairs) + " pairs</h2><div class=\"charts\">" + charts + "</div>" +
         evaluation_table(run, names, best) + "</section>\n";
}

std::string settings(const RunLog& run) {
  if (run.settings.empty()) return "";
  constexpr std::size_t kTables = 3;
  const std::size_t rows = (run.settings.size() + kTables - 1) / kTables;
  std::string tables;
  for (std::size_t begin = 0; begin < run.settings.size(); begin += rows) {
    tables += "<table class=\"settings\"><tbody>";
    for (std::size_t i = begin; i < std::min(begin + rows, run.settings.size()); ++i) {
      const auto& [name, value] = run.settings[i];
      tables +=
          "<tr><th scope=\"row\">" + escape(name) + "</th><td>" + escape(value.empty() ? "-" : value) + "</td></tr>";
    }
    tables += "</tbody></table>";
  }
  return "<section aria-label=\"Settings\"><h2>Settings (run.json)</h2><div class=\"tables\">" + tables +
         "</div></section>\n";
}

std::string facts(const RunLog& run, const EvaluationLine* best) {
  std::string html;
  const auto add = [&](const std::string& name, const std::string& value, const std::string& more) {
    html += "<div><dt>" + escape(name) + "</dt><dd>" + escape(value) +
            (more.empty() ? "" : "<small>" + escape(more) + "</small>") + "</dd></div>";
  };
  if (best != nullptr) {
    add("best checkpoint", "step " + std::to_string(best->step),
        score_label(best->best_by) + " " + format("%.4f", score_of(*best, best->best_by)) +
            (run.best.empty() ? "" : ", best -> " + run.best));
  }
  if (!run.last.empty()) add("last checkpoint", run.last.substr(run.last.rfind('/') + 1), "last -> " + run.last);
  const std::size_t window = window_of(run);
  double loss = 0;
  std::size_t counted = 0;
  for (std::size_t i = run.steps.size() - std::min(window, run.steps.size()); i < run.steps.size(); ++i) {
    if (!std::isfinite(run.steps[i].loss)) continue;
    loss += run.steps[i].loss;
    ++counted;
  }
  if (counted != 0) {
    add("loss", format("%.4f", loss / static_cast<double>(counted)),
        window > 1 ? "mean of the last " + std::to_string(window) + " steps" : "of the last step");
  }
  double pairs = 0, seconds = 0, waited = 0;
  std::size_t skipped = 0;
  for (const StepLine& line : run.steps) {
    pairs += line.pairs;
    seconds += line.seconds;
    waited += line.waited;
    skipped += std::isfinite(line.loss) ? 0 : 1;
  }
  if (seconds > 0) {
    add("pairs", short_number(pairs),
        format("%.3g", pairs / seconds) + " a second in " + format("%.2f", seconds / 3600) + " h of steps");
    add("waiting for data", format("%.1f", 100 * waited / seconds) + " %", "of the steps' time");
  }
  if (skipped != 0) add("no finite loss", std::to_string(skipped), "steps");
  return "<dl class=\"facts\">" + html + "</dl>\n";
}

std::string state(const RunLog& run) {
  const std::int64_t step = std::max(run.steps.empty() ? 0 : run.steps.back().step,
                                     run.evaluations.empty() ? 0 : run.evaluations.back().step);
  std::string text = "step " + std::to_string(step);
  if (run.total_steps) {
    text += " of " + std::to_string(*run.total_steps);
    text += step >= *run.total_steps ? ": finished"
                                     : ": not finished (running, or stopped; ccx train --resume auto goes on)";
  }
  return text;
}

std::string notes(const RunLog& run) {
  std::string html;
  const auto add = [&](const std::string& text) { html += "<p class=\"note\">" + escape(text) + "</p>"; };
  if (run.unreadable != 0)
    add(std::to_string(run.unreadable) + " lines of metrics.jsonl cannot be read and are left out");
  if (run.cut) add("the last line of metrics.jsonl is not complete and is left out");
  if (!run.settings_problem.empty()) add(run.settings_problem + ": no settings are shown");
  return html;
}

}  // namespace

std::string make_run_page(const RunLog& run, const std::string& title, const std::string& command) {
  const Curves curves(run);
  const EvaluationLine* best = best_evaluation(run);
  const std::string body = "<header><h1>" + escape(title) + "</h1><p>" + escape(state(run)) + "</p>" + notes(run) +
                           "</header>\n<main class=\"run\">" + facts(run, best) + training_charts(run, curves) +
                           evaluations(run, best) + settings(run) + "</main>\n<footer><p>" + escape(command) +
                           "</p></footer>";
  return page(title, body, Script::kNone);
}

}  // namespace ccx::report
