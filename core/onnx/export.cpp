#include "core/onnx/export.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/generate/generation_config.h"
#include "core/io/atomic_directory.h"
#include "core/io/destination.h"
#include "core/io/file.h"
#include "core/io/mapped_file.h"
#include "core/lean/exported_tensors.h"
#include "core/lean/lean_ops.h"
#include "core/model/ccexpert.h"
#include "core/model/checkpoint.h"
#include "core/model/names.h"
#include "core/onnx/manifest.h"
#include "core/onnx/onnx_ops.h"
#include "core/text/tokenizer.h"

namespace ccx::onnx {
namespace {

namespace fs = std::filesystem;

// The checkpoint's weights, as long as nobody asks to stop.
class InterruptibleWeights : public WeightSource {
 public:
  InterruptibleWeights(const WeightSource& source, const std::function<bool()>& interrupted)
      : source_(source), interrupted_(interrupted) {}

  bool has(const std::string& name) const override { return source_.has(name); }
  io::TensorView get(const std::string& name) const override {
    if (interrupted_ && interrupted_()) throw Interrupted("interrupted; nothing was written");
    return source_.get(name);
  }
  std::string origin(const std::string& name) const override { return source_.origin(name); }
  void release(const std::string& name) const override { source_.release(name); }

 private:
  const WeightSource& source_;
  const std::function<bool()>& interrupted_;
};

// One graph with the files its weights go to.
class GraphWriter {
 public:
  GraphWriter(const std::string& name, const WeightSource& source, const fs::path& directory, const Dialect& dialect,
              Product product, int64_t file_bytes)
      : name_(name),
        directory_(directory),
        dialect_(dialect),
        graph_(name),
        data_(directory, name, file_bytes),
        weights_(source, graph_, data_, dialect.stored),
        ops_(graph_, weights_, dialect, product) {}

  OnnxOps& ops() { return ops_; }
  DataFiles& data() { return data_; }
  Graph& graph() { return graph_; }

  ExportedGraph finish(std::vector<WrittenFile>& files) {
    ExportedGraph exported{name_ + ".onnx", graph_.inputs(), graph_.outputs(), {}};
    for (const WrittenFile& file : data_.finish()) {
      exported.data_files.push_back(file.name);
      files.push_back(file);
    }
    files.push_back(
        write_hashed(directory_, exported.file, graph_.serialise(dialect_.opset, {{"format", "ccx-export"}})));
    return exported;
  }

 private:
  std::string name_;
  fs::path directory_;
  Dialect dialect_;
  Graph graph_;
  DataFiles data_;
  Weights weights_;
  OnnxOps ops_;
};

// before, after [B, 3, S, S] -> before_tokens, after_tokens [B, N, H], saliency [B, g, g]; with a change head also
// change_map [B, kinds, m, m], probabilities, and change_flag [B, 1], a logit
void write_vision(OnnxOps& ops, const model::CCExpert& model) {
  const model::VisionConfig& vision = model.config().vision;
  const std::vector<Dim> pixels = {"batch", 3, vision.image_size, vision.image_size};
  const Tensor before = ops.input("before", ElementType::kFloat, pixels);
  const Tensor after = ops.input("after", ElementType::kFloat, pixels);
  const model::CCExpert::Vision seen = model.see(ops, ops.interleave_pairs(before, after));
  const std::vector<Dim> tokens = {"batch", vision.tokens(), model.config().text.hidden_size};
  ops.output("before_tokens", seen.before, tokens);
  ops.output("after_tokens", seen.after, tokens);
  // Scaled to 0..1 over the grid by whoever draws it.
  const Tensor energy = model.saliency(ops, seen);  // [B, N]
  ops.output("saliency", ops.unfold(ops.square_root(energy), {vision.grid(), vision.grid()}),
             {"batch", vision.grid(), vision.grid()});
  if (!seen.head.flag) return;
  ops.output("change_map", seen.head.shares, {"batch", model::kChangeKinds, vision.map_cells(), vision.map_cells()});
  ops.output("change_flag", seen.head.flag, {"batch", 1});
}

// The logits of the positions asked for, and the cache of all positions so far.
void write_decoder(OnnxOps& ops, Graph& graph, const model::CCExpert& model, const RowTable& head) {
  const model::TextConfig& text = model.config().text;
  model::Qwen2::Step step;
  step.embeddings = ops.input("inputs_embeds", ElementType::kFloat, {"batch", "tokens", text.hidden_size});
  step.positions = ops.input("position_ids", ElementType::kInt64, {"batch", "tokens"});
  step.mask = Mask::kExplicit;
  step.explicit_mask = ops.input("attention_bias", ElementType::kFloat, {"tokens", "total"});
  const Tensor asked = ops.input("logits_positions", ElementType::kInt64, {"asked"});
  const auto cache_values = [&](const char* which, const char* length, auto add) {
    for (int layer = 0; layer < text.num_hidden_layers; ++layer) {
      for (const char* what : {"key", "value"}) {
        add(ValueInfo{std::string(which) + "." + std::to_string(layer) + "." + what,
                      ElementType::kFloat,
                      {"batch", text.num_key_value_heads, length, text.head_dim()}});
      }
    }
  };
  cache_values("past_key_values", "past", [&](ValueInfo info) { graph.add_input(std::move(info)); });
  OnnxKvCache cache(ops);
  step.cache = &cache;
  step.pick = [&](const Tensor& x, int axis) { return ops.gather(x, axis, asked); };
  const Tensor hidden = model.language().hidden(ops, step);  // [B, K, H]
  ops.set_table(model.language().head().weight(), head);
  ops.output("logits", model.language().logits(ops, hidden, head.rows), {"batch", "asked", head.rows});
  cache_values("present", "total", [&](ValueInfo info) { graph.add_output(std::move(info)); });
}

int64_t vocabulary_of(const ExportOptions& options, const model::ModelConfig& config) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(options.model / "tokenizer.json");
  return std::min<int64_t>(tokenizer.size(), config.text.vocab_size);
}

// Bytes of the files of an export.
lean::ExportedTensors::Read reader_of(const fs::path& directory) {
  return [directory](const std::string& name, uint64_t offset, size_t bytes) {
    const io::MappedFile file(directory / name);
    if (offset > file.size() || bytes > file.size() - offset) throw InputError(name + " ends too early");
    const auto* from = reinterpret_cast<const char*>(file.data()) + offset;
    return std::string(from, bytes);
  };
}

// Whether the core can compute the graphs that lie there by itself, as a page does where it can.
std::vector<std::string> computed_by_core(const fs::path& directory, const model::ModelConfig& config) {
  const auto tensors = [&](const char* graph) {
    return lean::ExportedTensors(io::read_file(directory / graph), reader_of(directory));
  };
  std::vector<std::string> names;
  if (lean::LeanOps::can_see(config, tensors("vision.onnx"))) names.emplace_back("vision");
  if (lean::LeanOps::can_speak(config, tensors("decoder.onnx"))) names.emplace_back("decoder");
  return names;
}

ElementType table_type(const ExportOptions& options) {
  const bool exact = options.quantise == Quantise::kNone;
  return options.embeddings.value_or(exact ? ElementType::kFloat : ElementType::kFloat16);
}

// One export on its way: what of its directory is written, and what the manifest will say of it.
class Exporter {
 public:
  // `checkpoint` has been checked.
  Exporter(const ExportOptions& options, const model::Checkpoint& checkpoint)
      : options_(options),
        checkpoint_(checkpoint),
        dialect_(dialect_for(options.target, options.quantise)),
        vocabulary_(vocabulary_of(options, checkpoint.config())),
        weights_(checkpoint, options.interrupted),
        out_(options.out, options.overwrite, export_directory()),
        model_(checkpoint.config()) {
    content_.target = options.target;
    content_.quantise = options.quantise;
    content_.dialect = dialect_;
    content_.config = checkpoint.config();
  }

  void vision() {
    GraphWriter graph("vision", weights_, out_.path(), dialect_, dialect_.vision_product, options_.file_bytes);
    write_vision(graph.ops(), model_);
    content_.vision = graph.finish(content_.files);
  }

  void embedding_table() {
    DataFiles data(out_.path(), "embed_tokens", options_.file_bytes);
    content_.embeddings = table(model::kTokenTable, data);
    for (const WrittenFile& file : data.finish()) {
      content_.files.push_back(file);
      embedding_files_.push_back(file.name);
    }
  }

  // After embedding_table(), which may be its head.
  void decoder() {
    GraphWriter graph("decoder", weights_, out_.path(), dialect_, dialect_.language_product, options_.file_bytes);
    const bool tied = content_.config.text.tie_word_embeddings;
    write_decoder(graph.ops(), graph.graph(), model_,
                  tied ? content_.embeddings : table(model_.language().head().weight(), graph.data()));
    content_.decoder = graph.finish(content_.files);
    if (!tied) return;
    std::vector<std::string>& named = content_.decoder.data_files;
    named.insert(named.end(), embedding_files_.begin(), embedding_files_.end());
  }

  void copied_files() {
    const auto add = [&](const char* name, const std::string& content) {
      content_.files.push_back(write_hashed(out_.path(), name, content));
      content_.copied.push_back(name);
    };
    for (const char* name : {"tokenizer.json", "config.json"}) {
      if (fs::exists(options_.model / name)) add(name, io::read_file(options_.model / name));
    }
    // Who runs the export has no other file to learn from which token ends a caption.
    add("generation_config.json", generation());
  }

  // The manifest; then the directory takes its place.
  ExportResult finish() {
    content_.model_name = fs::absolute(options_.model).lexically_normal().filename().string();
    content_.weights_sha256 = checkpoint_.sha256();
    content_.core = computed_by_core(out_.path(), content_.config);
    ExportResult result;
    result.manifest = manifest_json(content_);
    result.files.push_back(write_hashed(out_.path(), kManifestFile, result.manifest));
    result.files.insert(result.files.end(), content_.files.begin(), content_.files.end());
    for (const WrittenFile& file : result.files) result.total_bytes += file.bytes;
    out_.commit();
    return result;
  }

 private:
  // The model's own file where it says how a caption ends, else what stands for it.
  std::string generation() const {
    const text::Tokenizer tokenizer = text::Tokenizer::load(options_.model);
    const fs::path own = options_.model / "generation_config.json";
    if (fs::exists(own)) {
      std::string text = io::read_file(own);
      if (!generate::GenerationConfig::from_json(text, own.string()).eos_token_ids.empty()) return text;
    }
    return generate::GenerationConfig::load(options_.model, tokenizer).to_json();
  }

  RowTable table(const std::string& weight, DataFiles& data) {
    return write_row_table(weights_, weight, vocabulary_, table_type(options_), data, options_.file_bytes);
  }

  const ExportOptions& options_;
  const model::Checkpoint& checkpoint_;
  Dialect dialect_;
  int64_t vocabulary_;
  InterruptibleWeights weights_;
  io::AtomicDirectory out_;
  model::CCExpert model_;
  ManifestContent content_;
  std::vector<std::string> embedding_files_;
};

}  // namespace

ExportResult export_model(const ExportOptions& options, const std::function<void(const std::string&)>& progress) {
  io::require_outside(options.out, options.model, "the model");
  const model::Checkpoint checkpoint(options.model);
  checkpoint.check();
  Exporter exporter(options, checkpoint);
  progress("vision.onnx: tower, difference module, projector");
  exporter.vision();
  progress("embedding table");
  exporter.embedding_table();
  progress("decoder.onnx: language model");
  exporter.decoder();
  exporter.copied_files();
  progress("checksums");
  return exporter.finish();
}

}  // namespace ccx::onnx
