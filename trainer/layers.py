"""The layers that adapters sit on, found in UNets and CLIP text encoders, under Kohya's names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from torch import nn

from trainer.model import Layer, Target

Rename = Callable[[str], str]
_CONVOLUTIONS = ("ResnetBlock2D", "Downsample2D", "Upsample2D")  # what LoCon adds
_OUTER = ("conv_in", "conv_out", "time_embedding.linear_1", "time_embedding.linear_2")
_RESNET_NAMES = {
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_BLOCK = re.compile(r"(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)")
_MIDDLE = re.compile(r"mid_block\.(resnets|attentions)\.(\d+)")


def unet_targets(
    unet: nn.Module, rename: Rename = str, *, written_as_conv: tuple[str, ...] = ()
) -> list[Target]:
    """All layers of sd-scripts' LoRA in a UNet, then those that LoCon adds, then LyCORIS.

    The first are linear and 1x1 convolutions of the transformers; the second stand in the residual
    blocks and between resolutions; the last, in no block, are known by diffusers' names alone.
    `rename` turns diffusers' path of a layer into the one that names it; `written_as_conv` are the
    last words of linear layers that files hold as 1x1 convolutions.
    """

    def target(path: str, module: Layer, locon: bool) -> Target:
        name = "lora_unet_" + rename(path).replace(".", "_")
        as_conv = isinstance(module, nn.Linear) and path.endswith(written_as_conv)
        return Target("unet", name, module, locon, as_conv)

    plain = [target(*one, False) for one in _layers(unet, ("Transformer2DModel",), (1, 1))]
    locon = [target(*one, True) for one in _layers(unet, _CONVOLUTIONS)]
    if rename is not str:
        return plain + locon
    named = dict(unet.named_modules())
    return (
        plain + locon + [replace(target(name, named[name], False), outer=True) for name in _OUTER]
    )


def text_targets(encoder: nn.Module, prefix: str = "lora_te") -> list[Target]:
    """All linear layers of a CLIP text encoder's own layers."""
    return [
        # transformers 5.6 left "text_model" out of its names; other programs need it.
        Target(
            "text_encoder",
            f"{prefix}_text_model_{path.removeprefix('text_model.').replace('.', '_')}",
            module,
        )
        for path, module in _layers(encoder, ("CLIPEncoderLayer",))
    ]


def original_names(unet: Any) -> Rename:
    """What turns diffusers' path of a layer into that of the original code, which names SDXL's.

    There the blocks of all resolutions are counted through; each holds a residual block at 0, then
    its transformer, then what doubles the resolution.
    """
    per_block = int(unet.config.layers_per_block) + 1
    doubled = {  # where in its block what doubles the resolution stands
        number: 1 + bool(getattr(block, "attentions", None))
        for number, block in enumerate(unet.up_blocks)
    }

    def place(match: re.Match[str]) -> str:
        side, kind = match[1], match[3]
        block, at = int(match[2]), int(match[4])
        if kind == "downsamplers":
            return f"input_blocks.{per_block * (block + 1)}.0"
        if kind == "upsamplers":
            return f"output_blocks.{per_block * block + per_block - 1}.{doubled[block]}"
        number = per_block * block + at + (side == "down")
        return f"{'input' if side == 'down' else 'output'}_blocks.{number}.{kind == 'attentions':d}"

    def middle(match: re.Match[str]) -> str:
        return f"middle_block.{2 * int(match[2]) if match[1] == 'resnets' else 1}"

    def rename(path: str) -> str:
        parent, _, last = path.rpartition(".")
        if ".resnets." in path:
            path = f"{parent}.{_RESNET_NAMES[last]}"
        elif ".downsamplers." in path:
            path = f"{parent}.op"
        return _MIDDLE.sub(middle, _BLOCK.sub(place, path))

    return rename


def _layers(
    root: nn.Module, kinds: tuple[str, ...], kernel: tuple[int, int] | None = None
) -> Iterator[tuple[str, Layer]]:
    """Linear layers and convolutions (of this kernel, if one is given) in blocks of these kinds."""
    for prefix, block in root.named_modules():
        if type(block).__name__ not in kinds:
            continue
        for name, module in block.named_modules():
            if isinstance(module, nn.Linear) or (
                isinstance(module, nn.Conv2d) and kernel in (None, module.kernel_size)
            ):
                yield f"{prefix}.{name}", module
