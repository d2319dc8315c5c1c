"""The shipped presets are whole, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.config import RunConfig, parse_options
from trainer.errors import TrainerError
from trainer.interop.presets import all_presets, find_preset, load_preset


def test_three_presets_are_shipped_each_with_a_line_of_words() -> None:
    presets = all_presets()
    assert [preset.name for preset in presets] == ["style", "subject_drawn", "subject_photo"]
    assert all(preset.title and preset.description.endswith(".") for preset in presets)


def test_a_preset_replaces_only_its_own_options() -> None:
    config = parse_options(find_preset("subject_drawn").options, RunConfig(seed=7, network_dim=4))
    assert (config.seed, config.network_dim, config.clip_skip) == (7, 32, 2)


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(TrainerError, match="subject") as caught:
        find_preset("subject")
    assert "subject_photo" in caught.value.hint


def test_a_preset_cannot_reach_out_of_its_folder() -> None:
    with pytest.raises(TrainerError, match="no preset"):
        find_preset("../presets/style")


@pytest.mark.parametrize(
    "text", ["", 'title = "x"', 'title = "x"\ndescription = "y"\n[options]\nnet = 1\n']
)
def test_a_wrong_preset_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(TrainerError):
        load_preset(path)
