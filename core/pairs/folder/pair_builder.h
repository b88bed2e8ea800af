// Pairs as they are found in a folder, with what a person should be told about them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/pairs/folder/by_names.h"
#include "core/pairs/folder/name_reader.h"

namespace ccx::pairs {

class Leftovers;

class PairBuilder {
 public:
  // A picture with its time; several files where one is the other in another format.
  struct Dated {
    std::vector<uint32_t> files;
    Slot time;
  };
  struct Place {
    std::string id;
    bool time_is_folder = false;
    bool is_pair_folder = false;     // the files' names hold nothing but the time
    bool contradicts_dates = false;  // roles and dates of the names say different things
  };

  PairBuilder(Pictures& pictures, const NamingOptions& options) : pictures_(pictures), options_(options) {}

  // Two pictures or more of a place, by rising time. Throws InputError for more than two without options.series.
  void add_place(const Place& place, std::vector<Dated> pictures);
  void add(const std::string& id, uint32_t before, uint32_t after, Layout layout);
  // Half a pair: one of the two is NamedPair::kNone.
  void add_half(const std::string& id, uint32_t before, uint32_t after, const std::string& missing, bool is_recognised);
  void pass_over(uint32_t picture);
  void note_guess(const std::string& text);  // an order that was guessed: one note each, up to a number
  void note(const std::string& text);

  // The names joined with '/', slots of `restore` kept (in their order over all names; empty: all are), empty names
  // left out; the root's own name where nothing is left.
  std::string id_of(const std::vector<Marked>& names, const std::vector<bool>& restore) const;
  // Of files with one stem the one in the best format; the others are previews, which is noted.
  uint32_t best_of(const std::vector<uint32_t>& files, const std::string& extension = "");

  bool is_used(uint32_t picture) const;
  bool folder_has_pairs(uint32_t folder) const { return folder < has_pairs_.size() && has_pairs_[folder]; }
  // Whether two of a folder's pictures were found to be all of a pair.
  bool folder_is_pair(uint32_t folder) const { return folder < is_pair_.size() && is_pair_[folder]; }
  bool has_twin_folders() const { return counts_[0] > 0; }
  // Whether letters of files' names (x_a, x_b) told the time of a pair.
  bool has_letter_pairs() const { return has_letter_pairs_; }
  std::size_t complete() const { return complete_; }
  // The folder beside `folder` that holds the other halves, or NamedPair::kNone.
  uint32_t twin_of(uint32_t parent, bool of_after) const;

  NamedPairs finish(Leftovers&& left);

 private:
  void mark(uint32_t picture);
  void pair_up(const Place& place, const Dated& before, const Dated& after, bool with_times);
  void remember_twins(uint32_t before, uint32_t after);
  void add_notes();
  void note_halves_alone();
  void note_same_names();

  Pictures& pictures_;
  const NamingOptions& options_;
  NamedPairs out_;
  std::vector<bool> used_;
  std::vector<bool> has_pairs_, is_pair_;                        // by folder
  std::unordered_map<uint32_t, std::array<uint32_t, 2>> twins_;  // by the folder above both
  std::array<std::size_t, 3> counts_{};                          // folders, pair folders, suffixes
  bool has_letter_pairs_ = false;
  std::size_t complete_ = 0;
  std::size_t recognised_ = 0;
  std::vector<uint32_t> passed_;
  std::size_t passed_count_ = 0;
  std::vector<std::string> guessed_;
  std::size_t guessed_count_ = 0;
  std::size_t previews_ = 0;
  std::string preview_;
  std::size_t contradictions_ = 0;
  std::string contradiction_;
  std::string seasons_;  // the first picture that a season alone made the earlier one
};

}  // namespace ccx::pairs
