"""Which options of pictures and captions contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.augment_options import face_range
from trainer.errors import TrainerError
from trainer.reading import PIECE

if TYPE_CHECKING:
    from trainer.config import RunConfig

LATENT_SCALE = 8  # a latent pixel is 8 x 8 pixels of the picture


def check_data(config: RunConfig) -> None:
    """Raise TrainerError for the first pair of options that contradict each other."""
    for rule in (_buckets, _captions, _texts, _pictures):
        rule(config)


def _buckets(config: RunConfig) -> None:
    if not config.enable_bucket:
        if any(side % LATENT_SCALE for side in config.resolution):
            raise TrainerError(
                f"Without buckets both sides of resolution must be multiples of {LATENT_SCALE}.",
                "Change resolution, or switch enable_bucket on.",
            )
        return
    step = config.bucket_reso_steps
    if step % LATENT_SCALE:
        raise TrainerError(
            f"bucket_reso_steps is {step}, but must be a multiple of {LATENT_SCALE}.",
            "64 suits every model.",
        )
    if not config.bucket_no_upscale:
        _bucket_sides(config, step)


def _bucket_sides(config: RunConfig, step: int) -> None:
    low = config.min_bucket_reso // step * step
    high = -(-config.max_bucket_reso // step) * step
    if min(config.resolution) < low or low == 0:
        raise TrainerError(
            f"min_bucket_reso is {config.min_bucket_reso}, with a resolution of "
            f"{config.resolution[0]}x{config.resolution[1]} and steps of {step}.",
            "It must be at least one step and at most the shorter side of the resolution.",
        )
    if max(config.resolution) > high:
        raise TrainerError(
            f"max_bucket_reso is {config.max_bucket_reso}, less than the longer side of the "
            f"resolution {config.resolution[0]}x{config.resolution[1]}.",
            "Raise max_bucket_reso or lower the resolution.",
        )


def _captions(config: RunConfig) -> None:
    extension = config.caption_extension
    if not extension.startswith(".") or "/" in extension or "\\" in extension:
        raise TrainerError(
            f'caption_extension is "{extension}", but must begin with a full stop.',
            'Usual are ".txt" and ".caption".',
        )


def _texts(config: RunConfig) -> None:
    if config.max_token_length % PIECE:
        raise TrainerError(
            f"max_token_length is {config.max_token_length}, but text encoders read pieces of "
            f"{PIECE} tokens.",
            "Possible: 75, 150, 225.",
        )
    if not config.caption_separator:
        raise TrainerError("caption_separator is empty.", 'Usual is ",".')
    fixed = "cache_text_encoder_outputs" if config.cache_text_encoder_outputs else ""
    fixed = fixed or ("caption_variants" if config.caption_variants else "")
    if not fixed:
        return
    text = config.learning_rate if config.text_encoder_lr is None else config.text_encoder_lr
    if not config.network_train_unet_only and (text or config.cache_text_encoder_outputs):
        raise TrainerError(
            f"{fixed} keeps encoded captions, but the network has a part in the text encoder, "
            "which would encode them otherwise.",
            f"Switch network_train_unet_only on, or {fixed} off.",
        )
    if config.token_warmup_step:
        raise TrainerError(
            f"{fixed} keeps captions as they are, but token_warmup_step lets them grow.",
            f"Set token_warmup_step to 0, or switch {fixed} off.",
        )
    arranged = (
        config.shuffle_caption or config.enable_wildcard or config.caption_tag_dropout_rate > 0
    )
    if arranged and not config.caption_variants:
        raise TrainerError(
            "cache_text_encoder_outputs keeps encoded captions, but they are arranged anew each "
            "time they are shown.",
            "Set caption_variants to the number of arrangements to keep, such as 20.",
        )


def _pictures(config: RunConfig) -> None:
    if config.face_crop_aug_range:
        try:
            face_range(config.face_crop_aug_range)
        except ValueError as error:
            raise TrainerError(
                f'face_crop_aug_range is "{config.face_crop_aug_range}".',
                'Write two numbers of at least 1, the smaller one first, such as "2.0,4.0".',
            ) from error
    for name in ("color_aug", "random_crop", "face_crop_aug_range"):
        if config.cache_latents and getattr(config, name):
            raise TrainerError(
                f"{name} changes a picture each time it is shown, but cache_latents encodes it "
                "once.",
                f"Switch {name} or cache_latents off.",
            )
