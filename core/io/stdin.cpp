#include "core/io/stdin.h"

#include <iostream>
#include <iterator>

namespace ccx::io {

const std::string& read_stdin() {
  static const std::string bytes{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  return bytes;
}

}  // namespace ccx::io
