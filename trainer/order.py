"""Which pictures make up which batch: a pure function of seed and step, the same after a resume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trainer.draws import generator, shuffled
from trainer.options import Size

Repeat = tuple[int, int]  # item, which of its repeats


@dataclass(frozen=True, slots=True)
class Pool:
    """Pictures of one bucket of which an epoch shows only so many, the next ones in the next epoch.

    `items` are positions in the dataset; with their repeats they are at least `shown`.
    """

    items: tuple[int, ...]
    shown: int


@dataclass(frozen=True, slots=True)
class Manner:
    """What an epoch shows only a part of, and whether partial batches weigh as much as full ones.

    The second is sd-scripts' manner.
    """

    pools: tuple[Pool, ...] = ()
    partial_as_full: bool = False


_USUAL = Manner()


@dataclass(frozen=True, slots=True)
class Place:
    """Which pictures of a batch are computed here: `count` from `first` on, of its `whole`."""

    first: int
    count: int
    whole: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures of one bucket that are trained together.

    `epoch`, `number` (in its epoch) and `step` (of the run) count from 0; `items` are positions in
    the dataset, `repeats` say beside each which of its repeats it is, from 0. `weight` is what the
    mean loss of the batch is multiplied by before the batches of a step are added up: 1 /
    accumulation for a full batch, less in proportion for a partial one, so that every showing of
    every picture counts the same. Of a batch that processes share, `items` are those of one of
    them, whose `place` in it is told.
    """

    epoch: int
    number: int
    step: int
    bucket: Size
    items: tuple[int, ...]
    repeats: tuple[int, ...]
    weight: float
    place: Place | None = None

    @property
    def whole(self) -> int:
        """How many pictures the batch has in all processes."""
        return len(self.items) if self.place is None else self.place.whole

    def share(self, number: int, count: int) -> Batch:
        """What process `number` of `count` computes of it: pictures in a row, perhaps none."""
        if count == 1:
            return self
        total = len(self.items)
        first, end = total * number // count, total * (number + 1) // count
        items, repeats = self.items[first:end], self.repeats[first:end]
        return replace(self, items=items, repeats=repeats, place=Place(first, len(items), total))


class BatchPlan:
    """The batches of a run.

    In every epoch each picture that is in no pool is shown exactly `repeats` times, in an order by
    chance within its bucket, and the batches of all buckets come in an order by chance. A bucket
    whose showings are no multiple of the batch size ends in a partial batch, as in sd-scripts, but
    there its pictures count more than the others; see `Batch.weight`.
    """

    def __init__(
        self,
        buckets: Sequence[Size],
        repeats: Sequence[int],
        batch_size: int,
        seed: int,
        accumulation: int = 1,
        manner: Manner = _USUAL,
    ) -> None:
        """`buckets` and `repeats` per item; an item with 0 repeats is never shown."""
        self._showings: dict[Size, list[Repeat]] = {bucket: [] for bucket in sorted(set(buckets))}
        self._pools: dict[Size, list[tuple[list[Repeat], int]]] = {}
        in_pools = {item for pool in manner.pools for item in pool.items}
        for item, (bucket, times) in enumerate(zip(buckets, repeats, strict=True)):
            if item not in in_pools:
                self._showings[bucket] += [(item, time) for time in range(times)]
        for pool in manner.pools:
            all_of_it = [(item, time) for item in pool.items for time in range(repeats[item])]
            turns = shuffled(all_of_it, generator("pool", seed, *pool.items))
            self._pools.setdefault(buckets[pool.items[0]], []).append((turns, pool.shown))
        self._batch_size = batch_size
        self._accumulation = accumulation
        self._seed = seed
        self._partial_as_full = manner.partial_as_full
        self._epoch: tuple[int, list[Batch]] = (-1, [])
        counts = [len(self._shown(bucket, 0)) for bucket in self._showings]
        self.batches_per_epoch = sum(-(-count // batch_size) for count in counts)
        self.steps_per_epoch = -(-self.batches_per_epoch // accumulation)

    def batches(self, step: int) -> tuple[Batch, ...]:
        """The batches whose gradients are added up in optimizer step `step`, from 0 on.

        A step never reaches into the next epoch, so the last one of an epoch may hold fewer
        batches than the accumulation asks for.
        """
        epoch, within = divmod(step, self.steps_per_epoch)
        first = within * self._accumulation
        return tuple(self._batches_of(epoch)[first : first + self._accumulation])

    def epoch_of(self, step: int) -> int:
        """The epoch that `step` belongs to; both count from 0."""
        return step // self.steps_per_epoch

    def length(self, max_epochs: int | None, max_steps: int) -> tuple[int, int]:
        """(steps, epochs) of the whole run; given epochs win, else the last one may be partial."""
        if max_epochs is not None:
            return max_epochs * self.steps_per_epoch, max_epochs
        return max_steps, -(-max_steps // self.steps_per_epoch)

    def _batches_of(self, epoch: int) -> list[Batch]:
        if self._epoch[0] != epoch:
            self._epoch = epoch, self._make_epoch(epoch)
        return self._epoch[1]

    def _make_epoch(self, epoch: int) -> list[Batch]:
        parts: list[tuple[Size, list[Repeat]]] = []
        for bucket in self._showings:
            showings = self._shown(bucket, epoch)
            order = shuffled(showings, generator("bucket", self._seed, epoch, *bucket))
            for first in range(0, len(order), self._batch_size):
                parts.append((bucket, order[first : first + self._batch_size]))
        parts = shuffled(parts, generator("batches", self._seed, epoch))
        return [self._batch(epoch, number, *part) for number, part in enumerate(parts)]

    def _shown(self, bucket: Size, epoch: int) -> list[Repeat]:
        """What an epoch shows of a bucket; of each pool the part whose turn it is."""
        shown = list(self._showings[bucket])
        for turns, count in self._pools.get(bucket, []):
            first = epoch * count
            shown += [turns[(first + at) % len(turns)] for at in range(count)]
        return shown

    def _batch(self, epoch: int, number: int, bucket: Size, showings: list[Repeat]) -> Batch:
        items, repeats = zip(*showings, strict=True)
        share = 1.0 if self._partial_as_full else len(showings) / self._batch_size
        step = epoch * self.steps_per_epoch + number // self._accumulation
        return Batch(epoch, number, step, bucket, items, repeats, share / self._accumulation)
