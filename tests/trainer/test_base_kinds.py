"""What a base model on disk is taken for, before anything is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.base_models import CROSS, PARTS, checkpoint, diffusers_folder, header_only, lora
from trainer.base_kinds import (
    TITLES,
    TRAINED,
    NoBaseModelError,
    look_at,
    require_trained,
)
from trainer.errors import TrainerError

MODEL = "model.safetensors"


@pytest.mark.parametrize(
    ("width", "block", "family"), [(768, 1, "sd1"), (1024, 1, "sd2"), (2048, 4, "sdxl")]
)
def test_the_family_is_seen_by_the_width_of_the_text(
    tmp_path: Path, width: int, block: int, family: str
) -> None:
    assert look_at(checkpoint(tmp_path / MODEL, width, block)).family == family


@pytest.mark.parametrize(
    ("proj", "more", "family"),
    [
        ((32, 32, 1, 1), {}, "sd1"),
        ((32, 32), {}, "sd2"),
        ((32, 32), {"model.diffusion_model.label_emb.0.0.weight": (32, 80)}, "sdxl"),
    ],
)
def test_small_models_are_told_apart_by_their_layers(
    tmp_path: Path, proj: tuple[int, ...], more: dict[str, tuple[int, ...]], family: str
) -> None:
    block = "model.diffusion_model.input_blocks.1.1"
    shapes = {CROSS.format(1): (32, 32), f"{block}.proj_in.weight": proj, **more}
    assert look_at(header_only(tmp_path / MODEL, shapes)).family == family


def test_a_model_of_an_unknown_kind_is_refused_with_what_is_trained(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"unknown kind; this version trains .* and SDXL only"):
        require_trained(look_at(checkpoint(tmp_path / MODEL, 99999)))


def test_a_transformer_in_place_of_a_unet_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')
    with pytest.raises(TrainerError, match="of the kind Flux"):
        require_trained(look_at(tmp_path))


def test_the_refiner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="refiner"):
        look_at(checkpoint(tmp_path / MODEL, 1280, 4))


def test_an_inpainting_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="inpainting"):
        look_at(checkpoint(tmp_path / MODEL, 768, channels=9))


def test_a_lora_is_no_base_model(tmp_path: Path) -> None:
    with pytest.raises(NoBaseModelError, match="not a whole base model"):
        look_at(lora(tmp_path / "lora.safetensors"))


@pytest.mark.parametrize("name", ["missing.safetensors", "picture.png", "folder"])
def test_what_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "folder").mkdir()
    with pytest.raises(TrainerError) as caught:
        look_at(tmp_path / name)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("block", "family"), [("joint_blocks.0.x_block", "sd3"), ("double_blocks.0.img_attn", "flux")]
)
def test_models_without_a_unet_are_told_apart(tmp_path: Path, block: str, family: str) -> None:
    name = f"model.diffusion_model.{block}.qkv.weight"
    assert look_at(header_only(tmp_path / MODEL, {name: (4, 4)})).family == family


def test_a_folder_is_known_by_the_settings_of_its_unet(tmp_path: Path) -> None:
    assert look_at(diffusers_folder(tmp_path / "one")).family == "sd1"
    assert look_at(diffusers_folder(tmp_path / "two", width=1024)).family == "sd2"
    linear = {"use_linear_projection": True}
    assert look_at(diffusers_folder(tmp_path / "three", width=32, **linear)).family == "sd2"


def test_an_sdxl_folder_has_two_text_encoders(tmp_path: Path) -> None:
    folder = diffusers_folder(tmp_path / "model", width=2048, addition_embed_type="text_time")
    with pytest.raises(TrainerError, match=r"text_encoder_2 holds no \.safetensors weights"):
        look_at(folder)
    header_only(folder / "text_encoder_2" / "model.safetensors", {"x": (1,)})
    assert look_at(folder).family == "sdxl"


def test_weights_in_several_files_are_found_by_their_index(tmp_path: Path) -> None:
    folder = diffusers_folder(tmp_path / "model")
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_name("diffusion_pytorch_model-00001-of-00001.safetensors"))
    weights.with_name(f"{weights.name}.index.json").write_text("{}")
    assert look_at(folder).family == "sd1"


@pytest.mark.parametrize("part", PARTS)
def test_a_folder_without_weights_that_are_read_is_refused(tmp_path: Path, part: str) -> None:
    folder = diffusers_folder(tmp_path / "model")
    (weights,) = (folder / part).glob("*.safetensors")
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(TrainerError, match=r"no \.safetensors weights"):
        look_at(folder)


@pytest.mark.parametrize("content", [b"[1]", b"{", b"[" * 100_000, b'{"_class_name": ["x"]}'])
def test_settings_that_say_nothing_make_no_model(tmp_path: Path, content: bytes) -> None:
    folder = diffusers_folder(tmp_path / "model", width=7_000)
    (folder / "model_index.json").write_bytes(content)
    with pytest.raises(TrainerError):
        require_trained(look_at(folder))


def test_a_damaged_model_may_still_be_one(tmp_path: Path) -> None:
    (tmp_path / MODEL).write_bytes(b"")
    with pytest.raises(TrainerError) as caught:
        look_at(tmp_path / MODEL)
    assert not isinstance(caught.value, NoBaseModelError)


def test_exactly_the_families_with_a_row_are_trained() -> None:
    from trainer.families import FAMILIES  # loads torch

    assert set(TRAINED) == set(FAMILIES)
    assert all(family.label == TITLES[name] for name, family in FAMILIES.items())
