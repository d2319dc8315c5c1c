"""Latents: computed once, never taken for those of something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.helpers.pictures import draw
from trainer import cache
from trainer.buckets import BucketRule, choose_bucket, placed
from trainer.cache import CachedLatents, Encoder, FreshLatents
from trainer.dataset import Item
from trainer.devices import Compute
from trainer.errors import TrainerError
from trainer.families import sd1
from trainer.looks import Look
from trainer.model import BaseModel
from trainer.noise import generator
from trainer.subsets import Subset

CPU = Compute(torch.device("cpu"), "no")
PLACE = choose_bucket((64, 64), BucketRule((64, 64), 64, 64))
PLAIN, MIRRORED = Look(PLACE), Look(PLACE, mirrored=True)


@pytest.fixture
def model(practice: Path) -> BaseModel:
    from trainer.base_files import find_base

    return sd1.FAMILY.load(find_base(practice), torch.float32, None)


@pytest.fixture
def items(tmp_path: Path) -> list[Item]:
    """Three pictures in two buckets."""
    subset = Subset(
        image_dir=tmp_path,
        num_repeats=1,
        class_tokens="",
        is_reg=False,
        rule=BucketRule((128, 64), 64, 128, 64),
    )
    made = []
    for number, size in enumerate(((64, 64), (80, 70), (64, 128))):
        path = tmp_path / f"{number}.png"
        draw(number, size).save(path)
        made.append(Item(path, f"caption {number}", 1, *size, subset))
    return made


def flipped(items: Sequence[Item]) -> list[Item]:
    return [replace(item, subset=replace(item.subset, flip_aug=True)) for item in items]


class Counting(Encoder):
    """An encoder that counts the pictures it encodes."""

    count = 0

    def encode(
        self, pixels: np.typing.NDArray[np.uint8], path: Path, random: torch.Generator
    ) -> torch.Tensor:
        self.count += 1
        return super().encode(pixels, path, random)


def encoded(
    model: BaseModel, items: Sequence[Item], folder: Path | None
) -> tuple[CachedLatents, int]:
    encoder = Counting(model, CPU)
    latents = CachedLatents(items, encoder, folder, lambda _done, _total: None)
    return latents.to(CPU), encoder.count


def test_latents_are_an_eighth_of_their_bucket(model: BaseModel, items: list[Item]) -> None:
    latents, _ = encoded(model, items, None)
    assert latents.batch([0, 1], [PLAIN, PLAIN]).shape == (2, 4, 8, 8)
    assert latents.batch([2], [PLAIN]).shape == (1, 4, 16, 8)


def test_a_second_run_encodes_nothing(model: BaseModel, items: list[Item], tmp_path: Path) -> None:
    first, encodings = encoded(model, items, tmp_path / "cache")
    second, again = encoded(model, items, tmp_path / "cache")
    assert (encodings, again) == (3, 0)
    assert torch.equal(first.batch([0, 1], [PLAIN] * 2), second.batch([0, 1], [PLAIN] * 2))


def test_a_renamed_picture_is_known_and_an_edited_one_is_not(
    model: BaseModel, items: list[Item], tmp_path: Path
) -> None:
    encoded(model, items, tmp_path / "cache")
    renamed = tmp_path / "renamed.png"
    items[0].path.rename(renamed)
    draw(77, (80, 70)).save(items[1].path)
    _, encodings = encoded(model, [replace(items[0], path=renamed), *items[1:]], tmp_path / "cache")
    assert encodings == 1


def test_another_vae_meets_no_old_latents(
    model: BaseModel, items: list[Item], tmp_path: Path
) -> None:
    encoded(model, items, tmp_path / "cache")
    with torch.no_grad():
        model.vae.quant_conv.weight += 0.01
    assert encoded(model, items, tmp_path / "cache")[1] == 3


def test_another_bucket_meets_no_old_latents(
    model: BaseModel, items: list[Item], tmp_path: Path
) -> None:
    encoded(model, items, tmp_path / "cache")
    rule = BucketRule((192, 192), 64, 256, 64)
    larger = [replace(item, subset=replace(item.subset, rule=rule)) for item in items]
    assert encoded(model, larger, tmp_path / "cache")[1] == 3


def test_a_damaged_entry_is_made_anew(model: BaseModel, items: list[Item], tmp_path: Path) -> None:
    first, _ = encoded(model, items, tmp_path / "cache")
    for path in (tmp_path / "cache").rglob("*.npy"):
        path.write_bytes(path.read_bytes()[:100])
    second, encodings = encoded(model, items, tmp_path / "cache")
    assert encodings == 3
    assert torch.equal(first.batch([0], [PLAIN]), second.batch([0], [PLAIN]))


def test_mirrored_latents_are_those_of_the_mirrored_picture(
    model: BaseModel, items: list[Item], tmp_path: Path
) -> None:
    latents, encodings = encoded(model, flipped(items), tmp_path / "cache")
    assert encodings == 6
    mirrored = tmp_path / "mirrored.png"
    draw(0, (64, 64)).transpose(0).save(mirrored)
    direct, _ = encoded(model, [replace(items[0], path=mirrored)], None)
    assert torch.allclose(latents.batch([0], [MIRRORED]), direct.batch([0], [PLAIN]), atol=1e-3)
    assert not torch.allclose(latents.batch([0], [MIRRORED]), latents.batch([0], [PLAIN]), atol=0.1)


def test_latents_that_are_no_numbers_name_the_picture(model: BaseModel, items: list[Item]) -> None:
    with torch.no_grad():
        model.vae.quant_conv.bias[0] = torch.nan
    with pytest.raises(TrainerError, match=r"no usable numbers for .*0\.png"):
        encoded(model, items, None)


def test_a_broken_picture_is_named_and_no_thread_stays(model: BaseModel, items: list[Item]) -> None:
    items[2].path.write_bytes(b"broken")
    with pytest.raises(TrainerError, match=r"2\.png"):
        encoded(model, items, None)


def test_progress_counts_every_picture(model: BaseModel, items: list[Item]) -> None:
    told: list[tuple[int, int]] = []
    CachedLatents(items, Encoder(model, CPU), None, lambda *now: told.append(now))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_latents_too_large_for_the_device_come_batch_by_batch(
    model: BaseModel, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = encoded(model, items, None)[0].batch([0, 1], [PLAIN] * 2)
    monkeypatch.setattr(cache, "_ON_DEVICE_BYTES", 0)
    assert torch.equal(encoded(model, items, None)[0].batch([0, 1], [PLAIN] * 2), expected)


def test_fresh_latents_differ_between_steps_but_not_between_runs(
    model: BaseModel, items: list[Item]
) -> None:
    with torch.no_grad():
        model.vae.quant_conv.bias[4:] = 0.0  # a wide spread
    first, second = (FreshLatents(items, Encoder(model, CPU), CPU) for _ in range(2))
    one = first.batch([0, 1], [PLAIN, MIRRORED], "seed", 1)
    assert torch.equal(one, second.batch([0, 1], [PLAIN, MIRRORED], "seed", 1))
    assert not torch.equal(one, second.batch([0, 1], [PLAIN, MIRRORED], "seed", 2))


def test_what_is_drawn_from_the_vae_depends_on_the_key_alone(
    model: BaseModel, items: list[Item]
) -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    encoder = Encoder(model, CPU)
    one, other = (encoder.encode(pixels, items[0].path, generator("key")) for _ in range(2))
    assert torch.equal(one, other)


def test_latents_of_another_scale_are_not_taken_up(
    model: BaseModel, items: Sequence[Item], tmp_path: Path
) -> None:
    encoded(model, items, tmp_path / "cache")
    _, count = encoded(replace(model, latent_scale=0.13025), items, tmp_path / "cache")
    assert count == len(items)


def test_pictures_seen_without_their_transparency_meet_no_others(
    model: BaseModel, items: list[Item], tmp_path: Path
) -> None:
    encoded(model, items, tmp_path / "cache")
    opaque = [replace(item, subset=replace(item.subset, alpha_mask=True)) for item in items]
    assert encoded(model, opaque, tmp_path / "cache")[1] == 3
    assert encoded(model, opaque, tmp_path / "cache")[1] == 0


def test_fresh_latents_follow_the_crop_and_colours_of_each_look(
    model: BaseModel, items: list[Item]
) -> None:
    latents = FreshLatents(items, Encoder(model, CPU), CPU)
    wide = choose_bucket((80, 70), BucketRule((64, 64), 64, 64))
    looks = [Look(wide), replace(Look(wide), gamma=1.05), Look(placed((64, 64), (73, 64), 9, 0))]
    plain, bright, aside = (latents.batch([1], [look], 0) for look in looks)
    assert plain.shape == bright.shape == aside.shape == (1, 4, 8, 8)
    assert not torch.allclose(plain, bright, atol=1e-3)
    assert not torch.allclose(plain, aside, atol=1e-1)
