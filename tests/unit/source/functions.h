// Finds the functions and classes of a C++ source by its braces, without a compiler, and the functions of Python and
// TypeScript by their indentation: enough to say where each begins and ends.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ccx::test {

constexpr int kLongestFunction = 60;  // lines, from the first of its head to its closing brace
constexpr int kLongestClass = 260;    // likewise

struct Function {
  std::string name;    // as it is written there: "read", "Reader::read", "~Reader", "operator=="
  int line = 0;        // where its head begins, with its template's parameters; counted from 1
  int lines = 0;       // from there to its closing brace, both counted
  std::string reason;  // REASON of a comment "// Over 60 lines: REASON" right above, "" without one
};

// Every function with a body, members too. A lambda in a function belongs to it; one that is a constant of a namespace
// is a function.
std::vector<Function> functions_of(const std::string& source);

// Every class, struct and union with a body that stands in a namespace or in another class.
std::vector<Function> classes_of(const std::string& source);

// Every `def` of a Python source; one in another is found too, and counts with it.
std::vector<Function> python_functions_of(const std::string& source);

// Every function, method and arrow function with a name of a TypeScript source, of those whose closing brace stands
// below the head's beginning, as the formatter puts it.
std::vector<Function> typescript_functions_of(const std::string& source);

// What is wrong in `folders` of the tree at `root`, as "FILE:LINE: NAME ...", sorted: a function of more lines than
// kLongestFunction without a reason, and a reason above one that is short. Sources are .cpp, .h, .py and .ts; a folder
// may be a file.
std::vector<std::string> long_functions(const std::filesystem::path& root, const std::vector<std::string>& folders);

// Classes of more lines than kLongestClass, as "FILE:LINE: NAME ...", sorted.
std::vector<std::string> long_classes(const std::filesystem::path& root, const std::vector<std::string>& folders);

}  // namespace ccx::test
