"""One optimizer step: noise on latents, the model's guess, the loss, the update."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from trainer import losses, optimizers
from trainer.assemble import Training
from trainer.captions import Showing, caption_for
from trainer.dataset import Item
from trainer.looks import frame, looks_of
from trainer.model import Texts
from trainer.noise import add_noise_to_share, generator
from trainer.order import Batch

Hear = Callable[[Batch, Tensor, Tensor], None]


class HalfUpdatedError(RuntimeError):
    """The network was being changed when something failed, so it is neither old nor new."""


def take_step(training: Training, step: int, hear: Hear | None = None) -> Tensor:
    """Train step `step`, counted from 0; gives its mean loss, still on the device.

    All chance in it depends on the seed and the step alone, so a resumed run repeats it exactly.
    `hear` gets every batch with the timesteps and losses of its pictures, on the device too.
    Raises HalfUpdatedError where the device failed while the network was changed.
    """
    optimizers.set_rates(training.optimizer, rate_share(training, step))
    batches, ranks = training.plan.batches(step), training.ranks
    total = torch.zeros((), device=training.compute.device)
    for batch in batches:
        mine = batch.share(ranks.number, ranks.count)
        if mine.items:
            total += _learn(training, mine, hear)
    uneven = any(len(batch.items) < ranks.count for batch in batches)
    total = ranks.add_up(training.parameters, total, uneven=uneven)
    try:
        _update(training)
        training.averages.update(step)
    except RuntimeError as error:
        raise HalfUpdatedError(str(error)) from error
    return total / sum(batch.weight for batch in batches)


def _learn(training: Training, batch: Batch, hear: Hear | None) -> Tensor:
    """Add the gradients of a batch; gives what it adds to the loss of the step."""
    key = (training.config.seed, batch.epoch, batch.number)
    with training.adapter.learning(*key, place=batch.place):
        loss = batch_loss(training, batch, hear) * batch.weight
        if not loss.requires_grad:  # module_dropout has dropped every layer
            loss = loss + 0 * torch.stack([one.sum() for one in training.parameters]).sum()
        training.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
    return loss.detach()


def rate_share(training: Training, step: int) -> float:
    """The share of the learning rates that applies at `step`, counted from 0."""
    return training.share(step)


def batch_loss(training: Training, batch: Batch, hear: Hear | None = None) -> Tensor:
    """The weighted mean loss of one batch, or what a share of it adds to it, with its graph.

    `hear` as in `take_step`.
    """
    config, compute = training.config, training.compute
    items = [training.dataset.items[at] for at in batch.items]
    key = (config.seed, batch.epoch, batch.number)
    showings = _showings(training, batch)
    looks = looks_of(items, showings)
    first = batch.place.first if batch.place else 0
    latents = training.latents.batch(batch.items, looks, *key, first=first)
    masks = training.masks.batch(batch.items, looks)
    random = generator("noise", *key)
    noised = add_noise_to_share(config, training.noise, latents, random, batch.place)
    texts = _texts(training, items, showings)
    frames = [frame(item, look) for item, look in zip(items, looks, strict=True)]
    with compute.autocast():
        predicted = training.family.predict(
            training.model, noised.noisy, noised.timesteps, texts, frames
        )
    masks = masks if masks is None else compute.bring(masks)
    per_picture = losses.per_picture(config, training.noise, predicted, noised, masks)
    if hear is not None:
        hear(batch, noised.timesteps, per_picture.detach())
    return (per_picture * compute.bring(_weights(training, items))).sum() / batch.whole


def _showings(training: Training, batch: Batch) -> list[Showing]:
    rows = zip(batch.items, batch.repeats, strict=True)
    when = batch.step, training.steps
    return [Showing(training.config.seed, batch.epoch, at, repeat, *when) for at, repeat in rows]


def _texts(training: Training, items: list[Item], showings: list[Showing]) -> Texts:
    captions = [
        caption_for(item.caption, item.subset, showing)
        for item, showing in zip(items, showings, strict=True)
    ]
    return training.encode(captions)


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
