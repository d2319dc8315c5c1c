"""What to do where the memory of a device does not suffice, and how to see that it spills over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from trainer.config import RunConfig
from trainer.errors import TrainerError

SPILLED = (
    "The steps have become far slower while the memory of the GPU is full: the driver moves a part "
    "of it into the memory of the computer. {advice} Or forbid it in the driver's settings (CUDA - "
    "Sysmem Fallback Policy), so that the run ends with a sentence in place of crawling."
)
_FULL = 0.95  # of the memory of the device, reserved
_SLOWER = 2.5  # times
_ENOUGH = 20  # steps to compare on each side

# What helps, the least costly first: (whether it is still to be had, what it saves).
_WAYS: Sequence[tuple[Callable[[RunConfig], bool], str]] = (
    (
        lambda config: config.train_batch_size > 1,
        "lower train_batch_size and raise gradient_accumulation_steps instead: half the batch "
        "needs half of what a step holds, and learns the same",
    ),
    (
        lambda config: not config.gradient_checkpointing,
        "switch gradient_checkpointing on: a step then holds a third to a half, and takes half as "
        "long again",
    ),
    (
        lambda config: config.gradient_checkpointing_blocks == "large",
        "set gradient_checkpointing_blocks to whole",
    ),
    (
        lambda config: config.mixed_precision == "no",
        "set mixed_precision to auto: half precision halves the model and what a step holds",
    ),
    (
        lambda config: not config.cache_latents,
        "switch cache_latents on: the VAE then leaves the device before the first step",
    ),
    (
        lambda config: not config.network_train_unet_only and config.text_encoder_lr != 0,
        "train the UNet alone (network_train_unet_only)",
    ),
    (
        lambda config: config.optimizer_type == "AdamW",
        "use AdamW8bit on an NVIDIA card: the optimizer then remembers a quarter of the bytes, "
        "which counts from a network_dim of 64 on",
    ),
    (
        lambda config: min(config.resolution) > 512,
        "lower the resolution: half the sides need a quarter of what a step holds",
    ),
)
_MOST_WAYS = 4
_OTHERS = "Close other programs that use the GPU: browsers and pictures shown elsewhere count."


def advice(config: RunConfig) -> str:
    """What helps a run that does not fit, in this order, and how much each saves."""
    ways = [text for helps, text in _WAYS if helps(config)][:_MOST_WAYS]
    ways = ways or ["lower network_dim or the resolution"]
    return f"What helps, in this order: {'; '.join(ways)}. {_OTHERS}"


def too_little(config: RunConfig, where: str, then: str = "") -> TrainerError:
    """The error of a run whose memory ran out; `where` says at what, `then` what became of it."""
    message = f"The memory of the device does not suffice: it ran out while {where}."
    return TrainerError(f"{message} {then}".strip(), advice(config))


def spills(seconds: Sequence[float], reserved: int, total: int) -> bool:
    """Whether a driver has begun to hold memory of the GPU (of `total` bytes) elsewhere.

    `seconds` are those of the last steps: the median of the newest is far above that of those
    before while the memory is full; or more is reserved than there is.
    """
    if reserved > total:
        return True
    if reserved < _FULL * total or len(seconds) < 2 * _ENOUGH:
        return False
    return median(seconds[-_ENOUGH:]) > _SLOWER * median(seconds[:-_ENOUGH])
