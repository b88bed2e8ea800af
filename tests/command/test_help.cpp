// What ccx tells of itself: help texts, pages, the nearest name, completion, the man page, and docs that are not stale.
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using ccx::test::contains;
using ccx::test::lines_of;
using ccx::test::ProcessResult;
using ccx::test::quoted;
using ccx::test::read_file;
using ccx::test::run_ccx;
using ccx::test::run_shell;
using nlohmann::json;

namespace {

// Every command of this build, as the command itself lists them for programs.
json declarations() {
  const ProcessResult result = run_ccx("help --json");
  REQUIRE(result.exit_code == 0);
  return json::parse(result.out).at("commands");
}

std::size_t columns(const std::string& line) {
  std::size_t out = 0;
  for (const char c : line) out += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return out;
}

}  // namespace

TEST_CASE("every command's help fits 80 columns and has options in groups, examples and exit codes") {
  const json commands = declarations();
  CHECK(commands.size() >= 10);
  const std::string version = run_ccx("version").out;
  for (const json& command : commands) {
    const std::string name = command.at("name");
    CAPTURE(name);
    const ProcessResult help = run_ccx(name + " --help");
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK_THAT(help.out, contains("\nUsage:\n  ccx " + name) && contains("\nExamples:\n") &&
                             contains("\nExit codes:\n") && contains("\nIn every command:\n  -q, --quiet") &&
                             contains("--log-json") && contains("--version"));
    for (const std::string& line : lines_of(help.out)) {
      CAPTURE(line);
      CHECK(columns(line) <= 80);
      // What a parser would print of its own.
      for (const char* raw : {"TEXT:{", "(0x)", ":INT", ":UINT", ":FLOAT", "Excludes:", "Needs:", "REQUIRED"}) {
        CHECK(line.find(raw) == std::string::npos);
      }
    }
    for (const json& option : command.at("options")) {
      CAPTURE(option.at("name"));
      CHECK_FALSE(option.at("help").get<std::string>().empty());
      CHECK_FALSE(option.at("group").get<std::string>().empty());
    }
    CHECK(run_ccx("help " + name).out == help.out);
    CHECK(run_ccx(name + " -h --nonsense").out == help.out);
    CHECK(run_ccx(name + " --version").out == version);
  }
}

TEST_CASE("a group's help has its commands, an example of each, and the exit codes that they have") {
  std::map<std::string, std::vector<std::string>> groups;
  for (const json& command : declarations()) {
    const std::string name = command.at("name");
    const std::size_t blank = name.find(' ');
    if (blank != std::string::npos) groups[name.substr(0, blank)].push_back(name.substr(blank + 1));
  }
  CHECK_FALSE(groups.empty());
  for (const auto& [group, commands] : groups) {
    CAPTURE(group);
    const ProcessResult help = run_ccx(group + " --help");
    CHECK(help.exit_code == 0);
    CHECK_THAT(help.out, contains("\nUsage:\n  ccx " + group + " COMMAND") && contains("\nExamples:\n") &&
                             contains("\nExit codes:\n") && contains("\n  2     nothing was begun") &&
                             contains("\nIn every command:\n") && contains("--log-json"));
    for (const std::string& command : commands) {
      CHECK_THAT(help.out, contains("\n  " + command + " ") && contains("  ccx " + group + " " + command + " "));
    }
    for (const std::string& line : lines_of(help.out)) CHECK(columns(line) <= 80);
  }
}

TEST_CASE("a wider terminal gets longer lines") {
  const auto longest = [](const std::string& text) {
    std::size_t out = 0;
    for (const std::string& line : lines_of(text)) out = std::max(out, columns(line));
    return out;
  };
  const std::string command = quoted(ccx::test::ccx_binary().string()) + " eval --help";
  CHECK(longest(run_shell("COLUMNS=100 " + command).out) > 80);
  CHECK(longest(run_shell("COLUMNS=60 " + command).out) <= 60);
}

TEST_CASE("ccx help lists commands and pages, ccx help PAGE prints one") {
  const ProcessResult overview = run_ccx("help");
  CHECK(overview.exit_code == 0);
  CHECK(overview.out == run_ccx("--help").out);
  CHECK_THAT(overview.out, contains("\n  eval ") && contains("captioning") && contains("\n  130 "));
  const ProcessResult page = run_ccx("help captioning");
  CHECK(page.exit_code == 0);
  CHECK_THAT(page.out, contains("# Captioning") && contains("Where pairs come from"));
  // A command has the name: its help comes first, and the page on request.
  CHECK_THAT(run_ccx("help scenes").out, contains("ccx scenes [OPTIONS]"));
  CHECK_THAT(run_ccx("help scenes --page").out, contains("# Scenes"));
  CHECK_THAT(run_ccx("help data check").out, contains("ccx data check [OPTIONS]"));
  CHECK_THAT(run_ccx("help data").out, contains("convert"));
  CHECK(run_ccx("help data").out == run_ccx("data --help").out);
  const ProcessResult unknown = run_ccx("help captionning");
  CHECK(unknown.exit_code == 2);
  CHECK_THAT(unknown.err, contains("did you mean captioning?"));
}

TEST_CASE("a command that is not there names the nearest") {
  const ProcessResult typo = run_ccx("evla");
  CHECK(typo.exit_code == 2);
  CHECK(typo.out.empty());
  CHECK_THAT(typo.err, contains("there is no command evla; did you mean ccx eval?"));
  CHECK_THAT(run_ccx("data chekc").err, contains("did you mean ccx data check?"));
  CHECK_THAT(run_ccx("zebra").err, contains("ccx help lists"));
  for (const char* nothing : {"", "data", "--nonsense", "data --nonsense"}) {
    CAPTURE(nothing);
    const ProcessResult result = run_ccx(nothing);
    CHECK(result.exit_code == 2);
    CHECK_FALSE(result.err.empty());
  }
  const ccx::test::CaptionCase c;
  CHECK_THAT(c.ccx("captoin").err, contains("did you mean ccx caption?"));
}

TEST_CASE("ccx version and --version are one") {
  const ProcessResult version = run_ccx("version");
  CHECK(version.exit_code == 0);
  CHECK(version.out.starts_with("ccx "));
  CHECK(run_ccx("--version").out == version.out);
}

TEST_CASE("an unknown option is told before what is missing, with the nearest") {
  const ccx::test::CaptionCase c;
  const ProcessResult typo = c.ccx("caption --limti 3");
  CHECK(typo.exit_code == 2);
  CHECK_THAT(typo.err, contains("there is no option --limti; did you mean --limit?"));
  CHECK_THAT(run_ccx("report --tittle x").err, contains("did you mean --title?"));
  CHECK_THAT(run_ccx("scenes --out").err, contains("--out needs a value behind it: --out DIR"));
  CHECK_THAT(run_ccx("scenes --out --count 3").err,
             contains("--out needs a value behind it: --out DIR; --count is an option"));
  CHECK_THAT(run_ccx("scenes --out -q --count 3").err, contains("-q is an option (as a value: --out=-q)"));
  CHECK_THAT(run_ccx("data tokenizer --text --out=x --vocab 300").err, contains("--text needs a value behind it"));
  CHECK_THAT(run_ccx("scenes --format jpg --out a --count 1").err,
             contains("there is no option --format; did you mean --image-format?"));
  CHECK_THAT(run_ccx("scenes --count 3").err, contains("--out DIR is required"));
  CHECK_THAT(run_ccx("scenes --out a --out b --count 3").err, contains("--out is given twice"));
  CHECK_THAT(run_ccx("eval stray").err, contains("'stray'"));
}

TEST_CASE("a number out of its range is told with the range that is meant") {
  const ccx::test::CaptionCase c;
  CHECK(c.ccx("caption --in pairs --out x --limit 0").err == "ccx: --limit 0: expected a whole number of at least 1\n");
  CHECK(run_ccx("scenes --out a --count 0").err == "ccx: --count 0: expected a whole number from 1 to 10000000\n");
  CHECK(run_ccx("eval --pred x --bootstrap 1e9").err ==
        "ccx: --bootstrap 1e9: expected a whole number from 0 to 100000\n");
}

TEST_CASE("errors are said however quiet a command is, and as JSON where that is asked for") {
  CHECK_THAT(run_ccx("eval --pred missing.jsonl --quiet").err, contains("missing.jsonl"));
  CHECK_THAT(run_ccx("evla -q").err, contains("did you mean"));
  const json error = json::parse(run_ccx("eval --pred missing.jsonl --log-json").err);
  CHECK(error.at("event") == "error");
  CHECK_THAT(error.at("message").get<std::string>(), contains("missing.jsonl"));
  CHECK_THAT(run_ccx("version --quiet --log-json").err, contains("exclude each other"));
}

TEST_CASE("notes and results are silent with --quiet and events with --log-json, in every command") {
  const ccx::test::TempDir dir;
  const std::string scenes = "scenes --count 2 --size 64 --out " + quoted((dir / "s").string());
  const ProcessResult quiet = run_ccx(scenes + " -q");
  CHECK(quiet.exit_code == 0);
  CHECK(quiet.err.empty());
  const ProcessResult told = run_ccx("data convert " + quoted((dir / "s/LevirCCcaptions.json").string()) +
                                     " --to jsonl --log-json --out " + quoted((dir / "x.jsonl").string()));
  CHECK(told.exit_code == 0);
  REQUIRE_FALSE(told.err.empty());
  for (const std::string& line : lines_of(told.err)) CHECK(json::parse(line).at("event") == "note");
}

TEST_CASE("completion scripts are what their shells accept, and complete names, options and choices") {
  const ccx::test::TempDir dir;
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    CAPTURE(shell);
    const ProcessResult script = run_ccx("completion " + shell);
    REQUIRE(script.exit_code == 0);
    ccx::test::write_file(dir / shell, script.out);
    const ProcessResult parsed = run_shell(shell + " -n " + quoted((dir / shell).string()));
    CHECK(parsed.exit_code == 0);
    CHECK(parsed.err.empty());
  }
  // The last word is what is being typed.
  const auto complete = [&](const std::string& words, int count) {
    return run_shell("source " + quoted((dir / "bash").string()) + "; COMP_WORDS=(" + words +
                     "); COMP_CWORD=" + std::to_string(count) + "; _ccx; printf '%s ' \"${COMPREPLY[@]}\"")
        .out;
  };
  CHECK_THAT(complete("ccx ev", 1), contains("eval"));
  CHECK_THAT(complete("ccx eval --boot", 2), contains("--bootstrap"));
  CHECK(complete("ccx eval --protocol coco", 3) == "coco-ptb ");
  CHECK(complete("ccx data ch", 2) == "check ");
  CHECK_THAT(complete("ccx data convert --to uni", 4), contains("universal"));
  CHECK_THAT(complete("ccx help capt", 2), contains("captioning"));
  CHECK(run_ccx("completion tcsh").exit_code == 2);
}

TEST_CASE("zsh and fish complete options of a command") {
  const ccx::test::TempDir dir;
  ccx::test::write_file(dir / "fish", run_ccx("completion fish").out);
  const ProcessResult fish = run_shell("HOME=" + quoted(dir.path().string()) + " fish --no-config -c " +
                                       quoted("source " + (dir / "fish").string() + "; complete -C 'ccx eval --boot'"));
  CHECK_THAT(fish.out, contains("--bootstrap"));
  ccx::test::write_file(dir / "zsh/_ccx", run_ccx("completion zsh").out);
  const ProcessResult zsh = run_shell(
      "zsh -f -c " + quoted("fpath=(" + (dir / "zsh").string() +
                            " $fpath); autoload -Uz compinit; compinit -D; whence -w _ccx; print $_comps[ccx]"));
  CHECK_THAT(zsh.out, contains("_ccx: function") && contains("\n_ccx"));
}

TEST_CASE("the man page has every command and nothing that groff stumbles over") {
  const ProcessResult page = run_ccx("help --man");
  REQUIRE(page.exit_code == 0);
  for (const json& command : declarations()) {
    CHECK_THAT(page.out, contains(".SH \"ccx " + command.at("name").get<std::string>() + "\""));
  }
  const ccx::test::TempDir dir;
  ccx::test::write_file(dir / "ccx.1", page.out);
  const ProcessResult shown = run_shell("groff -man -Tascii -ww -z " + quoted((dir / "ccx.1").string()));
  CHECK(shown.exit_code == 0);
  CHECK(shown.err.empty());
}

TEST_CASE("docs/cli.md is what the declarations say, `make docs` writes it anew") {
  const std::string docs = read_file(std::filesystem::path(CCX_TEST_SOURCE) / "docs/cli.md");
  const std::string fresh = run_ccx("help --markdown").out;
  // A build without LibTorch has fewer commands: each of its sections must be there as it is.
  std::size_t sections = 0;
  for (std::size_t at = fresh.find("<!-- ccx "); at != std::string::npos; at = fresh.find("<!-- ccx ", at + 1)) {
    const std::string section = fresh.substr(at, fresh.find("<!-- end -->", at) - at);
    CAPTURE(section.substr(0, 40));
    CHECK(docs.find(section) != std::string::npos);
    ++sections;
  }
  CHECK(sections == declarations().size());
}
