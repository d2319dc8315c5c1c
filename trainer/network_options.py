"""The options that say what the network is, and what it begins with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.options import option


@dataclass(frozen=True, kw_only=True)
class NetworkOptions:
    """The network on top of the base model."""

    network_module: str = option(
        "networks.lora",
        "Network",
        "The kind of network that is trained, by sd-scripts' name.",
        section="net",
        choices=("networks.lora",),
    )
    network_dim: int = option(
        32,
        "Network dim",
        "The rank: how much the network can hold, and how large its file is. (sd-scripts: 4.)",
        section="net",
        bounds=(1, 1024),
    )
    network_alpha: float = option(
        16.0,
        "Network alpha",
        "The network's output is scaled by alpha / dim; 0 means the same as dim. (sd-scripts: 1.)",
        section="net",
        bounds=(0, 1024),
    )
    network_train_unet_only: bool = option(
        False, "UNet only", "The text encoder is left as it is.", section="net"
    )
    network_train_text_encoder_only: bool = option(
        False, "Text encoder only", "The UNet is left as it is.", section="net"
    )
    network_weights: Path | None = option(
        None,
        "Continue from",
        "A finished checkpoint that training begins with; only its weights are taken. To go on "
        "with an interrupted run use Resume.",
        section="net",
    )
