"""LoRA layers of every type with drawn numbers, files of them, and small base models to act on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from trainer.lora_files.saving import tensors_of
from trainer.noise import generator

UNET = "model.diffusion_model."
ATTENTION = "input_blocks.{}.1.transformer_blocks.0.attn2.to_{}.weight"
WIDTHS = {"sd1": (768, 1), "sd2": (1024, 1), "sdxl": (2048, 4)}
TO_K = {
    "sd1": "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k",
    "sd2": "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k",
    "sdxl": "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k",
}


def drawn(*shape: int, seed: object = 0) -> Tensor:
    """Gaussian numbers that depend on the shape and the seed alone."""
    return torch.randn(shape, generator=generator("loras", shape, seed))


def layer(
    kind: str, out: int = 8, wide: int = 6, rank: int = 2, seed: int = 0
) -> dict[str, Tensor]:
    """One layer (out, wide) of a type, with an alpha of 1; sizes must be even."""

    def some(name: str, *shape: int) -> Tensor:
        return drawn(*shape, seed=(name, seed))

    alpha = {"alpha": torch.tensor(1.0)}
    pair = {"lora_down": some("down", rank, wide), "lora_up": some("up", out, rank)}
    kinds: dict[str, dict[str, Tensor]] = {
        "lora": pair | alpha,
        "dora": pair | alpha | {"dora_scale": some("scale", out, 1).abs()},
        "loha": {
            f"hada_w{at}_{side}": some(f"{at}{side}", *shape)
            for at in (1, 2)
            for side, shape in (("a", (out, rank)), ("b", (rank, wide)))
        }
        | alpha,
        "lokr": {
            "lokr_w1": some("w1", 2, 2),
            "lokr_w2_a": some("w2a", out // 2, rank),
            "lokr_w2_b": some("w2b", rank, wide // 2),
        }
        | alpha,
        "ia3": {"ia3": some("w", out), "on_input": torch.tensor(0)},
        "full": {"diff": some("diff", out, wide)},
        "oft": {"oft_blocks": some("oft", 2, out // 2, out // 2)} | alpha,
    }
    return kinds[kind]


def write_lora(
    path: Path, layers: Mapping[str, Mapping[str, Tensor]], metadata: dict[str, str] | None = None
) -> Path:
    """A LoRA file under Kohya's names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in tensors_of(layers).items()}, path, metadata)
    return path


def base_tensors(family: str, width: int = 8, seed: int = 0) -> dict[str, Tensor]:
    """A few weights of each part of a single checkpoint in the original layout."""
    wide, block = WIDTHS[family]
    inner = f"{UNET}input_blocks.{block}"
    tensors = {
        f"{UNET}input_blocks.0.0.weight": drawn(width, 4, 3, 3, seed=seed),
        f"{inner}.1.transformer_blocks.0.attn2.to_k.weight": drawn(width, wide, seed=seed),
        f"{inner}.1.transformer_blocks.0.attn2.to_q.weight": drawn(width, width, seed=(seed, "q")),
        f"{inner}.1.norm.weight": drawn(width, seed=seed),
        f"{inner}.1.proj_in.weight": drawn(width, width, seed=(seed, "in")),
        f"{inner}.0.in_layers.2.weight": drawn(width, width, 3, 3, seed=seed),
        f"{inner}.0.in_layers.2.bias": drawn(width, seed=seed),
        "first_stage_model.encoder.conv_in.weight": drawn(width, 3, 3, 3, seed=seed),
        "count": torch.tensor([1, 2, 3]),
    }
    clip, open_clip = _text(width, seed)
    prefixes = {
        "sd1": {"cond_stage_model.transformer.": clip},
        "sd2": {"cond_stage_model.model.": open_clip},
        "sdxl": {
            "conditioner.embedders.0.transformer.": clip,
            "conditioner.embedders.1.model.": open_clip,
        },
    }
    for prefix, part in prefixes[family].items():
        tensors |= {f"{prefix}{name}": tensor for name, tensor in part.items()}
    return tensors


def _text(width: int, seed: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    clip = "text_model.encoder.layers.0.self_attn.q_proj.weight"
    block = "transformer.resblocks.0.attn."
    fused = {
        f"{block}in_proj_weight": drawn(3 * width, width, seed=seed),
        f"{block}in_proj_bias": drawn(3 * width, seed=seed),
        f"{block}out_proj.weight": drawn(width, width, seed=(seed, "out")),
    }
    return {clip: drawn(width, width, seed=(seed, "clip"))}, fused


def write_base(path: Path, family: str = "sd1", **options: int) -> Path:
    """A single checkpoint with a few weights."""
    save_file(base_tensors(family, **options), path, {"format": "pt"})
    return path
