"""ONNX models: what is told of them, how they are run, and what a bad file says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curator.core.errors import UserError
from curator.ml.onnx_sessions import open_model
from tests.helpers.onnx_files import ints, node, number, write_network

POOL = node("AveragePool", ["in"], "out", ints("kernel_shape", (4, 4)) + ints("strides", (4, 4)))
SAME = node("Identity", ["in"], "out")


def test_a_model_tells_what_it_takes_and_gives(tmp_path: Path) -> None:
    path = write_network(
        tmp_path / "a.onnx", [POOL], {"in": ("n", 3, 8, 8)}, {"out": ("n", 3, 2, 2)}
    )
    model = open_model(path, threads=1)
    assert (model.input_name, model.dtype, model.outputs) == ("in", "float32", ("out",))
    assert (model.batch, model.height, model.width, model.channels) == (None, 8, 8, 3)
    assert not model.channels_last
    assert model.runs_on.startswith("It runs on the ")
    pictures = np.arange(5 * 3 * 8 * 8, dtype=np.uint8).reshape(5, 3, 8, 8)
    (found,) = model.run(pictures)
    wanted = pictures.reshape(5, 3, 2, 4, 2, 4).mean(axis=(3, 5))
    assert np.allclose(found, wanted)


@pytest.mark.parametrize(
    ("shape", "channels_last", "sizes"),
    [
        ((1, 448, 448, 3), True, (448, 448, 3)),
        ((1, 3, 448, 448), False, (448, 448, 3)),
        (("n", "h", "w", 3), True, (None, None, 3)),
        (("n", "c", "h", "w"), False, (None, None, None)),
        ((1, 3, 4, 3), False, (4, 3, 3)),
    ],
)
def test_the_side_of_the_channels_is_told(
    tmp_path: Path, shape: tuple[int | str, ...], channels_last: bool, sizes: tuple[int | None, ...]
) -> None:
    model = open_model(write_network(tmp_path / "a.onnx", [SAME], {"in": shape}, {"out": shape}))
    assert model.channels_last == channels_last
    assert (model.height, model.width, model.channels) == sizes


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_fixed_batch_is_filled_up_and_what_filled_it_is_left_out(
    tmp_path: Path, count: int
) -> None:
    shape = (2, 1, 2, 2)
    model = open_model(write_network(tmp_path / "a.onnx", [SAME], {"in": shape}, {"out": shape}))
    pictures = np.arange(count * 4, dtype=np.float32).reshape(count, 1, 2, 2)
    (found,) = model.run(pictures)
    assert np.array_equal(found, pictures)


def test_a_model_of_bytes_or_halves_is_given_them(tmp_path: Path) -> None:
    cast = node("Cast", ["in"], "out", number("to", 1))
    for kind, name in ((2, "uint8"), (10, "float16")):
        path = write_network(
            tmp_path / f"{name}.onnx", [cast], {"in": ("n", 3, 2, 2)}, {"out": ("n", 3, 2, 2)},
            input_type=kind,
        )  # fmt: skip
        model = open_model(path)
        assert model.dtype == name
        (found,) = model.run(np.full((1, 3, 2, 2), 7.0))
        assert found.dtype == np.float32
        assert (found == 7).all()


@pytest.mark.parametrize("content", [b"", b"no model at all", bytes(1000), None])
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"broken\.onnx") as refused:
        open_model(path)
    assert "choose" in refused.value.hint
    assert "ONNXRuntimeError" not in refused.value.message


def test_a_model_cut_short_is_refused(tmp_path: Path) -> None:
    shape = ("n", 3, 8, 8)
    path = write_network(tmp_path / "a.onnx", [SAME], {"in": shape}, {"out": shape})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UserError, match="can be used"):
        open_model(path)


def test_what_takes_no_picture_is_refused(tmp_path: Path) -> None:
    path = write_network(tmp_path / "a.onnx", [SAME], {"in": ("n", 3)}, {"out": ("n", 3)})
    with pytest.raises(UserError, match="does not take a picture"):
        open_model(path)


def test_data_beside_a_model_is_read_from_its_folder_alone(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for place in (tmp_path, folder):
        (place / "weights.bin").write_bytes(np.full(4, 3, np.float32).tobytes())
    (folder / "link.bin").symlink_to(tmp_path / "weights.bin")
    add = node("Add", ["in", "w"], "out")
    shape = ("n", 1, 2, 2)

    def opened(location: str) -> float:
        path = write_network(
            folder / "a.onnx", [add], {"in": shape}, {"out": shape},
            external={"w": (location, (1, 1, 2, 2))},
        )  # fmt: skip
        return float(open_model(path).run(np.zeros((1, 1, 2, 2)))[0].max())

    assert opened("weights.bin") == 3
    outside = ("../weights.bin", str(tmp_path / "weights.bin"), "gone.bin", "link.bin", "../../etc")
    for location in outside:
        with pytest.raises(UserError, match="can be used"):
            opened(location)


def test_a_picture_of_the_wrong_size_is_a_sentence(tmp_path: Path) -> None:
    shape = ("n", 3, 8, 8)
    model = open_model(write_network(tmp_path / "a.onnx", [POOL], {"in": shape}, {"out": shape}))
    with pytest.raises(UserError, match=r"a\.onnx failed"):
        model.run(np.zeros((1, 3, 9, 8)))
