"""Whether a base model predicts noise or velocity: what is known of it, else one step of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from trainer.base_kinds import BaseFile
from trainer.errors import TrainerError
from trainer.headers import Header, read_header
from trainer.model import BaseModel, Family
from trainer.noise import ZERO_TERMINAL, generator
from trainer.reading import Reading

EPSILON, VELOCITY = "epsilon", "v_prediction"  # diffusers' names
_WORDS = {EPSILON: "noise (epsilon)", VELOCITY: "velocity (v)"}
_VELOCITY_NAMES = re.compile(r"v[-_ ]?pred(iction)?(?![a-z])|v[-_ ]?param|768[-_ ]?v")
_EPSILON_NAMES = re.compile(r"eps(ilon)?[-_ ]?pred")
# Of Stable Diffusion 2.x, the one for 768 pixels predicts velocity, the one for 512 noise.
_SIZES = {"768": VELOCITY, "512": EPSILON}
_ALIKE, _UNLIKE = 0.8, 0.4  # correlations of noise with the guess at it
_SIDE = 32  # of the latent of the one step


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a base model predicts, how that is known, and a sentence for the owner, or ""."""

    kind: str
    note: str = ""


def with_prediction(
    family: Family, base: BaseFile, model: BaseModel, wanted: str
) -> tuple[dict[str, Any], str]:
    """The scheduler's settings with what the model predicts, and a note about it, or "".

    `wanted` is the option v_parameterization. Raises TrainerError where nothing tells and the owner
    has to say.
    """
    header = Header({}, {}, {}, {}, 0) if base.is_folder else read_header(base.path)
    found = _known(base, model, header)
    if wanted != "auto":
        found = _overruled(found, VELOCITY if wanted == "true" else EPSILON)
    elif found is None:
        found = _probed(family, model, base) if family.asks_prediction else Prediction(EPSILON)
    settings = {**model.scheduler, "prediction_type": found.kind}
    if "ztsnr" in header.shapes:
        settings |= ZERO_TERMINAL
    return settings, found.note


def _known(base: BaseFile, model: BaseModel, header: Header) -> Prediction | None:
    if base.is_folder:
        kind = str(model.scheduler.get("prediction_type", EPSILON))
        if kind not in _WORDS:
            raise TrainerError(
                f"The base model {base.path} predicts {kind}; noise and velocity can be trained.",
                "Choose another base model, or set v_parameterization if the settings are wrong.",
            )
        return _said(kind, "its settings")
    if "v_pred" in header.shapes:
        return _said(VELOCITY, "its file")
    if kind := _by_metadata(header.metadata):
        return _said(kind, "its metadata")
    if kind := _by_name(base.path.stem, base.family):
        note = f"By its file name, the base model predicts {_WORDS[kind]}."
        return Prediction(kind, f"{note} If not, set v_parameterization.")
    return None


def _said(kind: str, where: str) -> Prediction:
    """By what is sure; usual models need no word about it."""
    return Prediction(
        kind, f"The base model predicts velocity, says {where}." if kind == VELOCITY else ""
    )


def _by_metadata(metadata: Mapping[str, str]) -> str:
    stated = metadata.get("modelspec.prediction_type", "").lower()
    if stated.startswith("v"):
        return VELOCITY
    if stated.startswith("eps"):
        return EPSILON
    if "-768-v" in metadata.get("modelspec.architecture", ""):
        return VELOCITY
    return ""


def _by_name(name: str, family: str) -> str:
    name = name.lower()
    if _VELOCITY_NAMES.search(name):
        return VELOCITY
    if _EPSILON_NAMES.search(name):
        return EPSILON
    sizes = {kind for size, kind in _SIZES.items() if size in name}
    return sizes.pop() if family == "sd2" and len(sizes) == 1 else ""


def _overruled(found: Prediction | None, kind: str) -> Prediction:
    if found is None or found.kind == kind:
        return Prediction(kind)
    return Prediction(
        kind,
        f"v_parameterization overrules what is known of the base model: it is trained to predict "
        f"{_WORDS[kind]}, not {_WORDS[found.kind]}.",
    )


@torch.no_grad()
def _probed(family: Family, model: BaseModel, base: BaseFile) -> Prediction:
    """One step where nothing is left of a picture: a guess at the noise is the noise itself."""
    noise = torch.randn((1, 4, _SIDE, _SIDE), generator=generator("probe")).to(model.unet.dtype)
    last = torch.tensor([int(model.scheduler.get("num_train_timesteps", 1000)) - 1])
    texts = family.encode_text(model, family.tokenize([""], Reading()), 1)
    kind = judged(noise, family.predict(model, noise, last, texts, []))
    if kind is None:
        raise TrainerError(
            f"Nothing tells whether the base model {base.path} predicts noise or velocity.",
            "Set v_parameterization: true for models made from SD 2.x for 768 pixels, false for "
            "those for 512.",
        )
    return Prediction(
        kind,
        f"One step of the base model shows that it predicts {_WORDS[kind]}. If not, set "
        "v_parameterization.",
    )


def judged(noise: Tensor, predicted: Tensor) -> str | None:
    """What was predicted from pure noise: itself, or (minus) a picture that has little of it.

    By the correlation of both; None where it is neither high nor low.
    """
    pair = torch.stack([noise.flatten().float(), predicted.flatten().float()])
    alike = float(pair.corrcoef()[0, 1])
    if alike >= _ALIKE:
        return EPSILON
    return VELOCITY if abs(alike) <= _UNLIKE else None
