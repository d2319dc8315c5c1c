"""Which options of a training are shown where: what matters first, the rest below headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from curator.core.run_options import AS_SETTING, EPOCHS, FILLED
from curator.core.settings import ProjectSettings
from curator.ui.form_fields import FormField, Kind, declared_in, option_fields, setting_fields
from trainer.config import OPTIONS
from trainer.interop.presets import all_presets

PRESET = "run_preset"  # the project's; "preset" is an option, of the layers of LyCORIS
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Rates, optimizer and schedule": ("lr", "optimizer", "sched"),
    "Length and batches": ("epochs",),
    "Network": ("net",),
    "Network, block by block": ("net_blocks",),
    "Loss and noise": ("min_snr_gamma", "noise"),
    "Pictures and buckets": ("bucket", "aug", "dataset_root", "cache_latents"),
    "Captions": ("caption",),
    "Saving": ("save",),
    "Samples, validation and log": ("sample", "log"),
    "Model and machine": ("base_model", "precision"),
}
# Told apart from the rest of their section, because hardly anybody needs them.
_BLOCKS = re.compile(r".*(_lr_weight|block_lr_.*|block_dims|block_alphas)")


@cache  # of what ships with the program
def first_fields() -> tuple[FormField, ...]:
    """Preset, trigger word and epochs."""
    preset, trigger = setting_fields(declared_in(ProjectSettings, ("preset", "trigger")))
    (epochs,) = option_fields([EPOCHS])
    found = all_presets()
    return (
        replace(
            preset,
            name=PRESET,
            kind=Kind.CHOICE,
            choices=("", *(one.name for one in found)),
            titles=("By the trigger word", *(one.title for one in found)),
        ),
        trigger,
        replace(epochs, kind=Kind.WHOLE, default="10"),
    )


@cache
def grouped_fields() -> tuple[tuple[str, tuple[FormField, ...]], ...]:
    """The rest, below their headings."""
    return tuple((title, tuple(_fields_of(sections))) for title, sections in GROUPS.items())


def _fields_of(sections: tuple[str, ...]) -> list[FormField]:
    names = [
        name
        for section in sections
        for name in sorted(OPTIONS, key=_is_special)
        if _section(name) == section and name not in FILLED and name != EPOCHS
    ]
    return [field for name in names for field in _field(name)]


def _is_special(name: str) -> bool:
    """Whether an option comes behind the others of its section."""
    return name.startswith("loraplus_")


def _section(name: str) -> str:
    return "net_blocks" if _BLOCKS.fullmatch(name) else OPTIONS[name].section


def _field(name: str) -> list[FormField]:
    if name in AS_SETTING:
        return setting_fields(declared_in(ProjectSettings, (AS_SETTING[name],)))
    return option_fields([name])


def option_names() -> list[str]:
    """The options that a form shows as options."""
    shown = [EPOCHS, *(field.name for _title, fields in grouped_fields() for field in fields)]
    return [name for name in shown if name in OPTIONS and name not in AS_SETTING]
