"""Text states of frozen encoders: computed once, kept, and never taken for those of others."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from trainer import text_cache
from trainer.base_files import find_base
from trainer.devices import Compute
from trainer.families import sd1
from trainer.model import BaseModel
from trainer.reading import Reading
from trainer.text_cache import TextStates

CPU = Compute(torch.device("cpu"), "no")


@pytest.fixture
def model(practice: Path) -> BaseModel:
    return sd1.FAMILY.load(find_base(practice), torch.float32, None)


def untold(_done: int, _total: int) -> None:
    """Nobody listens."""


def test_frozen_text_is_encoded_once_and_only_so_much_is_kept(
    model: BaseModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = TextStates(sd1.FAMILY, model, 1, CPU)
    first = texts.frozen(["a", "b", "a"]).states
    assert torch.equal(first[0], first[2])
    assert torch.allclose(first, texts.encode(["a", "b", "a"]).states, atol=1e-5)
    with torch.no_grad():
        model.text_encoders[0].final_layer_norm.bias += 1
    assert torch.equal(texts.frozen(["a", "b", "a"]).states, first)
    monkeypatch.setattr(text_cache, "_KEPT_BYTES", 3 * first[0].nbytes)
    texts.frozen([*"cdef"][:2])
    assert not torch.equal(texts.frozen(["b"]).states[0], first[1])


def test_captions_on_disk_are_found_by_another_run_and_by_no_other_encoder(
    model: BaseModel, tmp_path: Path
) -> None:
    first = TextStates(sd1.FAMILY, model, 1, CPU, folder=tmp_path)
    expected = first.frozen(["a cat"]).states
    shifted = TextStates(sd1.FAMILY, model, 1, CPU, folder=tmp_path)
    assert torch.equal(shifted.frozen(["a cat"]).states, expected)
    assert len(list(tmp_path.rglob("*.safetensors"))) == 1
    with torch.no_grad():
        model.text_encoders[0].final_layer_norm.bias += 1
    other = TextStates(sd1.FAMILY, model, 1, CPU, folder=tmp_path)
    assert torch.allclose(other.frozen(["a cat"]).states, expected + 1, atol=1e-5)
    for skip, reading in ((2, Reading()), (1, Reading(150)), (1, Reading(weighted=True))):
        TextStates(sd1.FAMILY, model, skip, CPU, reading, tmp_path).frozen(["a cat"])
    assert len(list(tmp_path.rglob("*.safetensors"))) == 5


def test_a_damaged_file_is_made_anew(model: BaseModel, tmp_path: Path) -> None:
    expected = TextStates(sd1.FAMILY, model, 1, CPU, folder=tmp_path).frozen(["a"]).states
    (path,) = tmp_path.rglob("*.safetensors")
    path.write_bytes(path.read_bytes()[:50])
    again = TextStates(sd1.FAMILY, model, 1, CPU, folder=tmp_path).frozen(["a"]).states
    assert torch.equal(again, expected)


def test_prepared_captions_need_no_encoder_and_others_still_have_one(
    model: BaseModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = TextStates(sd1.FAMILY, model, 1, CPU)
    expected = texts.encode(["a", "b"]).states
    told: list[tuple[int, int]] = []
    texts.prepare(["b", "a", "b"], lambda *now: told.append(now))
    assert told == [(0, 2), (2, 2)]
    assert torch.allclose(texts.encode(["a", "b"]).states, expected, atol=1e-5)
    with torch.no_grad():
        model.text_encoders[0].final_layer_norm.bias += 1
    assert torch.allclose(texts.frozen(["a", "b"]).states, expected, atol=1e-5)
    monkeypatch.setattr(text_cache, "_KEPT_BYTES", 0)
    texts.prepare(["c"], untold)
    assert texts.frozen(["c", "a"]).states.shape == expected.shape


def test_weights_multiply_the_states_of_their_words(model: BaseModel) -> None:
    plain = TextStates(sd1.FAMILY, model, 1, CPU).encode(["a hat"]).states
    reading = Reading(weighted=True)
    weighed = TextStates(sd1.FAMILY, model, 1, CPU, reading).encode(["a (hat:1.5)"]).states
    expected = plain.clone()
    expected[:, 2] *= 1.5
    assert torch.allclose(weighed, expected, atol=1e-6)
