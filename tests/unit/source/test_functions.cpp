// Functions are short enough to hold in the head, or say why not; and so are classes.
#include <iostream>

#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/unit/source/functions.h"

using namespace ccx;
using test::Function;

namespace {

// "NAME LINE LINES" of each function.
std::vector<std::string> told(const std::vector<Function>& functions) {
  std::vector<std::string> out;
  for (const Function& f : functions) {
    out.push_back(f.name + " " + std::to_string(f.line) + " " + std::to_string(f.lines));
  }
  return out;
}
std::vector<std::string> told(const std::string& source) {
  return told(test::functions_of(source));
}

using Told = std::vector<std::string>;

std::string body(int statements) {
  std::string text;
  for (int i = 0; i < statements; ++i) text += "  step();\n";
  return text;
}

}  // namespace

TEST_CASE("no function is longer than sixty lines without a reason") {
  std::string text;
  for (const std::string& line :
       test::long_functions(CCX_TEST_SOURCE, {"core", "train", "cli", "wasm", "tests", "scripts", "web/src"})) {
    text += line + "\n";
  }
  std::cerr << text;  // Catch2 would break the lines
  CHECK(text.empty());
}

TEST_CASE("no class is longer than two hundred and sixty lines") {
  std::string text;
  for (const std::string& line : test::long_classes(CCX_TEST_SOURCE, {"core", "train", "cli", "wasm"})) {
    text += line + "\n";
  }
  std::cerr << text;
  CHECK(text.empty());
}

TEST_CASE("functions are found where they stand, from head to closing brace") {
  CHECK(told("#include <a>\n\nint f(int a) {\n  if (a) {\n  }\n}\n\nint declared(int);\n") == Told{"f 3 4"});
  CHECK(told("namespace a::b {\nnamespace {\nstatic std::map<int, int> g(\n    int a,\n    int b) {\n  return "
             "{};\n}\n}\n}\n") == Told{"g 3 5"});
  CHECK(told("template <typename T>\nvoid h(T) {\n}\nvoid i() {}\n") == Told{"h 1 3", "i 4 1"});
  CHECK(told("std::function<void(int)> f(decltype(1) a = {}) {\n  return {};\n};\nalignas(8) int g() {\n}\n") ==
        Told{"f 1 3", "g 4 2"});
  CHECK(told("int A<int>::operator()(int a) const noexcept {\n}\nbool operator<(A, B) {\n}\n") ==
        Told{"A<int>::operator() 1 2", "operator< 3 2"});
  CHECK(told("bool A::operator==(const A& other) const {\n  return a == other.a;\n}\nA::~A() {\n}\n") ==
        Told{"A::operator== 1 3", "A::~A 4 2"});
}

TEST_CASE("members and constructors are functions, data and types are none") {
  CHECK(told("class A : public B<int> {\n public:\n  A(int a) : a_{a}, b_{1, 2} {\n    go();\n  }\n"
             "  int get() const { return a_; }\n\n private:\n  int a_ = 1;\n  std::array<int, 2> b_{};\n};\n") ==
        Told{"A 3 3", "get 6 1"});
  CHECK(told("A::A(int a)\n    : a_{a},\n      b_(2) {\n}\n") == Told{"A::A 1 4"});
  CHECK(told("constexpr int kTable[] = {\n  1,\n  2};\nenum class E { kA, kB };\nstruct S { int a = 1; };\n").empty());
  CHECK(told("const auto twice = [](int a) {\n  return 2 * a;\n};\n") == Told{"twice 1 3"});
}

TEST_CASE("braces in texts, comments, characters and directives are none") {
  CHECK(told("void f() {\n  g(\"{\", '{', R\"x({ \" )x\", 1'000);  // {\n  /* { */\n}\nvoid h() {\n}\n") ==
        Told{"f 1 4", "h 5 2"});
  CHECK(told("#define OPEN {\\\n  {\nvoid f() {\n  g(\"\\\"{\");\n}\n") == Told{"f 3 3"});
}

TEST_CASE("classes are found in namespaces and in each other, with all that is in them") {
  CHECK(told(test::classes_of("namespace a {\nclass A : public B<int> {\n  void f() {\n    struct Local {};\n  }\n"
                              "  struct Inner {\n    int a;\n  };\n};\n}\n")) == Told{"A 2 8", "Inner 6 3"});
  CHECK(told(test::classes_of("template <typename T>\nstruct S {\n};\nenum class E { kA };\nclass Declared;\n"
                              "struct A::Part {\n};\n")) == Told{"S 1 3", "A::Part 6 2"});
  const test::TempDir tree;
  test::write_file(tree / "core/long.cpp", "class A {\n" + body(259) + "};\n");
  test::write_file(tree / "core/just.h", "class A {\n" + body(258) + "};\n");
  CHECK(test::long_classes(tree.path(), {"core"}) == Told{"core/long.cpp:1: A has 261 lines"});
}

TEST_CASE("functions of Python end where something stands as far out as they do") {
  CHECK(told(test::python_functions_of("import os\n\ndef f(a,\n      b):\n    if a:\n        pass\n\n    return b\n\n"
                                       "f(1, 2)\n")) == Told{"f 3 6"});
  CHECK(told(test::python_functions_of("class A:\n    def g(\n        self\n    ) -> int:\n        return 1\n\n"
                                       "    async def h(self):\n        pass\n")) == Told{"g 2 4", "h 7 2"});
  CHECK(told(test::python_functions_of("def t():\n    x = \"\"\"\ndef no():\nat the edge\n\"\"\"\n    return x\n")) ==
        Told{"t 1 6"});
  CHECK(told(test::python_functions_of("def outer():\n    def inner():\n        pass\n    inner()\n")) ==
        Told{"outer 1 4", "inner 2 2"});
}

TEST_CASE("functions of TypeScript end at the brace below their beginning, and calls are none") {
  CHECK(told(test::typescript_functions_of(
            "export async function f(a: number): Promise<void> {\n  if (a) {\n    g();\n  }\n}\n")) == Told{"f 1 5"});
  CHECK(told(test::typescript_functions_of(
            "export const f = async (\n  a: number,\n) => {\n  g(() => {\n  });\n};\n")) == Told{"f 1 6"});
  CHECK(
      told(test::typescript_functions_of("class A {\n  constructor(private a: B) {\n    go();\n  }\n"
                                         "  private async read(\n    a: number,\n  ): Promise<void> {\n    b();\n  }\n"
                                         "  short() { return 1; }\n}\n")) == Told{"constructor 2 3", "read 5 5"});
  CHECK(test::typescript_functions_of("call(\n  a,\n);\nconst a = (b +\n  c);\nexport interface A {\n  f(): void;\n}\n")
            .empty());
}

TEST_CASE("a long function needs a reason right above it, and a short one has none") {
  const test::TempDir tree;
  const std::string reason = "// Over 60 lines: a table.\n";
  test::write_file(tree / "core/long.cpp", "// Says much.\nvoid f() {\n" + body(59) + "}\n");
  test::write_file(tree / "core/just.cpp", "void f() {\n" + body(58) + "}\n");
  test::write_file(tree / "core/deep/member.h", "struct S {\n  void g(\n      int a) {\n" + body(70) + "  }\n};\n");
  test::write_file(tree / "core/stated.cpp", "// Says more.\n" + reason + "void f() {\n" + body(59) + "}\n");
  test::write_file(tree / "core/elsewhere.cpp", reason + "\nvoid f() {\n" + body(59) + "}\n");
  test::write_file(tree / "core/empty.cpp", "// Over 60 lines: \nvoid f() {\n" + body(59) + "}\n");
  test::write_file(tree / "core/needless.cpp", reason + "void f() {\n}\n");
  test::write_file(tree / "core/long.py", "def f():\n" + body(60) + "\nf()\n");
  test::write_file(tree / "core/stated.py", "# Over 60 lines: a table.\ndef f():\n" + body(60));
  test::write_file(tree / "core/long.ts", "function f() {\n" + body(59) + "}\n");
  test::write_file(tree / "other/long.cpp", "void f() {\n" + body(59) + "}\n");
  CHECK(test::long_functions(tree.path(), {"core"}) ==
        std::vector<std::string>{
            "core/deep/member.h:2: g has 73 lines",
            "core/elsewhere.cpp:3: f has 61 lines",
            "core/empty.cpp:2: f has 61 lines",
            "core/long.cpp:2: f has 61 lines",
            "core/long.py:1: f has 61 lines",
            "core/long.ts:1: f has 61 lines",
            "core/needless.cpp:2: f has 2 lines and needs no reason for more",
        });
}
