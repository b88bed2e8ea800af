// What is said of an option, once: its name, value, default, unit, help, choices, and where it is written down. The
// command line, JSON, sidecars, completion, the man page and the docs' tables are made from it.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace ccx::options {

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();
inline constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

// One of the words that an option takes, and what it means where the word does not say it.
struct Choice {
  Choice(const char* its_name, const char* its_meaning = "") : name(its_name), meaning(its_meaning) {}
  std::string name;
  std::string meaning;
};

// The numbers that an option takes. `least` itself is left out where `above` is set.
struct Range {
  double least = -kUnbounded;
  double most = kUnbounded;
  bool above = false;
};

// Whether the value belongs into run.json or the sidecar of captions, and what it means to a run that is continued.
enum class Compared {
  kNo,            // written down, and may differ when a run goes on
  kAlways,        // must be what it was
  kUnlessDefault  // likewise; a run that says nothing of it had the default
};

struct Recorded {
  Recorded() = default;
  Recorded(const char* its_key, Compared how, bool presence_alone = false)
      : key(its_key), compared(how), is_presence(presence_alone) {}
  std::string key;  // empty: not written down
  Compared compared = Compared::kNo;
  bool is_presence = false;  // not the value, but whether there is one
};

inline constexpr bool kPresence = true;  // for Recorded

struct Declaration {
  std::string name = {};        // "--max-new-tokens"; without dashes: a word that stands by itself
  char letter = 0;              // 'q' for -q
  std::string value = {};       // what stands for the value in a help text: "P", "DIR"; none for a flag
  std::string help = {};        // what it is, without a full stop
  std::string unit = {};        // of the number, behind the default
  std::string by_default = {};  // the default in words, where the variable's own value does not say it
  std::vector<Choice> choices = {};
  Range range = {};
  std::string environment = {};  // the variable that whoever uses the option asks where it is not given
  std::size_t most = 1;          // words that it takes; kMany: any number
  bool required = false;
  std::vector<std::string> needs = {};     // options that must be there too
  std::vector<std::string> excludes = {};  // options that must not
  Recorded recorded = {};
};

}  // namespace ccx::options
