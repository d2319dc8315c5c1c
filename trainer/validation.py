"""The loss on fixed pictures, noise and timesteps, which can be compared between epochs."""

from __future__ import annotations

import torch

from trainer import losses
from trainer.assemble import Training
from trainer.captions import steady_caption
from trainer.held_out import held_out, validation_seed
from trainer.looks import frame, plain_look
from trainer.noise import gaussian, generator

_TIMESTEPS = (200, 400, 600, 800)  # as sd-scripts validates


@torch.no_grad()
def validation_losses(training: Training) -> tuple[float, float | None]:
    """Mean squared errors at four timesteps each, unweighted: (of held-out, of trained pictures).

    Where none are held out, (of trained pictures, None). Pictures, noise and timesteps depend on
    the seed alone; the network is as it would be saved.
    """
    items = training.dataset.items
    apart = held_out(training.dataset)
    trained = [at for at, item in enumerate(items) if item.repeats and not item.is_reg]
    with training.averages.shown():
        if not apart:
            return _mean_loss(training, trained), None
        return _mean_loss(training, apart), _mean_loss(training, trained)


def _mean_loss(training: Training, pictures: list[int]) -> float:
    """Over up to max_validation_steps of the pictures, spread evenly."""
    count = min(len(pictures), training.config.max_validation_steps)
    chosen = [pictures[at * len(pictures) // count] for at in range(count)]
    return float(torch.stack([_picture_loss(training, item) for item in chosen]).mean())


def _picture_loss(training: Training, item: int) -> torch.Tensor:
    device = training.compute.device
    key = ("validation", validation_seed(training.config), item)
    picture = training.dataset.items[item]
    look = plain_look(picture)
    latent = training.latents.batch([item], [look], *key)
    mask = training.masks.batch([item], [look])
    times = torch.tensor(_TIMESTEPS, device=device) * training.noise.timesteps // 1000
    shape = torch.Size((len(times), *latent.shape[1:]))
    noise = gaussian(shape, generator(*key), device)
    texts = training.encode([steady_caption(picture.caption, picture.subset)]).repeated(len(times))
    frames = [frame(picture, look)] * len(times)
    noisy = training.noise.add(latent, noise, times)
    with training.compute.autocast():
        predicted = training.family.predict(training.model, noisy, times, texts, frames)
    mask = mask if mask is None else training.compute.bring(mask)
    target = training.noise.target(latent, noise, times)
    return losses.mean_squares(training.config, predicted, target, mask).mean()
