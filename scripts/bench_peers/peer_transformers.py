"""peer_transformers.py --dtype fp32|bf16 --threads N --repetitions N: a pair through Hugging Face's LLaVA-OneVision.

The tower and the language model are of the sizes that ccx has, weights are random and there is no difference module. Two
images in a prompt are not cut into tiles (transformers does that to single ones), but each ends in a "newline" token, so that
the text around them is two tokens shorter here for the same number of positions.
"""
import argparse

import torch
import transformers
from transformers import LlavaOnevisionConfig, LlavaOnevisionForConditionalGeneration, Qwen2Config, SiglipVisionConfig

import shape
from measure import Stages, report

IMAGE_TOKEN = 151646


def build(dtype):
    config = LlavaOnevisionConfig(
        vision_config=SiglipVisionConfig(**shape.VISION, vision_use_head=False),
        text_config=Qwen2Config(**shape.TEXT, tie_word_embeddings=True,
                                rope_parameters={"rope_type": "default", "rope_theta": shape.ROPE_THETA}),
        image_token_index=IMAGE_TOKEN, tie_word_embeddings=True)
    torch.set_default_dtype(dtype)
    model = LlavaOnevisionForConditionalGeneration(config).eval()
    torch.set_default_dtype(torch.float32)
    language = model.model.language_model
    assert model.dtype == dtype and len(language.layers) == shape.TEXT["num_hidden_layers"]
    assert model.lm_head.weight is language.embed_tokens.weight
    return model


def prompt():
    image = [IMAGE_TOKEN] * (shape.IMAGE_TOKENS + 1)
    text = list(range(1000, 1000 + shape.POSITIONS - 2 * len(image)))
    return torch.tensor([text[:20] + image + text[20:28] + image + text[28:]])


def caption(model, pixels, ids, stages):
    """One pair as generate() does it: greedy, one token from the prompt and one of each step."""
    sizes = torch.tensor([[shape.IMAGE_SIZE, shape.IMAGE_SIZE]] * 2)
    seen = stages.time("vision", lambda: model.get_image_features(pixels, sizes, batch_num_images=[2]))
    cache = transformers.DynamicCache(config=model.config.text_config)
    out = stages.time("prefill", lambda: model(
        input_ids=ids, mm_encoder_outputs={"image": seen}, cache=cache, use_cache=True, logits_to_keep=1))
    for _ in range(shape.NEW_TOKENS - 1):
        token = out.logits[:, -1:].argmax(-1)
        out = stages.time("step", lambda: model(input_ids=token, cache=cache, use_cache=True, logits_to_keep=1))
    assert cache.get_seq_length() == shape.POSITIONS + shape.NEW_TOKENS - 1
    assert bool(torch.isfinite(out.logits).all())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dtype", choices=["fp32", "bf16"], required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--repetitions", type=int, required=True)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(shape.SEED)
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[given.dtype]
    with torch.inference_mode():
        model = build(dtype)
        pixels = torch.randn(2, 3, shape.IMAGE_SIZE, shape.IMAGE_SIZE, dtype=dtype)
        ids = prompt()
        stages = Stages()
        caption(model, pixels, ids, stages)
        stages.forget()
        for _ in range(given.repetitions):
            stages.time("whole", lambda: caption(model, pixels, ids, stages))
    report(ms=stages.fastest(), positions=ids.shape[1], threads=torch.get_num_threads(),
           versions={"transformers": transformers.__version__, "torch": torch.__version__})


if __name__ == "__main__":
    main()
