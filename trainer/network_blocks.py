"""Block weights and dims: the block of the UNet that a layer stands in, and lists by block."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from trainer.errors import TrainerError

_UP_DOWN = re.compile(r"_(up|down)_blocks_(\d+)_(resnets|upsamplers|downsamplers|attentions)_(\d+)")
_COUNTED = re.compile(r"lora_unet_(input|middle|output)_blocks?_(\d+)_")


@dataclass(frozen=True, slots=True)
class Blocks:
    """How many blocks a UNet has, as sd-scripts counts: `lead` before those going down, and behind
    those going up again."""

    side: int
    middle: int
    lead: int

    @property
    def total(self) -> int:
        """How long a list with one entry per block is."""
        return 2 * self.side + self.middle + 2 * self.lead


SD = Blocks(side=12, middle=1, lead=0)
SDXL = Blocks(side=9, middle=3, lead=1)

_SHAPES: Mapping[str, Callable[[float], float]] = {
    "sine": lambda at: math.sin(math.pi * at / 2),
    "cosine": lambda at: math.sin(math.pi * (1 - at) / 2),
    "linear": lambda at: at,
    "reverse_linear": lambda at: 1 - at,
    "zeros": lambda at: 0.0,
}


def blocks_of(names: Iterable[str]) -> Blocks:
    """The blocks of the UNet whose layers have these names."""
    return SDXL if any(_COUNTED.match(name) for name in names) else SD


def block_of(name: str) -> int | None:
    """The number of the block that a layer stands in (sd-scripts' get_block_index).

    None for what stands in none: text encoders, and what is before and behind all blocks.
    """
    counted = _COUNTED.match(name)
    if counted:
        first = {"input": 1, "middle": 10, "output": 13}[counted[1]]
        return first + int(counted[2])
    if not name.startswith("lora_unet_"):
        return None
    found = _UP_DOWN.search(name)
    if found is None:
        return SD.side if "_mid_block_" in name else None
    resizes = found[3] in ("upsamplers", "downsamplers")
    at = 3 * int(found[2]) + (2 if resizes else int(found[4]))
    return at + 1 if found[1] == "down" else at + SD.side + 1


def lr_weights(down: str, middle: str, up: str, threshold: float, blocks: Blocks) -> list[float]:
    """The share of the learning rate of every block; all 1 where nothing is said.

    A list is "1,0.5,,1" with nothing for 0; what is missing at its end counts 1, what is too much
    is left out. `down` and `up` may also be a shape such as "cosine" or "sine+0.25": from 0 to 1
    (or back) along the blocks, plus the number. Weights up to `threshold` become 0. All this is
    sd-scripts' get_block_lr_weight.
    """
    sides = [
        _weights("down_lr_weight", down, blocks.side),
        _weights("mid_lr_weight", middle, blocks.middle),
        _weights("up_lr_weight", up, blocks.side),
    ]
    inner = [weight if weight > threshold else 0.0 for side in sides for weight in side]
    if not (down or middle or up):
        inner = [1.0] * len(inner)
    return [1.0] * blocks.lead + inner + [1.0] * blocks.lead


def entries(option: str, text: str) -> list[float]:
    """The numbers of a list such as "4,8,16". Raises TrainerError naming the option."""
    try:
        return [float(part) if part.strip() else 0.0 for part in text.split(",")]
    except ValueError as error:
        raise TrainerError(
            f'The option "{option}" must be a list of numbers, not "{text}".',
            "Write numbers with commas between them.",
        ) from error


def per_block(option: str, text: str, blocks: Blocks) -> list[float] | None:
    """One number per block; None when the text is empty. Raises TrainerError when it has others."""
    if not text.strip():
        return None
    numbers = entries(option, text)
    if len(numbers) != blocks.total:
        raise TrainerError(
            f'The option "{option}" has {len(numbers)} numbers, but this model has '
            f"{blocks.total} blocks.",
            "Give one number per block, 0 for a block that is left out.",
        )
    return numbers


def check_weights(option: str, text: str) -> None:
    """Raise TrainerError when the text is neither a list nor a shape."""
    _weights(option, text, SD.side)


def _weights(option: str, text: str, count: int) -> list[float]:
    if not text.strip():
        return [1.0] * count
    name, _, base = text.partition("+")
    if name.strip() not in _SHAPES or option == "mid_lr_weight":
        numbers = entries(option, text)[:count]
        return numbers + [1.0] * (count - len(numbers))
    shape, (offset, *_) = _SHAPES[name.strip()], entries(option, base)
    return [shape(at / (count - 1)) + offset for at in range(count)]
