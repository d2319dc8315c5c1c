"""One network of every type, and what a whole model makes of a fixed input with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from trainer.model import BaseModel

LYCORIS = {"network_module": "lycoris.kohya"}
KINDS: dict[str, dict[str, object]] = {
    "lora": {},
    "locon": {"conv_dim": 2},
    "dora": {"dora_wd": True, "conv_dim": 2},
    "dylora": {"network_module": "networks.dylora", "unit": 2, "conv_dim": 4},
    "loha": {**LYCORIS, "algo": "loha", "conv_dim": 2},
    "lokr": {**LYCORIS, "algo": "lokr", "conv_dim": 2},
    "ia3": {**LYCORIS, "algo": "ia3"},
}


def guess(model: BaseModel) -> Tensor:
    """What a model of SD 1.x makes of fixed latents and a fixed caption: (1, 4, 8, 8)."""
    import torch

    from trainer.families import sd1
    from trainer.noise import generator

    with torch.no_grad():
        states = sd1.FAMILY.encode_text(model, sd1.FAMILY.tokenize(["fr3dd1e creature"]), 1).states
        latents = torch.randn((1, 4, 8, 8), generator=generator("latents"))
        found: Tensor = model.unet(latents, torch.tensor([500]), states).sample
    return found
