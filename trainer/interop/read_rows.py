"""Settings under sd-scripts' names as our options, with a sentence for each that differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trainer.config import OPTIONS, RunConfig
from trainer.errors import TrainerError
from trainer.interop.foreign import (
    Given,
    Notes,
    Rows,
    is_off,
    is_on,
    is_secret,
    is_unset,
    meant,
    shown,
)
from trainer.interop.read_learning import unpack_learning
from trainer.interop.read_network import unpack_network
from trainer.interop.sd_scripts_keys import ALIASES, DEFAULTS, IDLE, OURS, SAME
from trainer.options import parse_value, parse_values
from trainer.rules import check

_SEEN = ("v2", "v_parameterization")
_OTHERS = ("flux1_checkbox", "sd3_checkbox", "lumina_checkbox", "hunyuan_image_checkbox", "anima")
_BASE = "pretrained_model_name_or_path"
_HUB = re.compile(r"[\w.-]+/[\w.-]+")
_MIXES = ("shuffle_caption", "caption_tag_dropout_rate", "token_warmup_step")
_FRESH = ("random_crop", "color_aug", "face_crop_aug_range")  # a picture is encoded each time
_FILES = (".safetensors", ".ckpt", ".pt")
_KNOWN = frozenset((*SAME, *OURS)) & OPTIONS.keys()
_BIG_PIXELS = {"v_parameterization": 768, "sdxl": 1024}


def options_of_rows(rows: Rows, notes: Notes, *, complete: bool) -> dict[str, Any]:
    """Our options. With `complete`, what is not set gets sd-scripts' default where ours differs."""
    rows = {ALIASES.get(name, name): given for name, given in rows.items()}
    _drop_secrets(rows, notes)
    _family(rows, notes)
    unpack_network(rows, notes)
    unpack_learning(rows, notes)
    _noise(rows, notes)
    _captions(rows, notes, complete=complete)
    options: dict[str, Any] = {}
    for name, given in rows.items():
        _take(name, given, options, notes)
    if complete:
        _add_defaults(options, notes)
    _contradictions(options, notes)
    return options


def _drop_secrets(rows: Rows, notes: Notes) -> None:
    for name in [name for name in rows if is_secret(name)]:
        notes.ignored.append(f"{rows.pop(name).key}: a secret, which is never read.")


def _family(rows: Rows, notes: Notes) -> None:
    sizes = [size for name, size in _BIG_PIXELS.items() if name in rows and is_on(rows[name].value)]
    for name in _SEEN:
        given = rows.get(name)
        if given and not is_on(given.value):
            del rows[name]
            notes.changed.append(f"{given.key} is off: auto here, it is seen from the base model.")
        elif given:
            rows[name] = Given("true", given.key)
    for name in _OTHERS:
        if name in rows and is_on(rows.pop(name).value):
            notes.warnings.append(
                f"{name} is on: these settings are for a kind of model that is not trained here."
            )
    base = str(rows["pretrained_model_name_or_path"].value) if _BASE in rows else ""
    if _HUB.fullmatch(base) and not base.lower().endswith(_FILES):
        notes.warnings.append(
            f"The base model {shown(base)} is a name on Hugging Face. Nothing is downloaded here: "
            "choose the file or folder."
        )
    _size(rows, sizes, notes)


def _size(rows: Rows, sizes: list[int], notes: Notes) -> None:
    given = rows.get("resolution")
    if given is None or not sizes:
        return
    try:
        width, height = parse_value(OPTIONS["resolution"], given.value)
    except TrainerError:
        return
    if width * height < (0.7 * max(sizes)) ** 2:
        notes.warnings.append(
            f"The resolution is {width}x{height}, but such a base model draws {max(sizes)}x"
            f"{max(sizes)}: smaller pictures teach it less, and worse pictures may come of it."
        )


def _noise(rows: Rows, notes: Notes) -> None:
    scale, offset = rows.get("adaptive_noise_scale"), rows.get("noise_offset")
    if scale and not is_off(scale.value) and (offset is None or is_off(offset.value)):
        del rows["adaptive_noise_scale"]
        notes.warnings.append(
            f"adaptive_noise_scale is {shown(scale.value)} without a noise_offset: there it did "
            "nothing, and it is left out here."
        )


def _captions(rows: Rows, notes: Notes, *, complete: bool) -> None:
    given = rows.pop("caption_extension", None)
    bare = given is None and complete and "dataset_config" not in rows
    if bare or (given is not None and is_unset(given.value)):
        notes.warnings.append(
            "caption_extension is empty: kohya would have ignored your .txt files and looked for "
            ".caption. Here .txt files are read."
        )
        rows["caption_extension"] = Given(".txt", "caption_extension")
    elif given is not None:
        text = str(given.value).strip()
        rows["caption_extension"] = Given(text if text[:1] == "." else f".{text}", given.key)
        if text[:1] != ".":
            notes.warnings.append(
                f"caption_extension is {shown(text)} without a full stop: kohya would have found "
                "no captions."
            )
    keeps, mixes = rows.get("keep_tokens"), _MIXES
    moved = any(name in rows and not is_off(rows[name].value) for name in mixes)
    if keeps and not is_off(keeps.value) and not moved:
        notes.warnings.append(
            f"keep_tokens is {shown(keeps.value)}, but shuffle_caption is off: it does nothing."
        )
    if complete and "cache_latents" not in rows and any(name in rows for name in _FRESH):
        rows["cache_latents"] = Given(False, "cache_latents")
    _prompts(rows, notes)


def _prompts(rows: Rows, notes: Notes) -> None:
    given = rows.get("sample_prompts")
    if given and str(given.value).strip().lower().endswith((".toml", ".json")):
        del rows["sample_prompts"]
        notes.ignored.append("sample_prompts: prompts are read from .txt files only.")


def _take(name: str, given: Given, options: dict[str, Any], notes: Notes) -> None:
    """One row into the options, or a sentence why not."""
    if name in IDLE:
        notes.ignored.append(f"{given.key}: {IDLE[name]}.")
    elif name not in _KNOWN:
        if is_off(given.value):
            notes.off.append(given.key)
        else:
            notes.ignored.append(f"{given.key}: not known here.{meant(name, _KNOWN)}")
    elif is_unset(given.value):
        notes.off.append(given.key)
    else:
        try:
            options[name] = parse_value(OPTIONS[name], _in_text(name, given.value))
        except TrainerError as error:
            said = error.message.removeprefix(f'The option "{name}" ')
            notes.ignored.append(f"{given.key}: it {shown(said)} {error.hint}".strip())
        else:
            notes.take(name, given)


def _in_text(name: str, value: Any) -> Any:
    """A range may be a list of two numbers and one weight a number; here both are text."""
    if name == "face_crop_aug_range" and isinstance(value, list):
        return ",".join(map(str, value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number and OPTIONS[name].kind is str else value


def _add_defaults(options: dict[str, Any], notes: Notes) -> None:
    rates = ("unet_lr", "text_encoder_lr")
    for name, value in DEFAULTS.items():
        if name in options or (name == "learning_rate" and any(it in options for it in rates)):
            continue
        options[name] = parse_value(OPTIONS[name], value)
        notes.changed.append(
            f"{name} is not set: {shown(value)}, which sd-scripts takes then. (Usual here: "
            f"{shown(OPTIONS[name].default)}.)"
        )


def _contradictions(options: Mapping[str, Any], notes: Notes) -> None:
    """A warning when a run with these options would be refused."""
    try:
        check(RunConfig(**parse_values(OPTIONS, options)))
    except TrainerError as error:
        notes.warnings.append(f"A run would not begin so: {error.message} {error.hint}".strip())
