"""Cut-out models: masks as large as the picture, files of another kind."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.ml.cutout_models import open_cutout
from tests.helpers import heavy_models
from tests.helpers.pictures import photo


def test_an_onnx_model_gives_a_mask_as_large_as_the_picture(tmp_path: Path) -> None:
    model = open_cutout(heavy_models.write_bright_cutter(tmp_path / "bright.onnx"), "bright")
    picture = Pillow.new("RGB", (200, 100), "black")
    picture.paste("white", (50, 25, 150, 75))
    mask = model.mask(picture)
    assert (mask.shape, mask.dtype) == ((100, 200), np.float32)
    assert mask[50, 100] == pytest.approx(1, abs=0.01)
    assert mask[5, 5] == pytest.approx(0, abs=0.01)
    assert "processor" in model.runs_on or "card" in model.runs_on
    assert np.isfinite(model.mask(Pillow.new("RGBA", (1, 1)))).all()


def test_what_is_no_cut_out_model_is_a_sentence(tmp_path: Path) -> None:
    doubler = heavy_models.write_doubler(tmp_path / "doubler.onnx")
    with pytest.raises(UserError, match=r"doubler\.onnx is no cut-out model"):
        open_cutout(doubler, "doubler").mask(photo(1, (64, 64)))
    (tmp_path / "odd.pth").write_bytes(pickle.dumps({"a": Path("x")}))
    with pytest.raises(UserError, match="more than weights"):
        open_cutout(tmp_path / "odd.pth", "odd")
    with pytest.raises(UserError, match="There is no model"):
        open_cutout(tmp_path / "gone.pth", "gone")


@pytest.mark.large
def test_inspyrenet_gives_masks_and_writes_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    path = heavy_models.write_inspyrenet(tmp_path / "ckpt_fast.pth")
    model = open_cutout(path, "inspyrenet-fast")
    mask = model.mask(photo(1, (120, 90)))
    assert mask.shape == (90, 120)
    assert 0 <= mask.min() < mask.max() <= 1
    assert list(home.rglob("*")) == []
    other = heavy_models.write_esrgan(tmp_path / "esrgan.pth")
    with pytest.raises(UserError, match="no cut-out model of a known kind"):
        open_cutout(other, "esrgan")
