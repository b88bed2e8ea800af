// `ccx caption` on input and output that is broken: the exit code, the message, and the pairs beside it.
#include <sys/stat.h>

#include <string>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"

using ccx::test::CaptionCase;
using ccx::test::contains;
using ccx::test::lines_of;
using ccx::test::ProcessResult;
using ccx::test::read_file;
using ccx::test::write_file;
using ccx::test::write_picture;

namespace {

// A PNG that says 60,000 x 60,000 and holds nothing: the header's checksum is right.
std::string huge_png() {
  const std::string header("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0", 29);
  const std::string checksum("\x0F\xB0\xE2\x15", 4);
  return header + checksum + std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12);
}

// The record of a pair whose after image holds `content`, run beside a good pair.
std::string record_of_bad_image(const std::string& content, const std::string& name = "bad.png") {
  const CaptionCase c(1);
  write_picture(c / ("pairs/A/" + name), 50);
  write_file(c / ("pairs/B/" + name), content);
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 3);
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 2);
  CHECK_THAT(lines[0], contains(R"("caption")"));
  return lines[1];
}

}  // namespace

TEST_CASE("images that cannot be decoded are failed records that name the file") {
  const CaptionCase c;
  write_picture(c / "whole.png", 3);
  const std::string whole = read_file(c / "whole.png");
  for (const std::string& content : {std::string(), std::string("this is no image"), whole.substr(0, whole.size() / 2),
                                     whole.substr(0, 20), std::string(100, '\0')}) {
    const std::string record = record_of_bad_image(content);
    CHECK_THAT(record, contains(R"("error":{"code":"decode_image","message":")") && contains("pairs/B/bad.png"));
  }
}

TEST_CASE("an image of 60,000 x 60,000 pixels is too large, found from its header") {
  const std::string record = record_of_bad_image(huge_png());
  CHECK_THAT(record, contains(R"("code":"too_large")") && contains("60000"));
}

TEST_CASE("an image of one pixel is captioned") {
  const CaptionCase c;
  write_picture(c / "pairs/A/x.png", 1, 1, 1);
  write_picture(c / "pairs/B/x.png", 2, 1, 1);
  CHECK(c.caption().exit_code == 0);
}

TEST_CASE("files that are no regular files are failed records, and nothing waits for them") {
  const CaptionCase c(1);
  write_picture(c / "pairs/A/fifo.png", 1);
  ::mkfifo((c / "pairs/B/fifo.png").c_str(), 0600);
  ::mkfifo((c / "pairs/B/stack.vrt").c_str(), 0600);
  write_picture(c / "pairs/A/loop.png", 1);
  std::filesystem::create_symlink("loop.png", c / "pairs/B/loop.png");
  write_picture(c / "pairs/A/broken.png", 1);
  std::filesystem::create_symlink("nowhere.png", c / "pairs/B/broken.png");
  CHECK(c.caption().exit_code == 3);
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 5);
  for (const std::size_t i : {1, 2, 3}) CHECK_THAT(lines[i], contains(R"("code":"decode_image")"));
  CHECK_THAT(lines[4], contains(R"("code":"missing_before")"));
}

TEST_CASE("a link back to a folder above is passed over and said") {
  const CaptionCase c(2);
  std::filesystem::create_directory_symlink("..", c / "pairs/A/loop");
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.err, contains("pairs/A/loop is a link back"));
  CHECK(lines_of(c.output()).size() == 2);
}

TEST_CASE("inputs without pairs end with exit code 2 and say what was expected") {
  const CaptionCase c;
  std::filesystem::create_directories(c / "empty");
  const ProcessResult empty = c.ccx("caption --in empty --out c.jsonl --model model");
  CHECK(empty.exit_code == 2);
  CHECK_THAT(empty.err, contains("empty holds no images") && contains("A/ and B/"));
  const ProcessResult missing = c.ccx("caption --in nowhere --out c.jsonl --model model");
  CHECK(missing.exit_code == 2);
  CHECK_THAT(missing.err, contains("no input at nowhere"));
  write_file(c / "m.jsonl", "{\"id\":\"x\",\"before\":\"../../etc/passwd\",\"after\":\"b\"}");
  const ProcessResult outside = c.ccx("caption --in m.jsonl --out c.jsonl --model model");
  CHECK(outside.exit_code == 2);
  CHECK_THAT(outside.err, contains("m.jsonl:1") && contains("outside"));
  CHECK_FALSE(std::filesystem::exists(c / "c.jsonl"));
}

TEST_CASE("an output that cannot be written is found before the model is loaded") {
  const CaptionCase c(1);
  write_file(c / "file", "x");
  for (const std::string out : {"nowhere/c.jsonl", "file/c.jsonl", "pairs", "/proc/c.jsonl"}) {
    const ProcessResult result = c.ccx("caption --in pairs --model model --out " + out, "FAKE_NO_MODEL=1");
    INFO(out);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("cannot write"));
  }
  const ProcessResult heat = c.caption("--heatmaps file/heat", "FAKE_NO_MODEL=1");
  CHECK(heat.exit_code == 2);
  CHECK_THAT(heat.err, contains("file/heat"));
  CHECK_FALSE(std::filesystem::exists(c / "c.jsonl"));
}

TEST_CASE("a model that is none ends with exit code 2 and leaves no output behind") {
  const CaptionCase c(1);
  const ProcessResult none = c.ccx("caption --in pairs --out c.jsonl --model nowhere");
  CHECK(none.exit_code == 2);
  CHECK_THAT(none.err, contains("no model at nowhere"));
  const ProcessResult broken = c.caption("", "FAKE_NO_MODEL=1");
  CHECK(broken.exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(c / "c.jsonl"));
  CHECK_FALSE(std::filesystem::exists(c / "c.jsonl.run.json"));
  const ProcessResult unset = c.ccx("caption --in pairs --out c.jsonl", "CCX_MODEL=elsewhere");
  CHECK(unset.exit_code == 2);
  CHECK_THAT(unset.err, contains("CCX_MODEL names elsewhere"));
  CHECK(c.ccx("caption --in pairs --out c.jsonl", "CCX_MODEL=model").exit_code == 0);
}

TEST_CASE("names with spaces, newlines, quotes and bytes that are not UTF-8 run, and resume") {
  const CaptionCase c;
  unsigned seed = 0;
  for (const std::string name : {"a b", "line\nbreak", "it's \"x\"", "\xFF\xFE", "100%", "-", "d\xC3\xB6rf"}) {
    write_picture(c / ("pairs/A/" + name + ".png"), ++seed);
    write_picture(c / ("pairs/B/" + name + ".png"), ++seed);
  }
  CHECK(c.caption("--heatmaps heat").exit_code == 0);
  const std::string reference = c.output();
  const auto lines = lines_of(reference);
  REQUIRE(lines.size() == 7);
  CHECK_THAT(reference,
             contains(R"("id":"%FF%FE","before":"pairs/A/%FF%FE.png")") && contains(R"("id":"line\nbreak")"));
  write_file(c / "c.jsonl", lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n");
  CHECK(c.caption("--heatmaps heat --resume").exit_code == 0);
  CHECK(c.output() == reference);
}

TEST_CASE("what a list writes moves no cursor on the terminal") {
  const CaptionCase c;
  write_file(c / "l.jsonl", R"({"id":"a","before":"A/no\u001b[2J.png","after":"B/no.png"})"
                            "\n");
  const ProcessResult result = c.ccx("caption --in l.jsonl --out l.out.jsonl");
  CHECK(result.exit_code == 3);
  CHECK_THAT(result.err, contains("A/no\\x1B[2J.png"));
  CHECK(result.err.find('\x1B') == std::string::npos);
  write_file(c / "bad.jsonl", "{\"id\":\"\xFF\"}\n");
  const ProcessResult bad = c.ccx("caption --in bad.jsonl --dry-run");
  CHECK(bad.exit_code == 2);
  CHECK(bad.err.find('\xFF') == std::string::npos);
}

TEST_CASE("a picture and a folder are no pair, and a number of many digits is no id") {
  const CaptionCase c;
  write_picture(c / "A/x.png", 1);
  const ProcessResult result = c.ccx("caption A/x.png A");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, contains("A/x.png is a file and A a folder: name two pictures, or two folders"));
  write_file(c / "l.jsonl", R"({"id":123456789012345678901234567890,"before":"A/x.png","after":"A/x.png"})"
                            "\n");
  CHECK_THAT(c.ccx("caption --in l.jsonl --dry-run").err, contains("of more than 64 bits: write it in quotes"));
}
