"""Which blocks compute twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.families import sd1, sdxl
from trainer.model import Family
from trainer.recompute import checkpoint_gradients, largest


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.floats(0.01, 1))
def test_the_largest_come_to_the_share_and_one_fewer_does_not(
    sizes: list[float], share: float
) -> None:
    chosen = largest(sizes, share)
    found = sorted((sizes[one] for one in chosen), reverse=True)
    assert sum(found) >= share * sum(sizes) * (1 - 1e-9)
    if found:
        assert sum(found[:-1]) < share * sum(sizes)
        assert all(sizes[one] <= found[-1] for one in set(range(len(sizes))) - chosen)


def twice(unet: Any) -> list[str]:
    blocks = {"down": unet.down_blocks, "mid": [unet.mid_block], "up": unet.up_blocks}
    return [
        f"{name}{at}"
        for name, found in blocks.items()
        for at, block in enumerate(found)
        if any(getattr(module, "gradient_checkpointing", False) for module in block.modules())
    ]


@pytest.mark.parametrize(
    ("family", "large"),
    [(sd1.FAMILY, ["down0", "up2", "up3"]), (sdxl.FAMILY, ["down2", "up0", "up1"])],
)
def test_large_takes_the_blocks_that_hold_the_most(family: Family, large: list[str]) -> None:
    unet = family.empty().unet
    checkpoint_gradients(unet, "large")
    assert twice(unet) == large
    checkpoint_gradients(unet, "whole")
    assert len(twice(unet)) == len(unet.down_blocks) + 1 + len(unet.up_blocks)
