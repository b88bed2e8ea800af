#include "core/onnx/manifest.h"

#include <nlohmann/json.hpp>

#include "core/base/change_kinds.h"
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/model/config_keys.h"
#include "core/onnx/decoder_contract.h"

namespace ccx::onnx {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormat[] = "ccx-export";

Json values_json(const std::vector<ValueInfo>& values) {
  Json list = Json::array();
  for (const ValueInfo& value : values) {
    Json shape = Json::array();
    for (const Dim& dim : value.dims) {
      std::visit([&](const auto& size) { shape.push_back(size); }, dim);
    }
    list.push_back({{"name", value.name}, {"dtype", element_type_name(value.type)}, {"shape", shape}});
  }
  return list;
}

Json graph_json(const ExportedGraph& graph) {
  return {{"file", graph.file},
          {"data", graph.data_files},
          {"inputs", values_json(graph.inputs)},
          {"outputs", values_json(graph.outputs)}};
}

Json location_json(const ExternalLocation& location) {
  return {{"file", location.file}, {"offset", location.offset}, {"bytes", location.length}};
}

Json embeddings_json(const RowTable& table) {
  Json pieces = Json::array();
  for (const RowTable::Piece& piece : table.pieces) {
    Json json = {{"first_row", piece.first_row}, {"rows", piece.rows}, {"values", location_json(piece.values)}};
    if (table.type == ElementType::kInt8) json["scales"] = location_json(piece.scales);
    pieces.push_back(json);
  }
  return {
      {"dtype", element_type_name(table.type)}, {"rows", table.rows}, {"columns", table.columns}, {"pieces", pieces}};
}

}  // namespace

std::string manifest_json(const ManifestContent& content) {
  const model::VisionConfig& vision = content.config.vision;
  const model::TextConfig& text = content.config.text;
  int64_t total = 0;
  Json files = Json::array();
  for (const WrittenFile& file : content.files) {
    files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    total += file.bytes;
  }
  Json options = Json::object();
  // Without it the runtime would unpack the weights at every call instead of when the session loads.
  const bool convolutions = vision.conv || content.config.change_head;
  if (content.dialect.language_product == Product::kDequantizedInt4 ||
      (convolutions && content.dialect.vision_product == Product::kDynamicInt8)) {
    options["session.disable_quant_qdq"] = "1";
  }

  Json json;
  json["format"] = kFormat;
  json["format_version"] = kFormatVersion;
  json["model"] = {{"name", content.model_name}, {"weights_sha256", content.weights_sha256}};
  json["target"] = target_name(content.target);
  json["quantize"] = quantise_name(content.quantise);
  json["opset"] = content.dialect.opset;
  json["session_config"] = options;
  json["image"] = {{"size", vision.image_size}, {"grid", vision.grid()}, {"tokens", vision.tokens()}};
  json["language"] = {{"hidden_size", text.hidden_size},       {"layers", text.num_hidden_layers},
                      {"kv_heads", text.num_key_value_heads},  {"head_size", text.head_dim()},
                      {"vocabulary", content.embeddings.rows}, {"masked", kMasked}};
  json["no_change_sentences"] = content.config.no_change_sentences;
  json[model::kMinPChangeKey] = content.config.min_p_change;
  if (content.config.change_head) {
    json["change_head"] = {{"grid", vision.map_cells()}, {"kinds", kChangeKindNames}};
  }
  if (const auto& fit = content.config.p_change_fit) {
    json[model::kChangeFitKey] = {{"bias", fit->bias}, {"language", fit->language}, {"head", fit->head}};
  }
  json["vision"] = graph_json(content.vision);
  json["decoder"] = graph_json(content.decoder);
  json["core"] = content.core;
  json["embeddings"] = embeddings_json(content.embeddings);
  json["text_files"] = content.copied;
  json["total_bytes"] = total;
  json["files"] = files;
  return json.dump(1, ' ') + "\n";
}

io::DirectoryKind export_directory() {
  const auto own_files = [](const std::filesystem::path& directory) -> std::optional<io::FileNames> {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(directory / kManifestFile, ignored)) return std::nullopt;
    try {
      const auto manifest = io::read_json(directory / kManifestFile);
      if (manifest.at("format") != kFormat) return std::nullopt;
      io::FileNames names{kManifestFile};
      for (const auto& file : manifest.at("files")) names.insert(file.at("name").get<std::string>());
      return names;
    } catch (const nlohmann::json::exception&) {
      return std::nullopt;
    } catch (const InputError&) {
      return std::nullopt;
    }
  };
  return {"export", kManifestFile, own_files};
}

}  // namespace ccx::onnx
