// Penn Treebank tokens as the COCO caption evaluation makes them with Stanford's tokenizer: contractions are divided,
// brackets, quotes and other punctuation separated and then dropped, all lower-cased.
//
// Holds for sentences: words, numbers, abbreviations, contractions, hyphens, quotes, brackets and ellipses. Stanford's
// tokenizer also knows URLs, e-mail addresses, emoticons, phone numbers and markup, which captions do not contain;
// these are treated as words and punctuation here.
#pragma once

#include <string>

namespace ccx::metrics {

// Tokens separated by single spaces, without the tokens . , ? ! : ; - -- ... quotes and brackets.
std::string ptb_tokenize(const std::string& text);

}  // namespace ccx::metrics
