"""Sample pictures: repeatable, of the right size, and shaped by the network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from tests.helpers.pictures import difference
from trainer.base_files import find_base
from trainer.config import RunConfig
from trainer.devices import Compute
from trainer.families import sd1
from trainer.model import BaseModel
from trainer.network import make_network
from trainer.noise import generator
from trainer.prompts import Prompt
from trainer.sampling import draw, parameters_of, save_picture
from trainer.text_cache import TextStates

CPU = Compute(torch.device("cpu"), "no")
PROMPT = Prompt("fr3dd1e", width=128, height=64, seed=3, steps=2)


@pytest.fixture(scope="module")
def model(practice: Path) -> BaseModel:
    return sd1.FAMILY.load(find_base(practice), torch.float32, None)


def drawn(model: BaseModel, prompt: Prompt) -> Image.Image:
    return draw(sd1.FAMILY, model, CPU, TextStates(sd1.FAMILY, model, 1, CPU).encode, prompt)


def differs(one: Image.Image, other: Image.Image) -> bool:
    return bool((np.asarray(one) != np.asarray(other)).any())


def test_a_picture_has_its_size_and_is_the_same_every_time(model: BaseModel) -> None:
    first, second = drawn(model, PROMPT), drawn(model, PROMPT)
    assert (first.size, first.mode) == ((128, 64), "RGB")
    assert not differs(first, second)


@pytest.mark.parametrize(
    "other",
    [{"seed": 4}, {"text": "another"}, {"negative": "hat"}, {"guidance": 1.5}, {"steps": 4}],
)
def test_everything_in_a_prompt_has_its_effect(model: BaseModel, other: dict[str, object]) -> None:
    changed = replace(PROMPT, guidance=40.0)
    assert differs(drawn(model, changed), drawn(model, replace(changed, **other)))  # type: ignore[arg-type]


def test_the_network_has_its_effect(model: BaseModel) -> None:
    plain = drawn(model, PROMPT)
    lora = make_network(RunConfig(network_dim=4), sd1.targets(model), generator(1))
    for group in lora.parameters("unet"):
        for parameter in group.parameters:
            nn.init.normal_(parameter, std=0.3)
    changed = drawn(model, PROMPT)
    lora.detach()
    assert differs(plain, changed)


def test_a_picture_is_the_one_that_diffusers_draws(model: BaseModel, pipeline: Any) -> None:
    prompt = replace(PROMPT, negative="hat", steps=5)
    latents = torch.randn((1, 4, 8, 16), generator=generator("sample", prompt.seed))
    theirs = pipeline(
        prompt.text,
        negative_prompt=prompt.negative,
        width=prompt.width,
        height=prompt.height,
        num_inference_steps=prompt.steps,
        guidance_scale=prompt.guidance,
        latents=latents,
    ).images[0]
    ours = drawn(model, prompt)
    assert difference(ours, theirs) < 0.5


def test_a_picture_is_written_as_png_with_how_it_was_drawn(tmp_path: Path) -> None:
    prompt = replace(PROMPT, text="fr3dd1e, häm", negative="hat", sampler="k_euler_a", guidance=7.5)
    said = parameters_of(prompt, "base with fred step 5")
    save_picture(Image.new("RGB", (8, 8), "red"), tmp_path / "new" / "a.png", said)
    with Image.open(tmp_path / "new" / "a.png") as picture:
        assert (picture.format, picture.getpixel((0, 0))) == ("PNG", (255, 0, 0))
        assert picture.text["parameters"].splitlines() == [  # type: ignore[attr-defined]
            "fr3dd1e, häm",
            "Negative prompt: hat",
            "Steps: 2, Sampler: Euler a, CFG scale: 7.5, Seed: 3, Size: 128x64, "
            "Model: base with fred step 5",
        ]


def test_a_sampler_has_its_effect(model: BaseModel) -> None:
    assert differs(drawn(model, PROMPT), drawn(model, replace(PROMPT, sampler="euler_a")))
