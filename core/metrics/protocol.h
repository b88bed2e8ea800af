// How texts are prepared before they are scored. The same predictions score differently under each protocol, so a score
// without its protocol says little (docs/evaluation.md measures by how much).
#pragma once

#include <string>
#include <vector>

#include "core/metrics/pair.h"

namespace ccx::metrics {

enum class Protocol {
  kCcexpert,  // lower-cased, every "." deleted, nothing else: CCExpert's evaluation and the default
  kRsiccIds,  // words replaced by vocabulary numbers, as RSICCformer and its successors score: METEOR sees no words
  kCocoPtb    // Penn Treebank tokens, lower-cased, punctuation dropped: the COCO caption server's preparation
};

// "ccexpert", "rsicc-ids", "coco-ptb"; UsageError for another name.
Protocol parse_protocol(const std::string& name);
std::string protocol_name(Protocol protocol);

// The pairs with their texts prepared. kRsiccIds numbers the words of all references by first appearance from 1; every
// word that no reference holds gets one further number, as "<unk>" does.
std::vector<EvalPair> prepare(const std::vector<EvalPair>& pairs, Protocol protocol);

}  // namespace ccx::metrics
