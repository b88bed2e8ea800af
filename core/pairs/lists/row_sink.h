// Hands the records of a list on, with what their keys are for and what the list was recognised as (list.h).
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/list.h"

namespace ccx::pairs {

class RowSink {
 public:
  RowSink(const std::string& name, bool by_lines, const std::function<void(const ListRow&)>& each)
      : name_(name), each_(each) {
    form_.by_lines = by_lines;
  }

  // What every refusal says besides.
  void set_hint(std::string hint) { hint_ = std::move(hint); }

  const std::string& name() const { return name_; }
  std::string where(std::size_t place) const { return place_text(name_, form_.by_lines, place); }

  // `container` is what holds the record, for messages: "lines of JSON". Throws InputError naming file and place where
  // the record is no object, and where the first one can be nothing that ccx knows.
  void give(const nlohmann::json& given, const std::string& split, const std::string& key, std::size_t place,
            const std::string& container);

  // That there are no records: what was there instead.
  void give_nothing(const std::string& container);

  [[noreturn]] void refuse(const std::string& found) const;

  ListForm take() { return std::move(form_); }

 private:
  static void require_no_embedded(const nlohmann::json& record, const std::string& where);
  void require_use(const nlohmann::json& record, const Columns& columns, bool has_key, const std::string& where) const;

  const std::string& name_;
  const std::function<void(const ListRow&)>& each_;
  ListForm form_;
  std::string hint_;
  std::unordered_map<std::string, Columns> columns_;  // by the names and kinds of a record's values
};

// The records of a JSON document; of JSON lines; of a table or of lines of paths.
void read_json_rows(const std::string& text, RowSink& sink);
void read_json_lines(const std::string& text, RowSink& sink);
void read_text_rows(const std::string& text, RowSink& sink);
void read_path_lines(const std::string& text, RowSink& sink);

}  // namespace ccx::pairs
