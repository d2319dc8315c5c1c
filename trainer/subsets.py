"""A folder of pictures that are treated alike."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from trainer.buckets import BucketRule
from trainer.data_options import DataOptions
from trainer.options import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """One folder with its repeats and everything that is said per folder.

    `class_tokens` is the caption of pictures that have none. What follows `rule` are options of
    those names.
    """

    image_dir: Path
    num_repeats: int
    class_tokens: str
    is_reg: bool
    rule: BucketRule
    caption_extension: str = ".txt"
    pinned_trigger: str = ""
    caption_prefix: str = ""
    caption_suffix: str = ""
    shuffle_caption: bool = False
    keep_tokens: int = 0
    keep_tokens_separator: str = ""
    caption_separator: str = ","
    secondary_separator: str = ""
    enable_wildcard: bool = False
    caption_dropout_rate: float = 0.0
    caption_dropout_every_n_epochs: int = 0
    caption_tag_dropout_rate: float = 0.0
    token_warmup_step: Number = 0
    token_warmup_min: int = 1
    caption_variants: int = 0
    flip_aug: bool = False
    color_aug: bool = False
    random_crop: bool = False
    face_crop_aug_range: str = ""
    face_boxes: Path | None = None
    alpha_mask: bool = False
    conditioning_data_dir: Path | None = None
    exactly_as_sd_scripts: bool = False


def subset_of(
    options: DataOptions, folder: Path, repeats: int, class_tokens: str, is_reg: bool
) -> Subset:
    """A folder whose pictures are treated as the options say."""
    return Subset(
        image_dir=folder,
        num_repeats=repeats,
        class_tokens=class_tokens,
        is_reg=is_reg,
        rule=BucketRule.of(options),
        **{name: getattr(options, name) for name in SUBSET_OPTIONS},
    )


_OPTIONS = {one.name for one in fields(DataOptions)}
SUBSET_OPTIONS = tuple(one.name for one in fields(Subset) if one.name in _OPTIONS)
