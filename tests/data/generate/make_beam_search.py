"""Writes beam_search.json: what transformers 4.40.1 finds by beam search with a model that is a hash function.

    pip install torch transformers==4.40.1
    python make_beam_search.py

The model has 40 tokens; the logit of a token after a prefix is 8 * u - 4, u in [0, 1) being a hash of the caption's key,
the prefix and the token. tests/support/hash_model.h has the same function.
"""
import json
import pathlib

import torch
import transformers
from transformers.modeling_outputs import CausalLMOutput

VOCABULARY = 40
EOS = [7, 3]
PAD = 2
MASK = 2**64 - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def logits_after(key, prefix):
    state = mix(key)
    for token in prefix:
        state = mix(state ^ (token + 1))
    return [8.0 * ((mix(state ^ (token << 32)) >> 40) / 2**24) - 4.0 for token in range(VOCABULARY)]


class HashModel(transformers.PreTrainedModel):
    config_class = transformers.PretrainedConfig

    def __init__(self):
        super().__init__(transformers.PretrainedConfig(vocab_size=VOCABULARY))
        self.unused = torch.nn.Parameter(torch.zeros(1))

    def can_generate(self):
        return True

    def _reorder_cache(self, past, beams):
        return past

    def prepare_inputs_for_generation(self, input_ids, inputs_embeds=None, **kwargs):
        return {"input_ids": input_ids, "inputs_embeds": inputs_embeds}

    def forward(self, input_ids=None, inputs_embeds=None, **kwargs):
        keys = inputs_embeds[:, 0, 0].long().tolist()
        rows = [logits_after(key, prefix) for key, prefix in zip(keys, input_ids.tolist())]
        return CausalLMOutput(logits=torch.tensor(rows, dtype=torch.float32)[:, None])


def main():
    model = HashModel().eval()
    keys = torch.tensor([[[11.0]], [[12.0]], [[13.0]]])
    cases = []
    for beams, length_penalty, early, penalty, longest in [
        (2, 1.0, False, 1.0, 12), (3, 1.0, False, 1.0, 12), (5, 1.0, False, 1.0, 20), (3, 1.0, True, 1.0, 20),
        (3, 1.0, "never", 1.0, 12), (4, 0.4, False, 1.0, 16), (4, 2.0, False, 1.0, 16), (4, 2.0, "never", 1.0, 9),
        (3, -0.5, "never", 1.0, 12), (3, 0.0, False, 1.0, 12), (3, 1.0, False, 1.3, 12), (5, 1.0, True, 1.1, 20),
        (4, 1.0, False, 0.8, 12), (4, 1.0, False, 1.0, 1), (4, 1.0, False, 1.0, 2), (8, 1.0, False, 1.0, 24),
    ]:
        out = model.generate(
            inputs_embeds=keys, do_sample=False, num_beams=beams, length_penalty=length_penalty, early_stopping=early,
            repetition_penalty=penalty, max_new_tokens=longest, eos_token_id=EOS, pad_token_id=PAD, use_cache=False,
            return_dict_in_generate=True, output_scores=True)
        cases.append({
            "num_beams": beams, "length_penalty": length_penalty, "early_stopping": early,
            "repetition_penalty": penalty, "max_new_tokens": longest,
            "sequences": out.sequences.tolist(), "scores": out.sequences_scores.tolist()})
    content = {"made_by": "transformers " + transformers.__version__, "vocabulary": VOCABULARY, "eos": EOS, "pad": PAD,
               "keys": [11, 12, 13], "cases": cases}
    text = json.dumps(content, separators=(",", ":")).replace('{"num_beams', '\n{"num_beams')
    (pathlib.Path(__file__).parent / "beam_search.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
