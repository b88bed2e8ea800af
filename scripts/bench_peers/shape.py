"""The published 0.5B shape (`ccx bench --shape 0.5b`), which every peer is built in with random weights."""

IMAGE_SIZE = 384
PATCH_SIZE = 14
IMAGE_TOKENS = (IMAGE_SIZE // PATCH_SIZE) ** 2  # 729 of each image
POSITIONS = 1502  # of the prompt: two images and the question
NEW_TOKENS = 16

VISION = {  # SigLIP up to the last block that is read
    "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 26, "num_attention_heads": 16,
    "image_size": IMAGE_SIZE, "patch_size": PATCH_SIZE,
}
TEXT = {  # Qwen2-0.5B
    "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24, "num_attention_heads": 14,
    "num_key_value_heads": 2, "vocab_size": 151936, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6,
}
ROPE_THETA = 1e6
WEIGHT_DEVIATION = 0.02  # of the normal distribution that weights are drawn from
SEED = 42
