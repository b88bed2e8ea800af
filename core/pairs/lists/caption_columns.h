// The columns that hold captions: what people wrote of a pair, what a model wrote, and what may be either.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/key_words.h"

namespace ccx::pairs {

class CaptionColumns {
 public:
  // A column with these words, `plain` being those before the numbers at its end, and one of its values.
  // `has_other_meaning`: its name says an id, a picture or a time, so that a text in it is none about the change.
  void look_at(const std::string& key, const Words& words, const Words& plain, const nlohmann::json& value,
               bool has_other_meaning);
  // A column that is for something else by its name, and may hold sentences all the same.
  void look_for_sentences(const std::string& key, const nlohmann::json& value);
  // Throws InputError, naming the columns after `where`, if two could equally be meant.
  void give(const std::string& where, Columns& out);
  // "caption", "sentence": of one row each, as COCO's annotations have them.
  bool has_single() const { return !single_.empty(); }

 private:
  void give_listed(Columns& out);
  void give_suffixed(Columns& out);
  void give_one_of_several(const std::string& where, Columns& out) const;

  std::vector<std::string> references_;                 // "gt", "human_caption"
  std::vector<std::string> lists_;                      // "captions", "sentences"
  std::vector<std::string> single_;                     // "caption", "text"
  std::vector<std::string> answers_;                    // "output", "response"
  std::vector<std::string> predictions_;                // "pred", "model_answer"
  std::vector<std::string> suffixed_;                   // "caption_en"
  std::vector<std::string> listed_;                     // "caption_list"
  std::vector<std::string> unread_texts_;               // as in Columns
  std::vector<std::string> other_texts_, rival_texts_;  // as in Columns
};

}  // namespace ccx::pairs
