"""Names of the original Stable Diffusion layout for the tensors of a diffusers model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import Tensor, cat

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_ENDS = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_VAE = [
    (r"down_blocks\.(\d+)\.resnets", r"down.\1.block"),
    (r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample"),
    (r"mid_block\.resnets\.0", "mid.block_1"),
    (r"mid_block\.resnets\.1", "mid.block_2"),
    (r"mid_block\.attentions\.0", "mid.attn_1"),
    (r"attn_1\.group_norm", "attn_1.norm"),
    (r"attn_1\.to_([qkv])", r"attn_1.\1"),
    (r"attn_1\.to_out\.0", "attn_1.proj_out"),
    (r"conv_norm_out", "norm_out"),
    (r"conv_shortcut", "nin_shortcut"),
]
_OPEN_CLIP = [
    (r"encoder\.layers\.", "transformer.resblocks."),
    (r"embeddings\.position_embedding\.weight", "positional_embedding"),
    (r"embeddings\.token_embedding", "token_embedding"),
    (r"final_layer_norm", "ln_final"),
    (r"text_projection\.weight", "text_projection"),
    (r"layer_norm(\d)", r"ln_\1"),
    (r"mlp\.fc1", "mlp.c_fc"),
    (r"mlp\.fc2", "mlp.c_proj"),
    (r"self_attn", "attn"),
]


def whole_checkpoint(
    unet: Mapping[str, Tensor],
    vae: Mapping[str, Tensor],
    texts: Mapping[str, Tensor],
    layers_per_block: int,
) -> dict[str, Tensor]:
    """One checkpoint with UNet, VAE and (named already) texts, named as the original files are."""
    with_attention = {
        name.split(".")[1] for name in unet if re.match(r"up_blocks.\d+.attent", name)
    }
    tensors = {
        f"model.diffusion_model.{_unet_name(name, layers_per_block, with_attention)}": tensor
        for name, tensor in unet.items()
    }
    tensors |= {f"first_stage_model.{name}": tensor for name, tensor in lone_vae(vae).items()}
    tensors |= texts
    return {name: tensor.contiguous() for name, tensor in tensors.items()}


def lone_vae(vae: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A VAE as it has a file of its own."""
    tensors = {}
    for name, tensor in vae.items():
        is_attention = "attentions" in name and name.endswith("weight") and tensor.dim() == 2
        tensors[_vae_name(name)] = tensor[:, :, None, None] if is_attention else tensor
    return {name: tensor.contiguous() for name, tensor in tensors.items()}


def clip_text(text: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """OpenAI's CLIP below a prefix."""
    return {f"{prefix}text_model.{name}": tensor for name, tensor in text.items()}


def open_clip_text(text: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """OpenCLIP below a prefix: query, key and value in one, the projection turned."""
    tensors = {}
    for name, tensor in text.items():
        name = name.removeprefix("text_model.")
        for ours, theirs in _OPEN_CLIP:
            name = re.sub(ours, theirs, name)
        tensors[name] = tensor.T if name == "text_projection" else tensor
    for name in [name for name in tensors if ".attn.q_proj." in name]:
        parts = [tensors.pop(name.replace("q_proj", f"{kind}_proj")) for kind in "qkv"]
        tensors[name.replace("q_proj.", "in_proj_")] = cat(parts)
    return {f"{prefix}{name}": tensor for name, tensor in tensors.items()}


def _unet_name(name: str, layers: int, with_attention: set[str]) -> str:
    for ours, theirs in _ENDS.items():
        if name.startswith(f"{ours}."):
            return name.replace(ours, theirs, 1)
    side, *parts = name.split(".")
    if side == "mid_block":
        kind, at, *rest = parts
        return f"middle_block.{1 if kind == 'attentions' else 2 * int(at)}.{_inner(kind, rest)}"
    block, kind, at, *rest = parts
    first = int(block) * (layers + 1)
    if kind == "downsamplers":
        return f"input_blocks.{first + layers + 1}.0.op.{rest[-1]}"
    if kind == "upsamplers":
        place = 2 if block in with_attention else 1
        return f"output_blocks.{first + layers}.{place}.conv.{rest[-1]}"
    list_name, number = ("input_blocks", 1) if side == "down_blocks" else ("output_blocks", 0)
    place = 1 if kind == "attentions" else 0
    return f"{list_name}.{number + first + int(at)}.{place}.{_inner(kind, rest)}"


def _inner(kind: str, rest: list[str]) -> str:
    if kind == "resnets":
        rest = [_RESNET[rest[0]], *rest[1:]]
    return ".".join(rest)


def _vae_name(name: str) -> str:
    for pattern, replacement in _VAE:
        name = re.sub(pattern, replacement, name)
    up = re.search(r"up_blocks\.(\d+)", name)
    if up:  # four of them, counted from the other end
        name = name.replace(up[0], f"up.{3 - int(up[1])}")
    return re.sub(r"(up\.\d)\.resnets", r"\1.block", name).replace("upsamplers.0", "upsample")
