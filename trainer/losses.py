"""The loss of a batch and its weights; pure functions, in sd-scripts' order."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def per_picture(predicted: Tensor, target: Tensor, masks: Tensor | None = None) -> Tensor:
    """Mean squared error of each picture in float32: (batch, c, h, w) twice -> (batch,).

    `masks`: (batch, 1, h, w), by which the error of each place counts; the mean is over all places.
    """
    squares = functional.mse_loss(predicted.float(), target.float(), reduction="none")
    if masks is not None:
        squares = squares * masks
    return squares.mean(dim=(1, 2, 3))


def min_snr_weights(snr: Tensor, gamma: float) -> Tensor:
    """min(snr, gamma) / snr for a model that predicts noise: (batch,) -> (batch,).

    Hang et al. 2023, "Efficient Diffusion Training via Min-SNR Weighting Strategy".
    """
    return snr.clamp(max=gamma) / snr


def weighted(losses: Tensor, weights: Tensor, snr: Tensor, gamma: float) -> Tensor:
    """The loss of a batch: each picture's weight, min-SNR if `gamma` is not 0, the mean."""
    losses = losses * weights
    if gamma:
        losses = losses * min_snr_weights(snr, gamma)
    return losses.mean()
