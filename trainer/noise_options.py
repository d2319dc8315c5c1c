"""The options of the noise, and of how the loss is weighed."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.options import option


@dataclass(frozen=True, kw_only=True)
class NoiseOptions:
    """Noise and loss."""

    min_snr_gamma: float = option(
        0.0,
        "Min-SNR gamma",
        "Weighs down the nearly noiseless steps, which steadies learning: 5 is usual, 0 is off.",
        section="min_snr_gamma",
        bounds=(0, 100),
    )
    noise_offset: float = option(
        0.0,
        "Noise offset",
        "Lets the network learn darker and brighter pictures: 0.03 to 0.1 is usual, 0 is off.",
        section="noise",
        bounds=(0, 1),
    )
