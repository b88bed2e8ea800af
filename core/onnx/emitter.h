// Adds nodes to a graph, named after the module whose computation they write.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/graph/scope.h"
#include "core/onnx/graph.h"

namespace ccx::onnx {

// The domain of operators that ONNX Runtime has and the standard has not.
inline constexpr char kContrib[] = "com.microsoft";

class Emitter {
 public:
  explicit Emitter(Graph& graph) : graph_(graph) {}

  // Nodes that follow are `scope`'s own.
  void within(const Scope& scope) { here_ = scope.name(); }
  // Nodes that follow belong to the module which `scope` is part of.
  void leave(const Scope& scope);
  const std::string& here() const { return here_; }

  // Adds a node, gives its only output.
  std::string emit(const std::string& op, const std::vector<std::string>& inputs,
                   const std::vector<Attribute>& attributes = {}, const std::string& domain = "");
  std::string cast(const std::string& value, ElementType to);
  // The value in float16; a value is cast once, however many read it.
  std::string as_float16(const std::string& value);
  std::string reshape(const std::string& value, const std::vector<int64_t>& shape);
  // Entries [0, count) of the last axis.
  std::string first(const std::string& value, int64_t count);

  Graph& graph() { return graph_; }

  // Names nodes after `here` as long as it lives.
  class Under {
   public:
    Under(Emitter& emitter, std::string here);
    ~Under() { emitter_.here_ = outside_; }
    Under(const Under&) = delete;
    Under& operator=(const Under&) = delete;

   private:
    Emitter& emitter_;
    std::string outside_;
  };

 private:
  Graph& graph_;
  std::string here_;
  std::map<std::string, std::string> as_float16_;  // by the value cast
};

}  // namespace ccx::onnx
