"""What an owner asks of a run: set from any thread, polled by the loop at step borders."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping


class Control:
    """Wishes for one run; the owner calls the verbs, the loop reads and takes them.

    `stop` means: save the state and a checkpoint, then end; `stop_after_epoch` the same at the end
    of the epoch. `save_now` and `sample_now` are wishes for once, so the loop takes them away;
    several at the same border count as one.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stopping = False
        self._stopping_after_epoch = False
        self._paused = False
        self._save = False
        self._sample = False

    def stop(self) -> None:
        """End at the next step border, saving first; ends a pause too."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def stop_after_epoch(self) -> None:
        """End when the epoch under way is done, saving first; a pause goes on until `resume`."""
        with self._changed:
            self._stopping_after_epoch = True

    def pause(self) -> None:
        """Wait at the next step border until `resume` or `stop`."""
        with self._changed:
            self._paused = True
            self._changed.notify_all()

    def resume(self) -> None:
        """Go on after `pause`."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def save_now(self) -> None:
        """Save a checkpoint and the state at the next step border, also during a pause."""
        with self._changed:
            self._save = True
            self._changed.notify_all()

    def sample_now(self) -> None:
        """Draw the sample pictures at the next step border, also during a pause."""
        with self._changed:
            self._sample = True
            self._changed.notify_all()

    @property
    def stopping(self) -> bool:
        """Whether the run shall end at the next border."""
        with self._changed:
            return self._stopping

    @property
    def stopping_after_epoch(self) -> bool:
        """Whether the run shall end at the end of an epoch."""
        with self._changed:
            return self._stopping_after_epoch

    @property
    def paused(self) -> bool:
        """Whether the run shall wait; False once it shall stop."""
        with self._changed:
            return self._paused and not self._stopping

    def meet(self) -> None:
        """Called at every step border before anything is asked of it; see `SharedControl`."""

    def take_save(self) -> bool:
        """Whether a save was asked for since the last call."""
        with self._changed:
            wished, self._save = self._save, False
            return wished

    def take_sample(self) -> bool:
        """Whether a sample was asked for since the last call."""
        with self._changed:
            wished, self._sample = self._sample, False
            return wished

    def wait_while_paused(self) -> None:
        """Block while paused with nothing to do: until resume, stop, save_now or sample_now."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._paused or self._stopping or self._save or self._sample
            )


COMMANDS: Mapping[str, Callable[[Control], None]] = {
    "stop": Control.stop,
    "stop_after_epoch": Control.stop_after_epoch,
    "pause": Control.pause,
    "resume": Control.resume,
    "save_now": Control.save_now,
    "sample_now": Control.sample_now,
}  # the words of the process mode, one per line
