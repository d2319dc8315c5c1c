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
from trainer.pixels import read_bytes
from trainer.subsets import SUBSET_OPTIONS

# What may change on the way: where things lie, what is shown and saved, and how long it goes on.
# The pictures and the base model are compared by content.
_BY_CONTENT = ("face_boxes", "conditioning_data_dir")
_FREE = frozenset(
    (
        *("pretrained_model_name_or_path", "vae", "v2", "v_parameterization"),
        *("dataset_config", "train_data_dir", "reg_data_dir", "cache_dir"),
        *(*_BY_CONTENT, "cache_text_encoder_outputs"),
        *("output_dir", "output_name", "save_precision", "save_every_n_epochs", "save_state"),
        *("state_dir", "resume", "network_weights", "training_comment", "logging_dir"),
        *("sample_prompts", "sample_every_n_epochs", "sample_dir"),
        *("validate_every_n_epochs", "max_validation_steps"),
        *("max_train_epochs", "max_train_steps"),
        "alpha_mask",  # told with the pictures of each folder
        *("device", "torch_threads", "gradient_checkpointing", "mixed_precision"),
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
    plain: dict[str, Any] = json.loads(json.dumps(identity, default=str))
    return plain


def _row(item: Item, digest: str) -> tuple[object, ...]:
    subset = item.subset
    changes = {name: getattr(subset, name) for name in SUBSET_OPTIONS if name not in _BY_CONTENT}
    mask = None if item.mask is None else hashlib.sha256(read_bytes(item.mask)).hexdigest()
    seen = item.placement, item.face, mask
    return digest, item.caption, item.repeats, item.is_reg, seen, changes


def _fingerprint(module: nn.Module) -> str:
    """A hash of a few numbers of every weight: enough to tell models apart, in no time."""
    numbers = [one.detach().flatten()[:8].float().cpu() for one in module.parameters()]
    return hashlib.sha256(torch.cat(numbers).numpy().tobytes()).hexdigest()
