"""SD 2.x and SDXL from folders and single files, trained, and read by diffusers as by us."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from tests.helpers.pictures import difference
from tests.helpers.tiny_models import write_folder, write_single_file
from tests.helpers.training import Owner
from tests.trainer.conftest import runs_in
from trainer.base_files import find_base
from trainer.base_loading import load_base
from trainer.config import RunConfig
from trainer.devices import Compute
from trainer.events import Note, Step
from trainer.families import sd2, sdxl
from trainer.frames import Frame, whole
from trainer.model import BaseModel, Family
from trainer.network import make_network
from trainer.noise import generator
from trainer.prompts import Prompt
from trainer.quiet import quiet
from trainer.reading import Reading
from trainer.sampling import draw
from trainer.stable_diffusion import Layout, load_single_file
from trainer.text_cache import TextStates

CPU = Compute(torch.device("cpu"), "no")
PROMPT = Prompt("fr3dd1e", width=128, height=64, seed=3, steps=3, negative="hat", guidance=4.0)


@dataclass(frozen=True)
class Case:
    """A family with a tiny model of it, and a run on it that has ended."""

    family: Family
    layout: Layout
    folder: Path
    config: RunConfig
    owner: Owner

    @property
    def checkpoint(self) -> Path:
        return self.config.output_dir / f"{self.config.output_name}.safetensors"


@pytest.fixture(scope="module", params=["sd21", "sdxl"])
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    practice: Path,
    train_dir: Path,
) -> Case:
    place = tmp_path_factory.mktemp(request.param)
    folder = write_folder(place / "model", request.param, practice)
    family, layout = {
        "sd21": (sd2.FAMILY, sd2.LAYOUT),
        "sdxl": (sdxl.FAMILY, sdxl.LAYOUT),
    }[request.param]
    config = runs_in(place, folder, train_dir)(
        max_train_steps=3,
        max_train_epochs=None,
        learning_rate=0.02,
        save_precision="float",
        validate_every_n_epochs=1,
        sample_prompts="fr3dd1e --w 64 --h 64 --s 1",
        sample_every_n_epochs=1,
    )
    return Case(family, layout, folder, config, Owner().train(config))


@pytest.fixture
def pipeline(case: Case) -> Iterator[Any]:
    """The model in diffusers, whose own warnings are not ours to fail on."""
    from diffusers import DDIMScheduler, DiffusionPipeline

    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded: Any = DiffusionPipeline.from_pretrained(case.folder, local_files_only=True)
        loaded.scheduler = DDIMScheduler.from_config(loaded.scheduler.config, clip_sample=False)
        loaded.set_progress_bar_config(disable=True)
        yield loaded


def drawn(case: Case, model: BaseModel) -> Any:
    return draw(case.family, model, CPU, TextStates(case.family, model, 1, CPU).encode, PROMPT)


def drawn_by(pipeline: Any) -> Any:
    latents = torch.randn((1, 4, 8, 16), generator=generator("sample", PROMPT.seed))
    return pipeline(
        PROMPT.text,
        negative_prompt=PROMPT.negative,
        width=PROMPT.width,
        height=PROMPT.height,
        num_inference_steps=PROMPT.steps,
        guidance_scale=PROMPT.guidance,
        latents=latents,
    ).images[0]


def test_a_single_file_gives_the_same_model_as_the_folder(case: Case, tmp_path: Path) -> None:
    path = write_single_file(case.folder, tmp_path / "model.safetensors")
    assert find_base(path).family == find_base(case.folder).family
    layout = replace(case.layout, configs=case.folder)
    single = load_single_file(path, torch.float32, None, layout)
    folder = case.family.load(find_base(case.folder), torch.float32, None)
    assert single.latent_scale == folder.latent_scale
    for one, other in zip(guesses(case, single), guesses(case, folder), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


@torch.no_grad()
def guesses(case: Case, model: BaseModel) -> list[torch.Tensor]:
    texts = case.family.encode_text(model, case.family.tokenize(["a creature"]), 1)
    times = torch.tensor([10])
    noise = case.family.predict(model, torch.ones(1, 4, 8, 8), times, texts, [whole((64, 64))])
    return [texts.states, noise, model.vae.decode(torch.ones(1, 4, 2, 2)).sample]


def test_a_run_trains_validates_and_draws(case: Case) -> None:
    assert len(case.owner.of(Step)) == 3
    assert {"Validated", "Sampled", "Finished"} <= set(case.owner.kinds())
    assert not [note.text for note in case.owner.of(Note) if "failed" in note.text]


def test_both_parts_have_learned_under_their_names(case: Case) -> None:
    tensors = load_file(case.checkpoint)
    moved = {name for name, one in tensors.items() if name.endswith("up.weight") and one.any()}
    prefixes = {name.split("_text_model")[0].split("_blocks")[0] for name in moved}
    sdxl_names = {"lora_te1", "lora_te2", "lora_unet_input", "lora_unet_output"}
    sd2_names = {"lora_te", "lora_unet_down", "lora_unet_up"}
    assert (sdxl_names if case.family is sdxl.FAMILY else sd2_names) <= prefixes


def test_metadata_name_the_family_as_sd_scripts_does(case: Case) -> None:
    with safe_open(case.checkpoint, "pt") as file:
        metadata = file.metadata()
    expected = {
        "ss_v2": "False",
        "ss_base_model_version": "sdxl_base_v1-0",
        "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
        "modelspec.prediction_type": "epsilon",
    }
    if case.family is sd2.FAMILY:
        expected = {
            "ss_v2": "True",
            "ss_base_model_version": "sd_v2_v",
            "modelspec.architecture": "stable-diffusion-v2-768-v/lora",
            "modelspec.prediction_type": "v",
        }
    assert {name: metadata[name] for name in expected} == expected


def test_diffusers_draws_the_same_picture_with_what_was_trained(case: Case, pipeline: Any) -> None:
    model = load_base(case.config, torch.float32).model
    plain = drawn(case, model)
    assert difference(plain, drawn_by(pipeline)) < 0.5
    targets = [one for one in case.family.targets(model) if not one.locon]
    lora = make_network(RunConfig(network_dim=4), targets, generator(1))
    assert lora.load(load_file(case.checkpoint)) == ()
    trained = drawn(case, model)
    assert difference(plain, trained) > 2
    tensors = load_file(case.checkpoint)
    flat = {name: one.flatten(1) if one.dim() == 4 else one for name, one in tensors.items()}
    pipeline.load_lora_weights(flat)  # it does not read SD 2's projections in sd-scripts' shape
    assert difference(trained, drawn_by(pipeline)) < 0.5


@torch.no_grad()
def test_long_texts_are_read_in_pieces_and_summed_up_by_the_first(case: Case) -> None:
    model = load_base(case.config, torch.float32).model
    reading = Reading(225)
    short, long = (
        case.family.encode_text(model, case.family.tokenize(["hat " * count], reading), 1)
        for count in (75, 200)
    )
    assert short.states.shape == long.states.shape
    assert long.states.shape[1] == 227
    assert torch.allclose(short.states[:, :76], long.states[:, :76], atol=1e-5)
    assert not torch.allclose(short.states[:, 76:], long.states[:, 76:], atol=1e-3)
    assert (long.pooled is None) == (case.family is sd2.FAMILY)
    if short.pooled is not None and long.pooled is not None:
        assert torch.allclose(short.pooled, long.pooled, atol=1e-5)
    times = torch.tensor([10])
    frames = [whole((64, 64))]
    guess = case.family.predict(model, torch.ones(1, 4, 8, 8), times, long, frames)
    assert guess.isfinite().all()


def test_only_sdxl_is_told_how_a_picture_was_cropped(case: Case) -> None:
    model = load_base(case.config, torch.float32).model
    texts = case.family.encode_text(model, case.family.tokenize(["a"]), 1)
    noisy, times = torch.ones(1, 4, 8, 8), torch.tensor([10])
    with torch.no_grad():
        one, other = (
            case.family.predict(model, noisy, times, texts, [frame])
            for frame in (whole((64, 64)), Frame((640, 480), 10, 0, (64, 64)))
        )
    assert torch.allclose(one, other, atol=1e-3) == (case.family is sd2.FAMILY)
