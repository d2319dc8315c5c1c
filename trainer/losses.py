"""The loss of each picture and its weights; pure functions, with sd-scripts' formulas."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from trainer.noise import Noised, Schedule
from trainer.noise_options import NoiseOptions

_HIGHEST_SNR = 1000.0  # sd-scripts caps it there in all weights but min-SNR


def per_picture(
    options: NoiseOptions,
    schedule: Schedule,
    predicted: Tensor,
    noised: Noised,
    mask: Tensor | None = None,
) -> Tensor:
    """The mean loss of each picture in float32, weighed by its timestep, (batch,).

    `mask` (batch, 1, height, width) says from 0 to 1 how much each pixel counts.
    """
    thresholds = huber_thresholds(options, schedule, noised.timesteps)
    errors = pixel_losses(predicted, noised.target, options.loss_type, thresholds)
    if mask is not None:
        errors = masked(errors, mask, normalized=options.normalize_masked_loss)
    weights = timestep_weights(options, schedule.snr(noised.timesteps), schedule.velocity)
    return errors.mean(dim=(1, 2, 3)) * weights


def mean_squares(
    options: NoiseOptions, predicted: Tensor, target: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Mean squared error of each picture in float32, (batch, c, h, w) twice -> (batch,); masked."""
    squares = functional.mse_loss(predicted.float(), target.float(), reduction="none")
    if mask is not None:
        squares = masked(squares, mask, normalized=options.normalize_masked_loss)
    return squares.mean(dim=(1, 2, 3))


def pixel_losses(predicted: Tensor, target: Tensor, kind: str, thresholds: Tensor) -> Tensor:
    """The loss of every number in float32, from the difference d and its picture's threshold c.

    l2: d^2. l1: |d|. huber: 2 c (sqrt(d^2 + c^2) - c). smooth_l1: 2 (sqrt(d^2 + c^2) - c)
    (sd-scripts, conditional_loss; both are "pseudo Huber", near d^2 and d^2 / c for small d).
    """
    predicted, target = predicted.float(), target.float()
    if kind == "l2":
        return functional.mse_loss(predicted, target, reduction="none")
    if kind == "l1":
        return functional.l1_loss(predicted, target, reduction="none")
    c = thresholds.view(-1, 1, 1, 1)
    excess = ((predicted - target).square() + c.square()).sqrt() - c
    return 2 * c * excess if kind == "huber" else 2 * excess


def huber_thresholds(options: NoiseOptions, schedule: Schedule, timesteps: Tensor) -> Tensor:
    """The threshold of each picture, (batch,), from c = huber_c and s = huber_scale.

    constant: c s. exponential: c^(t / T) s. snr: (1 - c) / (1 + sigma)^2 + c with sigma =
    sqrt((1 - a) / a) (sd-scripts, get_huber_threshold_if_needed).
    """
    c, scale = options.huber_c, options.huber_scale
    if options.huber_schedule == "snr":
        alphas = schedule.alphas_cumprod[timesteps]
        sigmas = ((1 - alphas) / alphas).sqrt()
        return (1 - c) / (1 + sigmas).square() + c
    if options.huber_schedule == "exponential":
        return torch.exp(math.log(c) * timesteps / schedule.timesteps) * scale
    return torch.full(timesteps.shape, c * scale, device=timesteps.device)


def masked(errors: Tensor, mask: Tensor, *, normalized: bool) -> Tensor:
    """Errors times the mask, brought to their size by the mean of its areas (sd-scripts).

    `normalized` divides by the share of the picture that the mask leaves, so that a small mask
    counts as much as a large one; a mask that leaves nothing still gives 0.
    """
    area = functional.interpolate(mask.float(), size=errors.shape[2:], mode="area")
    if normalized:
        area = area / area.mean(dim=(1, 2, 3), keepdim=True).clamp(min=1e-6)
    return errors * area


def timestep_weights(options: NoiseOptions, snr: Tensor, velocity: bool) -> Tensor:
    """What each picture's loss is multiplied by: all weights of sd-scripts, (batch,) -> (batch,).

    `velocity` says that the base predicts velocity, not noise.
    """
    weights = torch.ones_like(snr)
    if options.min_snr_gamma:
        weights = weights * min_snr_weights(snr, options.min_snr_gamma, velocity=velocity)
    if options.scale_v_pred_loss_like_noise_pred:
        weights = weights * noise_like_scales(snr)
    if options.v_pred_like_loss:
        weights = weights * (1 + options.v_pred_like_loss / noise_like_scales(snr))
    if options.debiased_estimation_loss:
        weights = weights * debiased_weights(snr, velocity=velocity)
    return weights


def min_snr_weights(snr: Tensor, gamma: float, *, velocity: bool) -> Tensor:
    """min(snr, gamma) / snr; for velocity min(snr, gamma) / (snr + 1): (batch,) -> (batch,).

    Hang et al. 2023, "Efficient Diffusion Training via Min-SNR Weighting Strategy".
    """
    return snr.clamp(max=gamma) / (snr + 1 if velocity else snr)


def noise_like_scales(snr: Tensor) -> Tensor:
    """snr / (snr + 1): what makes the loss of velocity one of noise (sd-scripts, get_snr_scale)."""
    capped = snr.clamp(max=_HIGHEST_SNR)
    return capped / (capped + 1)


def debiased_weights(snr: Tensor, *, velocity: bool) -> Tensor:
    """1 / sqrt(snr); for velocity 1 / (snr + 1): (batch,) -> (batch,).

    Yu et al. 2023, "Debias the Training of Diffusion Models"; snr is capped at 1000.
    """
    capped = snr.clamp(max=_HIGHEST_SNR)
    return 1 / (capped + 1) if velocity else capped.rsqrt()
