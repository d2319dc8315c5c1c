"""What the processes of one training do together; a training in one process does it by itself.

Only the network is trained, so its gradients are added up as one flat tensor: torch.distributed
alone, without a wrapped model (whose names would change) and without accelerate, which would add
nothing to that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor, distributed, nn

from trainer.errors import TrainerError
from trainer.launched import Launched

T = TypeVar("T")
_FAILED, _LEFT, _WISHES = 0, 1, 2  # places in what the processes tell each other
_MOST_WISHES = 6
_ROWS_AT_ONCE = 64  # that are exchanged between processes


class ElsewhereError(TrainerError):
    """Another process of the training has failed; the message is its."""


class LeftError(Exception):
    """Another process of the training has ended before this one, since it was asked to."""


class Ranks:
    """A training in one process: it is its own leader, and agrees with itself.

    Process `number` of `count`, from 0, of which `beside` share this machine.
    """

    number, count, beside = 0, 1, 1

    @property
    def leads(self) -> bool:
        """Whether this process writes files, draws samples and tells events."""
        return self.number == 0

    def agree(self, wishes: Sequence[bool]) -> list[bool]:
        """Whether any process has each of the wishes; all processes call it at the same points.

        Raises ElsewhereError or LeftError where another one has ended.
        """
        return list(wishes)

    def shared(self, items: Sequence[T]) -> Sequence[T]:
        """The items that this process sees to."""
        return items[self.number :: self.count]

    def gathered(self, rows: Sequence[T], total: int) -> list[T]:
        """What all processes made of their `shared` ones of `total` items, in order."""
        return list(rows)

    def from_leader(self, work: Callable[[], T]) -> T:
        """What `work` gives in the leading process, to all of them."""
        return work()

    def level(self, tensors: Sequence[Tensor]) -> None:
        """Put the leader's numbers into the tensors of all processes."""

    def add_up(self, parameters: Sequence[nn.Parameter], loss: Tensor, *, uneven: bool) -> Tensor:
        """Sum gradients over all processes, in place, and the loss, which is given back.

        `uneven`: some processes may have had nothing to compute.
        """
        return loss


ALONE = Ranks()


class Group(Ranks):
    """One of several processes that train the same network.

    Before anything is exchanged all processes agree that all of them are still there, so that the
    failure of one ends all with its own sentence instead of a wait for ever. That goes over the
    processors, and costs no wait for a GPU.
    """

    def __init__(self, launch: Launched) -> None:
        self.number, self.count, self.beside = launch.number, launch.count, launch.beside
        self._over = False

    def agree(self, wishes: Sequence[bool]) -> list[bool]:
        """See `Ranks`."""
        told = self._exchange([0, 0, *wishes])
        if told[_FAILED]:
            raise self._failure_of(told[_FAILED] - 1, None)
        if told[_LEFT]:
            self._over = True
            raise LeftError
        return [bool(wish) for wish in told[_WISHES : _WISHES + len(wishes)]]

    def leave(self, error: TrainerError | None) -> None:
        """Tell the others that this process ends, and with which sentence if it failed.

        Raises ElsewhereError when another one has failed while this one was well.
        """
        if self._over:
            return
        told = self._exchange([0 if error is None else self.number + 1, 1])
        if told[_FAILED]:
            failure = self._failure_of(told[_FAILED] - 1, error)
            if error is None:
                raise failure

    def gathered(self, rows: Sequence[T], total: int) -> list[T]:
        """See `Ranks`."""
        found: list[T] = []
        longest = -(-total // self.count)
        for first in range(0, longest, _ROWS_AT_ONCE):
            self.agree([])
            parts: list[list[T]] = [[] for _ in range(self.count)]
            distributed.all_gather_object(parts, list(rows[first : first + _ROWS_AT_ONCE]))
            for at in range(len(parts[0])):
                found += [part[at] for part in parts if at < len(part)]
        return found

    def from_leader(self, work: Callable[[], T]) -> T:
        """See `Ranks`."""
        found = [work() if self.leads else None]
        self.agree([])
        distributed.broadcast_object_list(found, device=torch.device("cpu"))
        return found[0]  # type: ignore[return-value]

    def level(self, tensors: Sequence[Tensor]) -> None:
        """See `Ranks`."""
        self.agree([])
        for tensor in tensors:
            distributed.broadcast(tensor.detach(), 0)

    def add_up(self, parameters: Sequence[nn.Parameter], loss: Tensor, *, uneven: bool) -> Tensor:
        """See `Ranks`."""
        self.agree([])
        if uneven:
            self._even_out(parameters)
        grads = [one.grad for one in parameters if one.grad is not None]
        flat = torch.cat([*(grad.float().flatten() for grad in grads), loss.float().view(1)])
        distributed.all_reduce(flat)
        sums = torch.split(flat[:-1], [grad.numel() for grad in grads])
        for grad, total in zip(grads, sums, strict=True):
            grad.copy_(total.view_as(grad))
        return flat[-1]

    def _even_out(self, parameters: Sequence[nn.Parameter]) -> None:
        """Gradients of 0 where only other processes have some: an optimizer skips what has none."""
        there = torch.tensor([one.grad is not None for one in parameters], dtype=torch.uint8)
        distributed.all_reduce(there, distributed.ReduceOp.MAX)
        for one, anywhere in zip(parameters, there.tolist(), strict=True):
            if anywhere and one.grad is None:
                one.grad = torch.zeros_like(one)

    def _exchange(self, words: Sequence[int | bool]) -> list[int]:
        """The largest of each word among all processes."""
        told = torch.zeros(_WISHES + _MOST_WISHES, dtype=torch.int32)
        told[: len(words)] = torch.tensor(words, dtype=torch.int32)
        try:
            distributed.all_reduce(told, distributed.ReduceOp.MAX)
        except RuntimeError as error:  # of the connection: the process at its other end is dead
            self._over = True
            raise ElsewhereError(
                "Another process of this training has ended without a word.",
                "What it said last stands above. The last saved state can be resumed.",
            ) from error
        return [int(word) for word in told]

    def _failure_of(self, number: int, error: TrainerError | None) -> ElsewhereError:
        self._over = True
        sentence = [(error.message, error.hint) if error else ("", "")]
        distributed.broadcast_object_list(sentence, number, device=torch.device("cpu"))
        message, hint = sentence[0]
        return ElsewhereError(f"Process {number} of {self.count}: {message}", hint)
