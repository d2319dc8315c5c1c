"""The loss on fixed pictures, noise and timesteps, which can be compared between epochs."""

from __future__ import annotations

import torch

from trainer import losses
from trainer.assemble import Training
from trainer.captions import steady_caption
from trainer.looks import frame, plain_look
from trainer.noise import draw_noise, generator

_TIMESTEPS = (200, 400, 600, 800)  # as sd-scripts validates


@torch.no_grad()
def validation_loss(training: Training) -> float:
    """The mean squared error over some training pictures, at four timesteps each, unweighted.

    Pictures, noise and timesteps depend on the seed alone.
    """
    total = 0.0
    chosen = _chosen(training)
    for item in chosen:
        total += float(_picture_loss(training, item))
    return total / len(chosen)


def _chosen(training: Training) -> list[int]:
    """Up to max_validation_steps pictures, spread evenly, no regularization pictures."""
    pictures = [at for at, item in enumerate(training.dataset.items) if not item.is_reg]
    count = min(len(pictures), training.config.max_validation_steps)
    return [pictures[at * len(pictures) // count] for at in range(count)]


def _picture_loss(training: Training, item: int) -> torch.Tensor:
    device = training.compute.device
    key = ("validation", training.config.seed, item)
    picture = training.dataset.items[item]
    look = plain_look(picture)
    latent = training.latents.batch([item], [look], *key)
    mask = training.masks.batch([item], [look])
    times = torch.tensor(_TIMESTEPS, device=device) * training.noise.timesteps // 1000
    shape = torch.Size((len(times), *latent.shape[1:]))
    noise = draw_noise(shape, 0.0, generator(*key)).to(device)
    texts = training.encode([steady_caption(picture.caption, picture.subset)]).repeated(len(times))
    frames = [frame(picture, look)] * len(times)
    noisy = training.noise.add(latent, noise, times)
    with training.compute.autocast():
        predicted = training.family.predict(training.model, noisy, times, texts, frames)
    mask = mask if mask is None else training.compute.bring(mask)
    target = training.noise.target(latent, noise, times)
    return losses.per_picture(predicted, target, mask).mean()
