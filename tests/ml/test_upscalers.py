"""Upscalers and filters: tiles that leave no seams, alpha, memory, files of another kind."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.jobs import Cancelled
from curator.ml.upscalers import Upscaler, open_upscaler, tiled
from curator.ml.upscalers.networks import SpandrelNetwork
from curator.ml.upscalers.onnx_networks import OnnxNetwork
from curator.ml.upscalers.tiling import spans
from tests.helpers import heavy_models
from tests.helpers.pictures import draw, photo


def doubled(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return pixels.repeat(2, axis=0).repeat(2, axis=1)


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(height * width).integers(0, 256, (height, width, 3), np.uint8)


@given(
    length=st.integers(1, 3000),
    most=st.integers(16, 512),
    margin=st.integers(0, 20),
    step=st.sampled_from([1, 4, 16]),
)
def test_spans_use_every_pixel_once_and_keep_their_margins(
    length: int, most: int, margin: int, step: int
) -> None:
    most, margin = most // step * step, min(margin, most // 4)

    def grown(width: int) -> int:
        return -(-width // step) * step

    found = spans(length, most, margin, grown)
    assert [one.first for one in found] == [0, *(one.last for one in found[:-1])]
    assert found[-1].last == length
    for one in found:
        assert 0 <= one.start <= one.first < one.last <= one.stop <= length
        assert one.stop - one.start <= most
        assert one.start == 0 or one.first - one.start >= margin
        assert one.stop == length or one.stop - one.last >= margin


@pytest.mark.parametrize("size", [(1, 1), (5, 300), (500, 70), (64, 64), (449, 450)])
@pytest.mark.parametrize("lost", [0, 1, 4])
def test_what_an_onnx_network_loses_at_its_edges_is_made_up_for(
    tmp_path: Path, size: tuple[int, int], lost: int
) -> None:
    network = OnnxNetwork(heavy_models.write_doubler(tmp_path / "waifu2x.onnx", lost))
    assert (network.scale, network.border) == (2, (lost + 1) // 2)
    pixels = noise(*size)
    assert np.array_equal(tiled(network, pixels, network.sides[0]), doubled(pixels))
    assert np.array_equal(tiled(network, pixels, 64), doubled(pixels))


def test_an_onnx_network_of_one_size_or_one_channel_does_as_well(tmp_path: Path) -> None:
    pixels = noise(100, 70)
    fixed = OnnxNetwork(heavy_models.write_doubler(tmp_path / "a.onnx", 4, side=48))
    assert (fixed.scale, fixed.border, fixed.sides) == (2, 2, (48,))
    assert np.array_equal(tiled(fixed, pixels, 48), doubled(pixels))
    gray = OnnxNetwork(heavy_models.write_doubler(tmp_path / "b.onnx", channels=1))
    assert np.array_equal(tiled(gray, pixels, 64), doubled(pixels))


@pytest.fixture(scope="module")
def esrgan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return heavy_models.write_esrgan(tmp_path_factory.mktemp("models") / "small.pth")


def test_tiles_of_an_esrgan_equal_the_whole(esrgan: Path) -> None:
    network = SpandrelNetwork(esrgan, use_card=False)
    pixels = np.asarray(photo(1, (150, 110)))
    whole = tiled(network, pixels, 512).astype(int)
    assert whole.shape == (440, 600, 3)
    assert whole.std() > 5  # so that there is something to see
    assert np.abs(tiled(network, pixels, 64) - whole).max() <= 1


def test_an_esrgan_in_safetensors_is_the_same_and_takes_any_size(
    esrgan: Path, tmp_path: Path
) -> None:
    other = heavy_models.write_esrgan(tmp_path / "small.safetensors")
    picture = photo(2, (40, 30))
    first, second = (
        open_upscaler(path, "small", use_card=False).upscale(picture, (90, 70))
        for path in (esrgan, other)
    )
    assert first.size == (90, 70)
    assert first.tobytes() == second.tobytes()
    dot = Pillow.new("RGB", (1, 1), "red")
    assert open_upscaler(esrgan, "small", use_card=False).upscale(dot, (20, 20)).size == (20, 20)


@pytest.mark.parametrize("kind", ["compact", "swinir", "dat", "dncnn", "gray"])
def test_networks_of_other_architectures_take_any_size(tmp_path: Path, kind: str) -> None:
    path, scale = heavy_models.write_network_of(tmp_path / "net.pth", kind)
    model = open_upscaler(path, kind, use_card=False)
    assert model.scale == scale
    for size in ((1, 1), (37, 23), (70, 90)):
        wanted = size[0] * scale, size[1] * scale
        assert model.upscale(photo(5, size), wanted).size == wanted


def test_a_picture_is_enlarged_again_until_it_is_large_enough(tmp_path: Path) -> None:
    model = open_upscaler(heavy_models.write_doubler(tmp_path / "a.onnx"), "a")
    drawn = draw(size=(20, 10))
    expected = drawn.resize((80, 40), Pillow.Resampling.NEAREST)
    assert model.upscale(drawn, (80, 40)).tobytes() == expected.tobytes()
    assert model.upscale(drawn, (60, 30)).size == (60, 30)


def test_colours_beside_what_is_transparent_stay_what_they_are(tmp_path: Path) -> None:
    model = open_upscaler(heavy_models.write_filter(tmp_path / "a.onnx"), "a")
    picture = Pillow.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((200, 100, 50, 255), (10, 10, 30, 30))
    made = np.asarray(model.upscale(picture, (40, 40)))
    assert np.array_equal(made[..., 3], np.asarray(picture)[..., 3])
    assert np.abs(made[10:30, 10:30, :3].astype(int) - (200, 100, 50)).max() <= 1


def test_a_filter_filters_and_enlarges_nothing(tmp_path: Path) -> None:
    model = open_upscaler(heavy_models.write_filter(tmp_path / "soft.onnx"), "soft")
    assert model.scale == 1
    picture = photo(3, (64, 48), grain=20)
    assert np.asarray(model.upscale(picture, picture.size)).std() < np.asarray(picture).std()
    with pytest.raises(UserError, match="soft is a filter"):
        model.upscale(picture, (128, 96))


class Forgetful:
    """A network for which memory runs out with large tiles."""

    scale, border, shift, on_card, runs_on = 2, 0, 0, True, "It runs in a test."

    def __init__(self, room: int) -> None:
        self.sides, self._room = (256, 128, 64), room
        self.seen: list[int] = []

    def grown(self, side: int) -> int:
        return side

    def run(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        self.seen.append(max(pixels.shape))
        if max(pixels.shape) > self._room:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return doubled(pixels)


def test_where_memory_runs_out_tiles_become_smaller_and_stay_so() -> None:
    network = Forgetful(130)
    model = Upscaler("small", network)
    picture = photo(4, (300, 200))
    expected = picture.resize((600, 400), Pillow.Resampling.NEAREST)
    assert model.upscale(picture, (600, 400)).tobytes() == expected.tobytes()
    tried = network.seen.count(max(network.seen))
    model.upscale(picture, (600, 400))
    assert network.seen.count(max(network.seen)) == tried == 1


def test_where_no_tile_fits_it_is_said() -> None:
    with pytest.raises(UserError, match="not enough memory for small"):
        Upscaler("small", Forgetful(10)).upscale(photo(4, (300, 200)), (600, 400))


def test_it_can_be_cancelled_between_tiles(tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled

    model = open_upscaler(heavy_models.write_doubler(tmp_path / "a.onnx"), "a")
    with pytest.raises(Cancelled):
        model.upscale(draw(), (192, 128), stop)


class Evil:
    """What a pickle may do."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return Path.touch, (Path("was_here"),)  # type: ignore[return-value]


def _evil(path: Path) -> None:
    path.write_bytes(pickle.dumps({"params": Evil()}))


def _garbage(path: Path) -> None:
    path.write_bytes(b"no weights at all" * 99)


def _other_weights(path: Path) -> None:
    import torch

    torch.save({"some.weight": torch.zeros(3)}, path)


@pytest.mark.parametrize("spoil", [_evil, _garbage, _other_weights])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors", ".onnx"])
def test_a_file_of_another_kind_is_a_sentence(
    tmp_path: Path, spoil: Callable[[Path], None], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f"odd{suffix}"
    spoil(path)
    with pytest.raises(UserError, match="odd"):
        open_upscaler(path, "odd", use_card=False)
    assert not (tmp_path / "was_here").exists()


def test_a_pickle_that_needs_more_than_weights_is_told_apart(tmp_path: Path) -> None:
    _evil(tmp_path / "odd.pth")
    with pytest.raises(UserError, match="more than weights"):
        open_upscaler(tmp_path / "odd.pth", "odd")


def test_a_tagger_is_no_upscaler(tmp_path: Path) -> None:
    path = heavy_models.write_bright_cutter(tmp_path / "cutter.onnx")
    with pytest.raises(UserError, match=r"cutter\.onnx is no upscaler"):
        open_upscaler(path, "cutter")
    with pytest.raises(UserError, match="There is no model"):
        open_upscaler(tmp_path / "gone.pth", "gone")
