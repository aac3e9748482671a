# The decoder as a GPT-2 of the Transformers library. The architecture is the same (norms before
# attention and MLP, learned positions, GELU by tanh, a head tied to the embedding), so the library's
# own model and `generate` run on our weights.
import torch
from transformers import GPT2Config, GPT2LMHeadModel, logging

from model import BEGIN, END

logging.set_verbosity_error()

NAMES = {
    "attention.norm": "ln_1", "attention.qkv": "attn.c_attn", "attention.output": "attn.c_proj",
    "mlp.norm": "ln_2", "mlp.up": "mlp.c_fc", "mlp.down": "mlp.c_proj"}


def as_gpt2(decoder, sizes):
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=sizes["vocabulary"], n_positions=sizes["max_tokens"], n_embd=sizes["width"],
        n_layer=sizes["decoder_blocks"], n_head=sizes["heads"], layer_norm_epsilon=1e-5,
        activation_function="gelu_new", bos_token_id=BEGIN, eos_token_id=END))
    model.load_state_dict({to: w for name, w in decoder.state_dict().items()
                           for to, w in renamed(name, w)})
    return model.eval()


def renamed(name, weight):
    """The names and weights of the library that one of ours becomes."""
    if name == "embedding":
        return [("transformer.wte.weight", weight), ("lm_head.weight", weight)]
    if name == "position":
        return [("transformer.wpe.weight", weight)]
    layer, kind = name.rsplit(".", 1)
    if layer == "norm":
        return [("transformer.ln_f." + kind, weight)]
    _, block, part = layer.split(".", 2)
    # GPT-2 keeps its matrices the other way round.
    weight = weight.T if weight.dim() == 2 else weight
    return [(f"transformer.h.{int(block) - 1}.{NAMES[part]}.{kind}", weight)]


def generate(model, limit, **prompt):
    """The words after a prompt of `input_ids` or `inputs_embeds`, the end mark included."""
    shape = next(iter(prompt.values())).shape[:2]
    found = model.generate(
        **prompt, attention_mask=torch.ones(shape, dtype=torch.long), max_new_tokens=limit,
        do_sample=False, pad_token_id=END)
    # Of embeddings the library gives back only what follows.
    return found[0, shape[1] if "input_ids" in prompt else 0:].tolist()
