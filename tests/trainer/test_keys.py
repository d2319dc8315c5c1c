"""`python -m trainer keys`: names and shapes of files, without weights."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from trainer.__main__ import main
from trainer.perform import EXIT_USER

_GOLDEN = json.loads(
    gzip.decompress((Path(__file__).parent / "data/lora_keys.json.gz").read_bytes())
)
Shapes = dict[str, list[int]]


def lora_keys(family: str, groups: tuple[str, ...], dim: int, conv_dim: int) -> Shapes:
    """The file of a LoRA on the layers of the reference."""
    found: Shapes = {}
    for group in groups:
        for name, (kind, inputs, outputs) in _GOLDEN[family][group].items():
            kernel = {"lin": [], "conv1": [1, 1], "conv3": [3, 3]}[kind]
            rank = conv_dim if kind == "conv3" else dim
            found[f"{name}.lora_down.weight"] = [rank, inputs, *kernel]
            found[f"{name}.lora_up.weight"] = [outputs, rank, *[1] * len(kernel)]
            found[f"{name}.alpha"] = []
    return found


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Shapes:
    assert main(["keys", *words, "--json"]) == 0
    found: Shapes = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("family", ["sd15", "sd21", "sdxl"])
def test_lora_and_locon_are_exactly_those_of_the_reference(
    family: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = printed(capsys, *f"--family {family} --network lora --dim 4 --alpha 2".split())
    assert plain == lora_keys(family, ("unet_attn", "te"), 4, 0)
    words = f"--family {family} --network locon --dim 4 --alpha 2 --conv-dim 3 --conv-alpha 1"
    assert printed(capsys, *words.split()) == lora_keys(
        family, ("unet_attn", "unet_conv", "te"), 4, 3
    )


@pytest.mark.parametrize(
    ("network", "count"), [("dylora", 264), ("loha", 264), ("lokr", 264), ("ia3", 116)]
)
def test_other_networks_sit_on_their_layers(
    network: str, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(capsys, *f"--family sd15 --network {network} --dim 4 --alpha 2".split())
    suffixes = {
        "dylora": {"lora_down.weight", "lora_up.weight", "alpha"},
        "loha": {"hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b", "alpha"},
        "lokr": {"lokr_w1", "lokr_w2_a", "lokr_w2_b", "alpha"},
        "ia3": {"weight", "on_input"},
    }
    assert {name.partition(".")[2] for name in found} == suffixes[network]
    assert len({name.partition(".")[0] for name in found}) == count


def test_presets_of_lycoris_take_the_layers_that_it_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts = {
        "full": 282 + 72,
        "unet-only": 282,
        "full-lin": 192 + 36 + 2 + 72,
        "attn-mlp": 192 + 72,
        "unet-transformer-only": 192,
        "unet-convblock-only": 86 + 2,
        "attn-only": 128 + 48,
    }
    for preset, count in counts.items():
        words = f"--family sd15 --network loha --dim 2 --preset {preset}"
        found = printed(capsys, *words.split())
        assert (preset, len({name.partition(".")[0] for name in found})) == (preset, count)


def test_lines_and_errors_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    words = "keys --family sd15 --network ia3"
    assert main(words.split()) == 0
    assert "attn1_to_k.weight 320\n" in capsys.readouterr().out
    words = "keys --family sd15 --network dylora --dim 4 --conv-dim 2"
    assert main(words.split()) == EXIT_USER
    assert "one dim for all layers" in capsys.readouterr().err
