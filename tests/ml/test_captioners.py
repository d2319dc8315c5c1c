"""Captioners from folders as the hub has them, with tiny random weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow
from safetensors.torch import load_file, save_file

from curator.core.describing import Detail
from curator.core.errors import UserError
from curator.ml.captioners import OpenCaptioner, open_captioner
from tests.helpers.captioners import SAID, write_blip, write_florence

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def opened(folder: Path, detail: Detail = Detail.SHORT) -> OpenCaptioner:
    return open_captioner(folder, "tiny", detail, use_card=False)


@pytest.mark.parametrize("write", [write_blip, write_florence])
def test_a_picture_is_described(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    captioner = opened(write(tmp_path / "tiny"))
    pictures = [Pillow.new("RGB", size, "red") for size in ((50, 40), (32, 64))]
    texts = captioner.describe(pictures)
    assert [set(text.split()) for text in texts] == [{SAID}, {SAID}]
    assert captioner.runs_on == "It runs on the processor."
    assert captioner.name == "tiny"


def test_florence_is_asked_for_as_much_as_is_wished(tmp_path: Path) -> None:
    folder = write_florence(tmp_path / "tiny")
    picture = [Pillow.new("RGB", (32, 32))]
    lengths = [len(opened(folder, d).describe(picture)[0].split()) for d in list(Detail)[:2]]
    assert lengths[0] < lengths[1]


def test_what_is_no_captioner_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"config.json is missing"):
        opened(tmp_path / "none")
    for config in ("{", "[]", '{"model_type": "llama", "auto_map": {"AutoModel": "evil.Model"}}'):
        (tmp_path / "config.json").write_text(config, "utf-8")
        with pytest.raises(UserError, match="no captioner of a known class, blip or florence2"):
            opened(tmp_path)


def test_code_beside_a_model_is_never_run(tmp_path: Path) -> None:
    folder = write_blip(tmp_path / "tiny")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["auto_map"] = {"AutoModelForImageTextToText": "evil.Model", "AutoConfig": "evil.Config"}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", "utf-8")
    opened(folder)
    assert not (tmp_path / "ran").exists()


def test_weights_of_another_edition_or_none_are_told(tmp_path: Path) -> None:
    folder = write_blip(tmp_path / "tiny")
    weights = folder / "model.safetensors"
    renamed = {f"other.{name}": value for name, value in load_file(weights).items()}
    save_file(renamed, weights, {"format": "pt"})
    with pytest.raises(UserError, match="not those of BLIP"):
        opened(folder)
    weights.write_bytes(b"broken")
    with pytest.raises(UserError, match="can't be used as a captioner"):
        opened(folder)
    weights.unlink()
    with pytest.raises(UserError, match="can't be used as a captioner"):
        opened(folder)
