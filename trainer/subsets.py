"""A folder of pictures that are treated alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.buckets import BucketRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """One folder with its repeats and everything that is said per folder.

    `class_tokens` is the caption of pictures that have none.
    """

    image_dir: Path
    num_repeats: int
    class_tokens: str
    is_reg: bool
    caption_extension: str
    shuffle_caption: bool
    keep_tokens: int
    caption_dropout_rate: float
    flip_aug: bool
    rule: BucketRule
    alpha_mask: bool = False
