"""Embeddings: how pictures are prepared, which output is taken, and what a bad model says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.ml.embeddings import CONFIG, EmbeddingModel, Preparation, embedded, preparation_beside
from tests.helpers.onnx_files import ints, node, write_colour_embedding, write_network
from tests.helpers.pictures import draw

CLIP = {
    "crop_size": {"height": 224, "width": 224},
    "do_center_crop": True,
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3,
    "rescale_factor": 0.00392156862745098,
    "size": {"shortest_edge": 224},
}
SIGLIP = {
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
    "resample": 3,
    "size": {"height": 256, "width": 256},
}


def configured(folder: Path, config: object) -> Preparation:
    (folder / CONFIG).write_text(json.dumps(config), "utf-8")
    return preparation_beside(folder / "model.onnx")


def test_without_a_configuration_pictures_are_prepared_as_clips(tmp_path: Path) -> None:
    assert preparation_beside(tmp_path / "model.onnx") == Preparation()
    found = configured(tmp_path, CLIP)
    assert found.scale == pytest.approx(Preparation().scale)
    assert (found.short_side, found.size, found.mean, found.std) == (
        224, (224, 224), Preparation().mean, Preparation().std,
    )  # fmt: skip


def test_the_configuration_may_lie_above_the_folder_of_onnx_files(tmp_path: Path) -> None:
    configured(tmp_path, SIGLIP)
    assert preparation_beside(tmp_path / "onnx" / "vision_model.onnx").size == (256, 256)


def test_a_picture_is_scaled_whole_or_cut_as_the_model_says(tmp_path: Path) -> None:
    wide = Image.new("RGB", (400, 100), "black")
    wide.paste((255, 255, 255), (150, 0, 250, 100))  # the middle, which alone is cut out
    whole = configured(tmp_path, SIGLIP).prepared(wide)
    assert whole.shape == (256, 256, 3)
    assert (whole.min(), whole.max()) == (-1, 1)
    assert whole[:, :40].max() == -1
    cut = configured(tmp_path, CLIP).prepared(wide)
    assert cut.shape == (224, 224, 3)
    inner = cut[:, 8:-8]
    wanted = (1 - np.array(Preparation().mean)) / np.array(Preparation().std)
    assert np.allclose(inner, wanted, atol=1e-5)


def test_older_configurations_have_one_number_for_a_size(tmp_path: Path) -> None:
    found = configured(tmp_path, {"size": 256, "crop_size": 224, "do_normalize": False})
    assert (found.short_side, found.size, found.std) == (256, (224, 224), (1.0, 1.0, 1.0))
    assert configured(tmp_path, {"size": 64, "do_center_crop": False}).short_side is None


@pytest.mark.parametrize(
    "config",
    [[], 3, {"size": {}}, {"size": "big"}, {"image_std": [0, 1, 1]}, {"image_mean": [1]},
     {"resample": 77}, {"size": {"height": 0, "width": 3}}, {"size": None}],
)  # fmt: skip
def test_a_configuration_that_makes_no_sense_is_a_sentence(tmp_path: Path, config: object) -> None:
    with pytest.raises(UserError, match="does not say how"):
        configured(tmp_path, config)


def test_pictures_become_vectors_of_length_one(tmp_path: Path) -> None:
    model = EmbeddingModel(write_colour_embedding(tmp_path / "m.onnx"), threads=1)
    pictures = [draw(n, (80, 60)) for n in range(3)]
    found = model.vectors([model.prepared(one) for one in pictures])
    assert found.shape == (3, 48)
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    plain = Preparation(32, (32, 32)).prepared(pictures[0]).reshape(4, 8, 4, 8, 3).mean((1, 3))
    wanted = plain.transpose(2, 0, 1).ravel()
    assert np.allclose(found[0], wanted / np.linalg.norm(wanted), atol=1e-5)


def test_the_first_token_is_taken_where_there_is_no_vector(tmp_path: Path) -> None:
    shape = ("n", 3, 8, 8)
    nodes = [
        node("AveragePool", ["x"], "a", ints("kernel_shape", (4, 4)) + ints("strides", (4, 4))),
        node("Reshape", ["a", "shape"], "last_hidden_state"),
    ]
    path = write_network(
        tmp_path / "m.onnx", nodes, {"x": shape}, {"last_hidden_state": ("n", 3, 4)},
        {"shape": np.array([0, 3, 4], np.int64)},
    )  # fmt: skip
    model = EmbeddingModel(path)
    assert model.vectors([model.prepared(draw(1))]).shape == (1, 4)


def test_a_model_without_vectors_or_colours_is_refused(tmp_path: Path) -> None:
    same = node("Identity", ["x"], "y")
    for channels, why in ((3, "gives no vector"), (1, "no pictures in colour")):
        shape = ("n", channels, 8, 8)
        path = write_network(tmp_path / f"{channels}.onnx", [same], {"x": shape}, {"y": shape})
        with pytest.raises(UserError, match=why):
            EmbeddingModel(path)


def test_a_model_that_gives_nothing_but_zeros_is_told(tmp_path: Path) -> None:
    model = EmbeddingModel(write_colour_embedding(tmp_path / "m.onnx"))
    with pytest.raises(UserError, match="no numbers"):
        model.vectors([np.zeros((3, 32, 32), np.float32)])


def test_many_are_embedded_in_order_and_what_can_not_be_read_is_told(tmp_path: Path) -> None:
    model = EmbeddingModel(write_colour_embedding(tmp_path / "m.onnx", batch=4))
    pictures = {n: draw(n) for n in range(37)}

    def picture_of(n: int) -> Image.Image:
        if n % 10 == 3:
            raise UserError(f"{n} is broken.")
        return pictures[n]

    found: dict[int, Any] = dict(embedded(Job(), model, list(pictures), picture_of, str))
    assert list(found) == list(pictures)
    broken = [n for n, one in found.items() if isinstance(one, UserError)]
    assert broken == [3, 13, 23, 33]
    for n in (0, 17, 36):
        (alone,) = model.vectors([model.prepared(pictures[n])])
        assert np.allclose(found[n], alone, atol=1e-6)
