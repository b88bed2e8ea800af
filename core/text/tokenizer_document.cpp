// Streams a tokenizer.json: bulk lists into vectors, the rest into JSON values.
#include "core/text/tokenizer_document.h"

#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/io/json.h"

namespace ccx::text {

namespace {

using Json = nlohmann::json;

class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(const std::string& source) : source_(source) {}

  TokenizerDocument take() && { return std::move(document_); }

  bool null() override { return value(nullptr); }
  bool boolean(bool v) override { return value(v); }
  bool number_float(number_float_t v, const string_t&) override { return value(v); }
  bool binary(binary_t&) override { return value(nullptr); }

  bool number_integer(number_integer_t v) override {
    if (list_ == List::kVocabulary) return entry(v);
    return value(v);
  }

  bool number_unsigned(number_unsigned_t v) override {
    constexpr auto kMost = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    if (list_ == List::kVocabulary) return entry(static_cast<std::int64_t>(std::min(v, kMost)));
    return value(v);
  }

  bool string(string_t& v) override {
    if (list_ == List::kMerges) return merge_of_text(v);
    if (list_ == List::kPair) {
      pair_.push_back(std::move(v));
      return true;
    }
    return value(std::move(v));
  }

  bool key(string_t& k) override {
    key_ = std::move(k);
    return true;
  }

  bool start_object(std::size_t) override {
    if (at("vocab")) {
      value(Json::object());
      list_ = List::kVocabulary;
      return true;
    }
    open(Json::object());
    return true;
  }

  bool end_object() override {
    if (list_ == List::kVocabulary) {
      list_ = List::kNone;
    } else {
      open_.pop_back();
    }
    return true;
  }

  bool start_array(std::size_t) override {
    if (list_ == List::kMerges) {
      list_ = List::kPair;
      return true;
    }
    if (at("merges")) {
      value(Json::array());
      list_ = List::kMerges;
      return true;
    }
    open(Json::array());
    return true;
  }

  bool end_array() override {
    if (list_ == List::kPair) {
      if (pair_.size() != 2) refuse_merge();
      document_.merges.emplace_back(std::move(pair_[0]), std::move(pair_[1]));
      pair_.clear();
      list_ = List::kMerges;
    } else if (list_ == List::kMerges) {
      list_ = List::kNone;
    } else {
      open_.pop_back();
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    fail("not valid JSON (" + io::json_reason(error.what()) + ")");
  }

 private:
  enum class List { kNone, kVocabulary, kMerges, kPair };

  [[noreturn]] void fail(const std::string& what) const { throw InputError(source_ + ": " + what); }

  [[noreturn]] void refuse_merge() const {
    fail("model.merges[" + std::to_string(document_.merges.size()) + "]: expected two tokens");
  }

  // Whether what begins now is model.NAME.
  bool at(std::string_view name) {
    if (list_ != List::kNone || open_.size() != 2 || key_ != name) return false;
    const auto model = document_.rest.find("model");
    return model != document_.rest.end() && open_.back() == &*model;
  }

  bool value(Json v) {
    place(std::move(v));
    return true;
  }

  void open(Json container) { open_.push_back(&place(std::move(container))); }

  // Containers stay where they are while they are open: nothing is added to their parents meanwhile.
  Json& place(Json v) {
    if (list_ == List::kVocabulary) fail("the id of token \"" + key_ + "\" is not a whole number");
    if (list_ != List::kNone) refuse_merge();
    if (open_.empty()) return document_.rest = std::move(v);
    if (open_.back()->is_object()) return (*open_.back())[key_] = std::move(v);
    open_.back()->push_back(std::move(v));
    return open_.back()->back();
  }

  bool entry(std::int64_t id) {
    document_.vocabulary.emplace_back(std::move(key_), id);
    return true;
  }

  bool merge_of_text(const std::string& text) {
    const std::size_t space = text.find(' ');
    if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos) refuse_merge();
    document_.merges.emplace_back(text.substr(0, space), text.substr(space + 1));
    return true;
  }

  const std::string& source_;
  TokenizerDocument document_;
  std::vector<Json*> open_;  // containers that have begun and not ended
  std::string key_;
  List list_ = List::kNone;
  std::vector<std::string> pair_;
};

}  // namespace

TokenizerDocument read_tokenizer_document(std::string_view json, const std::string& source) {
  io::check_json(json, source, {.bytes = kMostOfTokenizer});
  Builder builder(source);
  Json::sax_parse(json.begin(), json.end(), &builder);
  return std::move(builder).take();
}

}  // namespace ccx::text
