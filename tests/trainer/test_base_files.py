"""What a base model on disk is taken for, and what is refused before anything is loaded."""

from __future__ import annotations

import json
import os
import pickle
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.helpers.processes import python_without_root
from trainer.base_files import convert_pickled, find_base
from trainer.errors import TrainerError
from trainer.families import family_for

CROSS = "model.diffusion_model.input_blocks.{}.1.transformer_blocks.0.attn2.to_k.weight"
CONV = "model.diffusion_model.input_blocks.0.0.weight"


def header_only(path: Path, shapes: dict[str, tuple[int, ...]]) -> Path:
    """A safetensors file whose tensors are holes in the file, as large as they say."""
    header, end = {}, 0
    for name, shape in shapes.items():
        size = 2 * int(torch.Size(shape).numel())
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    return path


def checkpoint(folder: Path, width: int, block: int = 1, channels: int = 4) -> Path:
    shapes = {CONV: (320, channels, 3, 3), CROSS.format(block): (320, width)}
    return header_only(folder / "model.safetensors", shapes)


@pytest.mark.parametrize(
    ("width", "block", "family"), [(768, 1, "sd1"), (1024, 1, "sd2"), (2048, 4, "sdxl")]
)
def test_the_family_is_seen_by_the_width_of_the_text(
    tmp_path: Path, width: int, block: int, family: str
) -> None:
    assert find_base(checkpoint(tmp_path, width, block)).family == family


@pytest.mark.parametrize(
    ("width", "block", "name"), [(1024, 1, "Stable Diffusion 2"), (2048, 4, "SDXL"), (99999, 1, "")]
)
def test_other_families_are_refused_by_name(
    tmp_path: Path, width: int, block: int, name: str
) -> None:
    with pytest.raises(TrainerError, match=f"{name}.* this version trains Stable Diffusion 1"):
        family_for(find_base(checkpoint(tmp_path, width, block)))


def test_an_sdxl_folder_is_known_by_its_pipeline(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text('{"_class_name": "StableDiffusionXLPipeline"}')
    assert find_base(tmp_path).family == "sdxl"


def test_an_inpainting_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="inpainting"):
        find_base(checkpoint(tmp_path, 768, channels=9))


def test_a_lora_is_no_base_model(tmp_path: Path) -> None:
    path = header_only(tmp_path / "lora.safetensors", {"lora_unet_x.lora_up.weight": (4, 4)})
    with pytest.raises(TrainerError, match="not a whole base model"):
        find_base(path)


@pytest.mark.parametrize("content", [b"", b"\xff" * 100, struct.pack("<Q", 10**18), b"<html>" * 9])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(TrainerError, match="damaged"):
        find_base(path)


@pytest.mark.parametrize("name", ["missing.safetensors", "picture.png", "folder"])
def test_what_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "folder").mkdir()
    with pytest.raises(TrainerError) as caught:
        find_base(tmp_path / name)
    assert caught.value.hint


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
