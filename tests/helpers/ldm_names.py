"""Names of the original Stable Diffusion layout for the tensors of a diffusers model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import Tensor

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


def whole_checkpoint(
    unet: Mapping[str, Tensor],
    vae: Mapping[str, Tensor],
    text: Mapping[str, Tensor],
    layers_per_block: int,
) -> dict[str, Tensor]:
    """One checkpoint with UNet, VAE and text encoder, named as the original files are."""
    with_attention = {
        name.split(".")[1] for name in unet if re.match(r"up_blocks.\d+.attent", name)
    }
    tensors = {
        f"model.diffusion_model.{_unet_name(name, layers_per_block, with_attention)}": tensor
        for name, tensor in unet.items()
    }
    for name, tensor in vae.items():
        is_attention = "attentions" in name and name.endswith("weight") and tensor.dim() == 2
        tensors[f"first_stage_model.{_vae_name(name)}"] = (
            tensor[:, :, None, None] if is_attention else tensor
        )
    for name, tensor in text.items():
        tensors[f"cond_stage_model.transformer.text_model.{name}"] = tensor
    return {name: tensor.contiguous() for name, tensor in tensors.items()}


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
