"""Base models as the trainer takes them, and what is refused before anything is loaded."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.helpers.base_models import CONV, CROSS, checkpoint
from tests.helpers.processes import python_without_root
from trainer.base_files import convert_pickled, find_base
from trainer.errors import TrainerError


def test_a_safetensors_file_is_taken_as_it_is(tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "model.safetensors")
    assert find_base(path).path == path


def weights() -> dict[str, torch.Tensor]:
    shared = torch.arange(16.0).reshape(4, 4)
    return {
        CONV: torch.ones(8, 4, 3, 3),
        CROSS.format(1): torch.ones(8, 768),
        "a": shared[:2],
        "b": shared[1:],
    }


def test_a_ckpt_is_converted_beside_itself_once(tmp_path: Path) -> None:
    path = tmp_path / "model.ckpt"
    torch.save({"state_dict": weights(), "epoch": 3}, path)
    converted = find_base(path).path
    assert converted == tmp_path / "model.ckpt.safetensors"
    assert torch.equal(load_file(converted)["b"], weights()["b"])
    before = converted.stat().st_mtime_ns
    assert find_base(path).path == converted
    assert converted.stat().st_mtime_ns == before


def test_a_ckpt_that_changed_is_converted_anew(tmp_path: Path) -> None:
    path = tmp_path / "model.ckpt"
    torch.save(weights(), path)
    converted = convert_pickled(path)
    torch.save({**weights(), "c": torch.zeros(1)}, path)
    later = converted.stat().st_mtime + 10
    os.utime(path, (later, later))
    assert "c" in load_file(convert_pickled(path))


class Harmful:
    """Pickled, it creates a file when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_a_ckpt_that_would_run_code_is_refused_unrun(tmp_path: Path) -> None:
    path, trace = tmp_path / "model.ckpt", tmp_path / "trace"
    torch.save({"state_dict": weights(), "callback": Harmful(trace)}, path)
    with pytest.raises(TrainerError, match="more than weights"):
        find_base(path)
    assert not trace.exists()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"no pickle at all", pickle.dumps({"a": 1})])
def test_a_ckpt_without_weights_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.ckpt"
    path.write_bytes(content)
    with pytest.raises(TrainerError, match=r"refused|holds no weights"):
        find_base(path)


def test_a_damaged_pickled_file_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    path = tmp_path / "a.ckpt"
    torch.save({"a": torch.arange(4.0)}, path, _use_new_zipfile_serialization=False)
    whole = path.read_bytes()
    refused = 0
    for at in range(0, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            convert_pickled(path).unlink()
        except TrainerError as error:
            refused += "refused" in error.message
    assert refused > 20


def test_a_pickled_file_that_may_not_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.ckpt").touch(mode=0)
    code = (
        "from pathlib import Path\n"
        "from trainer.base_files import convert_pickled\n"
        "from trainer.errors import TrainerError\n"
        "try: convert_pickled(Path('a.ckpt'))\n"
        "except TrainerError as error: print(error)"
    )
    assert "Cannot read" in python_without_root(code, tmp_path)
