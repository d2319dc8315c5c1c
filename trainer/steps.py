"""One optimizer step: noise on latents, the model's guess, the loss, the update."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer import losses, optimizers
from trainer.assemble import Training
from trainer.captions import caption_for, is_flipped
from trainer.dataset import Item
from trainer.frames import Frame
from trainer.model import Texts
from trainer.noise import add_noise_to_share, generator
from trainer.order import Batch


def take_step(training: Training, step: int) -> Tensor:
    """Train step `step`, counted from 0; gives its mean loss, still on the device.

    All chance in it depends on the seed and the step alone, so a resumed run repeats it exactly.
    """
    optimizers.set_rates(training.optimizer, rate_share(training, step))
    batches, ranks = training.plan.batches(step), training.ranks
    total = torch.zeros((), device=training.compute.device)
    for batch in batches:
        mine = batch.share(ranks.number, ranks.count)
        if mine.items:
            total += _learn(training, mine)
    uneven = any(len(batch.items) < ranks.count for batch in batches)
    total = ranks.add_up(training.parameters, total, uneven=uneven)
    _update(training)
    training.averages.update(step)
    return total / sum(batch.weight for batch in batches)


def _learn(training: Training, batch: Batch) -> Tensor:
    """Add the gradients of a batch; gives what it adds to the loss of the step."""
    key = (training.config.seed, batch.epoch, batch.number)
    with training.adapter.learning(*key, place=batch.place):
        loss = batch_loss(training, batch) * batch.weight
        training.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
    return loss.detach()


def rate_share(training: Training, step: int) -> float:
    """The share of the learning rates that applies at `step`, counted from 0."""
    return training.share(step)


def batch_loss(training: Training, batch: Batch) -> Tensor:
    """The weighted mean loss of one batch, or what a share of it adds to it, with its graph."""
    config, compute = training.config, training.compute
    items = [training.dataset.items[at] for at in batch.items]
    key = (config.seed, batch.epoch, batch.number)
    first = batch.place.first if batch.place else 0
    latents = training.latents.batch(batch.items, _flips(training, batch), *key, first=first)
    random = generator("noise", *key)
    noised = add_noise_to_share(config, training.noise, latents, random, batch.place)
    texts, frames = _texts(training, batch), _frames(training, batch)
    with compute.autocast():
        predicted = training.family.predict(
            training.model, noised.noisy, noised.timesteps, texts, frames
        )
    per_picture = losses.per_picture(config, training.noise, predicted, noised)
    return (per_picture * compute.bring(_weights(training, items))).sum() / batch.whole


def _showings(training: Training, batch: Batch) -> list[tuple[Item, tuple[int, ...]]]:
    """Each picture of a batch with the numbers that name this showing of it."""
    rows = zip(batch.items, batch.repeats, strict=True)
    seed = training.config.seed
    return [(training.dataset.items[at], (seed, batch.epoch, at, repeat)) for at, repeat in rows]


def _flips(training: Training, batch: Batch) -> list[bool]:
    return [is_flipped(item.subset, *showing) for item, showing in _showings(training, batch)]


def _frames(training: Training, batch: Batch) -> list[Frame]:
    items = [training.dataset.items[at] for at in batch.items]
    flips = _flips(training, batch)
    return [item.frame(mirrored=flip) for item, flip in zip(items, flips, strict=True)]


def _texts(training: Training, batch: Batch) -> Texts:
    captions = [
        caption_for(item.caption, item.subset, *showing)
        for item, showing in _showings(training, batch)
    ]
    if "text_encoder" in training.trained:
        return training.texts.encode(captions)
    return training.texts.frozen(captions)


def _weights(training: Training, items: list[Item]) -> Tensor:
    prior = training.config.prior_loss_weight
    return torch.tensor([prior if item.is_reg else 1.0 for item in items])


def _update(training: Training) -> None:
    optimizer, scaler = training.optimizer, training.scaler
    if training.config.max_grad_norm:
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(training.parameters, training.config.max_grad_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad(set_to_none=True)
    if training.config.scale_weight_norms:
        training.adapter.limit_norms(training.config.scale_weight_norms)
