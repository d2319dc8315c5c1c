"""How much memory a run will need, from the sizes of its parts; a formula, no measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.options import Size

_LATENT = 8  # pixels of a picture for one of its latent, in both directions
_MOST_LATENTS = 2**30  # bytes that are kept on the device, see `trainer.cache`
_TEXT_TOKENS = 75  # in one piece of a caption
_START = 6e8  # bytes that a GPU's driver and libraries take before anything is computed
_SPARE = 1.1  # what an allocator holds beyond what is in use
_FLOAT32 = 1.45  # activations in float32 for those under autocast, whose norms are float32 anyway
_CHECKPOINTED: Mapping[str, float] = {"no": 0.0, "large": 2 / 3, "whole": 1.0}
# Bytes of optimizer memory for one trained number.
_OPTIMIZERS: Mapping[str, float] = {
    "AdamW": 8,
    "AdamW8bit": 2,
    "Lion": 4,
    "Adafactor": 0.1,
    "Prodigy": 16,
    "DAdaptAdam": 12,
    "AdamWScheduleFree": 8,
    "ProdigyScheduleFree": 16,
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes of activations in half precision: all that a backward pass needs of one latent pixel;
    what is left of that with gradient checkpointing; the largest block, which is then computed
    again; and of 75 tokens where the text encoders are trained."""

    whole: float
    kept: float
    block: float
    text: float


# Counted by saved_tensors_hooks over a forward pass of each family's UNet and text encoders on the
# meta device, with a LoRA on all layers and without the attention matrices, which no fused
# attention keeps; half precision, and float32 around the norms, as autocast computes.
_COSTS: Mapping[str, Cost] = {
    "sd1": Cost(313e3, 38e3, 29e3, 41e6),
    "sd2": Cost(313e3, 38e3, 29e3, 105e6),
    "sdxl": Cost(556e3, 35e3, 61e3, 200e6),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What the memory of a run depends on; numbers of weights, and the run's options.

    `bucket` is the largest one, `pictures` how many latents there are, `batch` how many pictures
    are computed at once in one process. `checkpointing`: "no", or of which blocks.
    """

    family: str
    unet: int
    text: int
    network: int
    bucket: Size
    pictures: int
    batch: int
    half: bool
    checkpointing: str
    optimizer: str
    ema: bool
    trains_text: bool
    text_tokens: int
    text_cached: bool


def memory(sizes: Sizes) -> dict[str, int]:
    """Bytes on the device by what they are for; "all" is their sum.

    base = b (unet + text, unless its states are cached), with b = 2 bytes in half precision, else 4
    network = n (4 weight + 4 gradient + optimizer + 4 if averaged), with n trained numbers
    activations = batch (pixels / 64 whole(family) + text(family) tokens / 75 if it is trained),
        with checkpointing (kept + block) in place of whole, of the large blocks alone for two
        thirds of it; 1.45 times that in float32
    pictures = 16 pixels / 64 for every latent, up to 1 GB
    the rest = 0.6 GB for driver and libraries, and a tenth of all, which an allocator holds back
    """
    cost = _COSTS[sizes.family]
    width = 2 if sizes.half else 4
    latent = sizes.bucket[0] * sizes.bucket[1] // _LATENT**2
    share = _CHECKPOINTED[sizes.checkpointing]
    each = latent * (share * (cost.kept + cost.block) + (1 - share) * cost.whole)
    if sizes.trains_text:
        each += cost.text * sizes.text_tokens / _TEXT_TOKENS
    resident = latent * 16 * sizes.pictures
    parts = {
        "base": width * (sizes.unet + (0 if sizes.text_cached else sizes.text)),
        "network": sizes.network * (8 + _OPTIMIZERS[sizes.optimizer] + 4 * sizes.ema),
        "activations": sizes.batch * each * (1 if sizes.half else _FLOAT32),
        "pictures": resident if resident <= _MOST_LATENTS else 0,
    }
    parts["the rest"] = _START + (_SPARE - 1) * sum(parts.values())
    whole = {name: round(value) for name, value in parts.items()}
    return {**whole, "all": sum(whole.values())}


def scaled_time(seconds: float, of: float, to: float) -> float:
    """Seconds for `to` pixels a step, from those that `of` pixels took: in proportion."""
    return seconds * to / of
