"""The options that say which pictures and captions a run sees, and at which sizes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.augment_options import AugmentOptions
from trainer.caption_options import CaptionOptions
from trainer.options import Size, option

SD_SCRIPTS, LEAST_CROP = "sd-scripts", "least-crop"  # choices of a bucket


@dataclass(frozen=True, kw_only=True)
class DataOptions(AugmentOptions, CaptionOptions):
    """Folders, buckets and caches; captions and augmentation in files of their own."""

    dataset_config: Path | None = option(
        None,
        "Dataset file",
        "An sd-scripts dataset.toml. It wins over the training and regularization folders; the "
        "repeats are those written in it, folder names are not read.",
        section="dataset_root",
    )
    train_data_dir: Path | None = option(
        None,
        "Training folder",
        'Its direct sub-folders named "N_class" are read: N repeats, the rest is the caption of '
        "pictures that have none. Pictures lying directly in it are not used.",
        section="dataset_root",
    )
    reg_data_dir: Path | None = option(
        None,
        "Regularization folder",
        "Named like the training folder. As many pictures are used as there are training pictures "
        "with their repeats, so an epoch gets about twice as long.",
        section="dataset_root",
    )
    prior_loss_weight: float = option(
        1.0,
        "Regularization weight",
        "The loss of regularization pictures is multiplied by this.",
        section="dataset_root",
        bounds=(0, 100),
    )
    resolution: Size = option(
        (512, 512),
        "Resolution",
        '"512" or "512,768" (width, height); its area is the pixel budget of every bucket.',
        section="bucket",
        bounds=(64, 4096),
    )
    enable_bucket: bool = option(
        True,
        "Aspect-ratio buckets",
        "Pictures train near their own shape instead of all being cropped to the resolution. "
        "(sd-scripts has this off by default.)",
        section="bucket",
    )
    min_bucket_reso: int = option(
        256,
        "Smallest bucket side",
        "Pixels; rounded down to the bucket step. Ignored without upscaling.",
        section="bucket",
        bounds=(64, 4096),
    )
    max_bucket_reso: int = option(
        1024,
        "Largest bucket side",
        "Pixels; rounded up to the bucket step. At 512 with 256..1024 there are 17 buckets, not "
        "47 as a tutorial says. Ignored without upscaling.",
        section="bucket",
        bounds=(64, 4096),
    )
    bucket_reso_steps: int = option(
        64,
        "Bucket step",
        "Bucket sides are multiples of this many pixels; a multiple of 8, and of what the model "
        "asks for (64 for SD 1.x).",
        section="bucket",
        bounds=(8, 512),
    )
    bucket_no_upscale: bool = option(
        False,
        "Never enlarge",
        "Small pictures keep their size and go into a smaller bucket. What is left over is "
        "cropped; nothing is padded with white, as a tutorial says.",
        section="bucket",
    )
    bucket_choice: str = option(
        SD_SCRIPTS,
        "Choice of the bucket",
        "sd-scripts takes the bucket whose width / height is nearest, which cuts more off upright "
        "pictures; least-crop takes the one that cuts off least. Where nothing is enlarged, the "
        "picture's own size decides.",
        section="bucket",
        choices=(SD_SCRIPTS, LEAST_CROP),
    )
    exactly_as_sd_scripts: bool = option(
        False,
        "Exactly as sd-scripts",
        "Also where it is wrong: pictures of partial batches count more, regularization pictures "
        "that are left over are never shown. docs/trainer-deviations.md lists what it changes.",
        section="dataset_root",
    )
    cache_latents: bool = option(
        True,
        "Cache latents",
        "Every picture goes through the VAE once and the result is kept; mirrored ones go by "
        "themselves. (sd-scripts has this off by default.)",
        section="cache_latents",
    )
    cache_dir: Path | None = option(
        None,
        "Cache folder",
        "Where latents and encoded captions are kept between runs; without it they are kept in "
        "memory only. Nothing is ever written beside the pictures.",
        section="cache_latents",
    )
