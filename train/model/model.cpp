#include "train/model/model.h"

#include <numeric>

#include "core/base/error.h"

namespace ccx::train {

using torch_backend::unwrap;
using torch_backend::wrap;

std::vector<Tensor> TrainModel::features(const std::vector<float>& pixels) {
  const int64_t side = graph_.config().vision.image_size;
  const int64_t pictures = static_cast<int64_t>(pixels.size()) / (3 * side * side);
  return graph_.features(ops_, ops_.from_floats(pixels.data(), {pictures, 3, side, side}));
}

model::CCExpert::Vision TrainModel::see(const std::vector<float>& pixels) {
  const std::vector<Tensor> found = features(pixels);
  return graph_.see(ops_, found, graph_.change_head(ops_, found));
}

model::ChangeHead::Output TrainModel::read_changes(const std::vector<float>& pixels) {
  return graph_.change_head(ops_, features(pixels));
}

at::Tensor TrainModel::embeddings(const Batch& batch, const Packed& packed) {
  return embeddings(see(batch.pixels), batch, packed);
}

at::Tensor TrainModel::embeddings(const model::CCExpert::Vision& vision, const Batch& batch, const Packed& packed) {
  const int64_t pairs = batch.pairs();
  // All text through one look-up, so that the table gets one gradient.
  std::vector<int64_t> text = packed.before_first;
  text.insert(text.end(), packed.between.begin(), packed.between.end());
  text.insert(text.end(), packed.after.begin(), packed.after.end());
  const Tensor looked_up = graph_.language().embed(ops_, ops_.from_ints(text, {1, static_cast<int64_t>(text.size())}));
  const auto head = static_cast<int64_t>(packed.before_first.size());
  const auto middle = static_cast<int64_t>(packed.between.size());
  const auto tail = static_cast<int64_t>(packed.after.size());
  const auto repeated = [&](int64_t start, int64_t count) {
    return wrap(unwrap(looked_up).narrow(1, start, count).expand({pairs, -1, -1}));
  };
  const int64_t width = graph_.config().text.hidden_size;
  const Tensor answers = wrap(unwrap(looked_up).narrow(1, head + middle, tail).view({pairs, tail / pairs, width}));
  return unwrap(graph_.join(ops_, {repeated(0, head), repeated(head, middle), answers}, vision));
}

at::Tensor TrainModel::loss(const Batch& batch) {
  const std::vector<Tensor> found = features(batch.pixels);
  const model::ChangeHead::Output head = graph_.change_head(ops_, found);
  at::Tensor total;
  last_map_loss_ = at::Tensor();
  last_change_loss_ = at::Tensor();
  if (weights_.changes > 0) {
    at::Tensor changes = change_loss(head, batch.changes);
    if (const at::Tensor cover = cover_loss(head, batch.maps); cover.defined()) changes = changes + cover;
    last_change_loss_ = changes.detach();
    total = weights_.changes * changes;
    if (weights_.captions <= 0 && weights_.maps <= 0) return total;  // what lies behind the head is not asked for
  }
  const model::CCExpert::Vision vision = graph_.see(ops_, found, head);
  if (weights_.captions > 0) {
    const at::Tensor captions = language_loss(vision, batch);
    total = total.defined() ? total + captions : captions;
  }
  if (weights_.maps > 0) {
    const at::Tensor maps =
        map_loss(parameters_, unwrap(vision.before), unwrap(vision.after), unwrap(vision.change), batch.maps);
    if (maps.defined()) {
      note_map_loss(maps);
      total = total.defined() ? total + weights_.maps * maps : weights_.maps * maps;
    }
  }
  if (!total.defined()) {
    throw InputError("a batch has no maps and the captions have no weight: nothing to learn from " + batch.ids.front());
  }
  return total;
}

std::pair<MapReadings, MapReadings> TrainModel::read_maps(const model::CCExpert::Vision& vision,
                                                          const std::vector<MapTargets>& targets) {
  return train::read_maps(parameters_, unwrap(vision.before), unwrap(vision.after), unwrap(vision.change), targets);
}

void TrainModel::note_map_loss(const at::Tensor& loss) {
  last_map_loss_ = last_map_loss_.defined() ? last_map_loss_ + loss.detach() : loss.detach();
}

// The captions' loss with its weight, and the summary's.
at::Tensor TrainModel::language_loss(const model::CCExpert::Vision& vision, const Batch& batch) {
  const Packed packed = pack(batch.samples, graph_.config().vision.tokens(), pad_id_);
  model::Qwen2::Step step;
  step.embeddings = wrap(embeddings(vision, batch, packed));
  std::vector<int64_t> positions(static_cast<size_t>(packed.length));
  std::iota(positions.begin(), positions.end(), int64_t{0});
  step.positions = ops_.from_ints(positions, {1, packed.length});
  // Padding stands on the right, where a causal mask never looks.
  const at::Tensor hidden = unwrap(graph_.language().hidden(ops_, step));
  // Logits only where there is a target: a caption's twenty positions instead of all 1,500.
  const auto targets = static_cast<int64_t>(packed.targets.size());
  const at::Tensor chosen = hidden.flatten(0, 1).index_select(0, unwrap(ops_.from_ints(packed.positions, {targets})));
  const Tensor logits = graph_.language().logits(ops_, wrap(chosen), graph_.config().text.vocab_size);
  const at::Tensor captions =
      weights_.captions * at::cross_entropy_loss(unwrap(logits), unwrap(ops_.from_ints(packed.targets, {targets})));
  if (weights_.summary <= 0) return captions;
  std::vector<int64_t> rows;
  for (const int64_t position : packed.positions) rows.push_back(position / packed.length);
  const at::Tensor summary = summary_loss(parameters_, chosen, rows, batch.maps);
  if (!summary.defined()) return captions;
  note_map_loss(summary);
  return captions + weights_.summary * summary;
}

}  // namespace ccx::train
