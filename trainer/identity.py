"""What makes a run this run and no other, so that a saved state is not taken up by another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import torch
from torch import nn

from trainer.config import RunConfig
from trainer.dataset import Dataset, Item
from trainer.model import BaseModel
from trainer.output_options import OutputOptions
from trainer.pixels import read_bytes
from trainer.subsets import SUBSET_OPTIONS, Subset

# What may change on the way: where things lie, what is shown and saved, and how long it goes on.
# The pictures and the base model are compared by content.
_BY_CONTENT = ("face_boxes", "conditioning_data_dir")
# Options of a folder that a row tells only where they are not at their defaults.
_LATER = frozenset(SUBSET_OPTIONS) - {
    *("shuffle_caption", "keep_tokens", "caption_dropout_rate", "flip_aug", "caption_extension"),
    *_BY_CONTENT,
}
_FREE = frozenset(
    (
        *("pretrained_model_name_or_path", "vae", "v2", "v_parameterization"),
        *("dataset_config", "train_data_dir", "reg_data_dir", "cache_dir"),
        *(*_BY_CONTENT, "cache_text_encoder_outputs"),
        *(one.name for one in fields(OutputOptions)),
        *("save_precision", "network_weights", "max_train_epochs", "max_train_steps"),
        "alpha_mask",  # told with the pictures of each folder
        *("device", "torch_threads", "mixed_precision"),
        *("gradient_checkpointing", "gradient_checkpointing_blocks"),
    )
)


def identify(
    config: RunConfig, precision: str, model: BaseModel, dataset: Dataset, digests: Sequence[str]
) -> dict[str, Any]:
    """The decisive options by name, and hashes of pictures, captions and base; fit for JSON.

    `precision` is the one in use, `digests` are the hashes of the picture files.
    """
    options = {
        one.name: getattr(config, one.name) for one in fields(config) if one.name not in _FREE
    }
    rows = [_row(item, digest) for item, digest in zip(dataset.items, digests, strict=True)]
    identity = {
        **options,
        "mixed_precision": precision,
        "train_batch_size": dataset.batch_size,  # a dataset file may set another
        "the base model": [
            *(_fingerprint(it) for it in (model.unet, *model.text_encoders, model.vae)),
            *(["velocity"] if model.predicts_velocity else []),
        ],
        "the pictures or their captions": hashlib.sha256(repr(rows).encode()).hexdigest(),
    }
    return _plain(identity)


def before_options() -> dict[str, Any]:
    """What the identity of a state says that was saved before there was an option: its default."""
    return _plain({one.name: one.default for one in fields(RunConfig) if one.name not in _FREE})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return plain


def _row(item: Item, digest: str) -> tuple[object, ...]:
    """What a picture is to a run; options at their defaults are left out, as in older states."""
    subset = item.subset
    changes = subset.shuffle_caption, subset.keep_tokens, subset.caption_dropout_rate
    row = digest, item.caption, item.repeats, item.is_reg, item.placement, changes, subset.flip_aug
    more = [
        (one.name, getattr(subset, one.name))
        for one in fields(Subset)
        if one.name in _LATER and getattr(subset, one.name) != one.default
    ]
    if item.face is not None:
        more.append(("face", item.face))
    if item.mask is not None:
        more.append(("mask", hashlib.sha256(read_bytes(item.mask)).hexdigest()))
    return (*row, *more)


def _fingerprint(module: nn.Module) -> str:
    """A hash of a few numbers of every weight: enough to tell models apart, in no time."""
    numbers = [one.detach().flatten()[:8].float().cpu() for one in module.parameters()]
    return hashlib.sha256(torch.cat(numbers).numpy().tobytes()).hexdigest()
