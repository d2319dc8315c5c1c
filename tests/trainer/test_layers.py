"""The layers of every family: exactly the names and shapes that other programs write."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from torch import nn

from trainer.families import FAMILIES
from trainer.model import Target

_KEYS = json.loads(gzip.decompress((Path(__file__).parent / "data/lora_keys.json.gz").read_bytes()))


def row(target: Target) -> list[object]:
    """A layer as the reference lists it: its kind, and its width at both sides."""
    module = target.module
    if isinstance(module, nn.Linear):
        kind = "conv1" if target.written_as_conv else "lin"
        return [kind, module.in_features, module.out_features]
    return [f"conv{module.kernel_size[0]}", module.in_channels, module.out_channels]


@pytest.mark.parametrize(("family", "name"), [("sd1", "sd15"), ("sd2", "sd21"), ("sdxl", "sdxl")])
def test_targets_are_those_of_the_reference(family: str, name: str) -> None:
    found = FAMILIES[family].targets(FAMILIES[family].empty())
    groups = {
        "unet_attn": [one for one in found if one.part == "unet" and not (one.locon or one.outer)],
        "unet_conv": [one for one in found if one.part == "unet" and one.locon],
        "te": [one for one in found if one.part == "text_encoder"],
    }
    for group, members in groups.items():
        assert {one.name: row(one) for one in members} == _KEYS[name][group]
        assert len(members) == len(_KEYS[name][group])
