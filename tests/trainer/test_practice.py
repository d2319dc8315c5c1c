"""The practice model: made once, the same everywhere, and of the shape of a real one."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.helpers.pictures import photo
from trainer.base_files import find_base
from trainer.cache import weights_digest
from trainer.families import family_for
from trainer.practice import practice_model


def test_it_is_made_once_and_is_the_same_everywhere(practice: Path, tmp_path: Path) -> None:
    random_state = torch.random.get_rng_state()
    made = practice_model(tmp_path)
    assert torch.equal(torch.random.get_rng_state(), random_state)
    before = (made / "model_index.json").stat().st_mtime_ns
    assert practice_model(tmp_path) == made
    assert (made / "model_index.json").stat().st_mtime_ns == before
    for part in ("unet", "vae", "text_encoder"):
        files = [next((folder / part).glob("*.safetensors")) for folder in (made, practice)]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_its_latents_are_as_wide_as_its_noise(practice: Path) -> None:
    base = find_base(practice)
    model = family_for(base).load(base, torch.float32, None)
    pictures = np.stack([np.asarray(photo(seed, (64, 64))) for seed in range(4)])
    pixels = torch.from_numpy(pictures).movedim(-1, 1) / 127.5 - 1
    with torch.no_grad():
        spread = model.vae.encode(pixels).latent_dist
    latents = spread.mean * model.latent_scale
    assert 0.3 < float(latents.std()) < 3
    assert float(spread.std.max()) < 1e-3


def test_it_is_a_pipeline_that_diffusers_loads(practice: Path) -> None:
    from diffusers import StableDiffusionPipeline

    from trainer.quiet import quiet

    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a library that is used here as others use it
        pipeline = StableDiffusionPipeline.from_pretrained(practice, local_files_only=True)
    ids = pipeline.tokenizer("a photo of a cat").input_ids
    assert ids == [49406, 320, 1125, 539, 320, 2368, 49407]


def test_weights_of_another_kind_have_another_digest(practice: Path) -> None:
    base = find_base(practice)
    model = family_for(base).load(base, torch.float32, None)
    digest = weights_digest(model.vae)
    assert weights_digest(model.vae) == digest
    with torch.no_grad():
        model.vae.quant_conv.bias[0] += 1e-3
    assert weights_digest(model.vae) != digest


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "scheduler", "tokenizer"])
def test_every_part_is_there(practice: Path, part: str) -> None:
    assert any((practice / part).iterdir())
