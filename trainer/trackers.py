"""The curves of a run for TensorBoard and wandb, under sd-scripts' names."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any, Protocol

from trainer.config import OPTIONS, RunConfig
from trainer.errors import TrainerError
from trainer.events import Event, Note, Started, Step, Validated
from trainer.learning_options import learning_rates
from trainer.loss_log import logged
from trainer.tables import Emit

_WRITERS = ("torch.utils.tensorboard", "tensorboardX")  # the same class; the second is far smaller


class Tracker(Protocol):
    """A place that curves are sent to."""

    def begin(self, first_step: int) -> None:
        """Go on after `first_step`."""

    def add(self, values: dict[str, float], step: int) -> None:
        """A point of each of these curves."""

    def close(self) -> None:
        """The run is over."""


@contextmanager
def tracked(emit: Emit, config: RunConfig) -> Iterator[Emit]:
    """`emit` that also writes what the run file asks to be logged.

    Raises TrainerError where a package for it is missing, or the disk refuses.
    """
    folder = config.logging_dir
    path = folder / f"{config.output_name}.csv" if folder else None
    makers: dict[str, Callable[[RunConfig], Tracker]] = {
        "tensorboard": _TensorBoard,
        "wandb": _Wandb,
    }
    trackers = [make(config) for name, make in makers.items() if config.log_with in (name, "all")]
    with ExitStack() as stack:
        listened = stack.enter_context(logged(emit, path))
        for tracker in trackers:
            curves = _Curves(tracker, listened, _rate_tag(config))
            stack.callback(curves.close)
            listened = curves.hear
        yield listened


class _Curves:
    """Makes points of events; a tracker that fails is noted once and left alone."""

    def __init__(self, tracker: Tracker, emit: Emit, rate_tag: str) -> None:
        self._tracker: Tracker | None = tracker
        self._emit = emit
        self._rate_tag = rate_tag
        self._losses: deque[float] = deque(maxlen=1)

    def hear(self, event: Event) -> None:
        self._emit(event)
        if isinstance(event, Started):
            self._losses = deque(maxlen=max(1, event.steps_per_epoch))
            self._tell(lambda tracker: tracker.begin(event.first_step))
        for values, step in self._points(event):
            self._send(values, step)

    def close(self) -> None:
        self._tell(lambda tracker: tracker.close())

    def _points(self, event: Event) -> Iterator[tuple[dict[str, float], int]]:
        if isinstance(event, Step):
            self._losses.append(event.loss)
            mean = sum(self._losses) / len(self._losses)  # of the last epoch's length
            rate = {self._rate_tag: event.learning_rate}
            yield {"loss/current": event.loss, "loss/average": mean, **rate}, event.step
            if event.step % (self._losses.maxlen or 1) == 0:
                yield {"loss/epoch_average": mean}, event.epoch
        elif isinstance(event, Validated):
            trained = event.train_loss
            more = {} if trained is None else {"loss/validation/trained": trained}
            yield {"loss/validation/epoch_average": event.loss, **more}, event.epoch

    def _send(self, values: dict[str, float], step: int) -> None:
        self._tell(lambda tracker: tracker.add(values, step))

    def _tell(self, say: Callable[[Tracker], None]) -> None:
        if self._tracker is None:
            return
        try:
            say(self._tracker)
        except (OSError, TrainerError) as error:
            self._tracker = None
            self._emit(Note(f"The curves are no longer logged: {error} The run goes on."))


class _TensorBoard:
    """Event files in a folder of the run's name, in the log folder."""

    def __init__(self, config: RunConfig) -> None:
        self._make = _writer()
        assert config.logging_dir is not None  # a rule says so
        self._folder = config.logging_dir / config.output_name
        self._writer: Any = None

    def begin(self, first_step: int) -> None:
        # Points beyond it, of a run that was cut off, are left out of what is shown.
        purged = first_step + 1 if first_step else None
        # Files are named by the second in which they begin, which two short runs may share.
        self._writer = self._make(
            str(self._folder), purge_step=purged, filename_suffix=f"-{first_step}"
        )

    def add(self, values: dict[str, float], step: int) -> None:
        for tag, value in values.items():
            self._writer.add_scalar(tag, value, step)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _writer() -> Any:
    for name in _WRITERS:
        try:
            return import_module(name).SummaryWriter
        except ImportError:
            continue
    raise TrainerError(
        "log_with asks for TensorBoard, but no package that writes for it is installed.",
        "Install it (pip install tensorboardX), or set log_with to csv.",
    )


class _Wandb:
    """A run at wandb (not seen: written by its documentation, without an account)."""

    def __init__(self, config: RunConfig) -> None:
        try:
            self._wandb = import_module("wandb")
        except ImportError as error:
            raise TrainerError(
                "log_with asks for wandb, which is not installed.",
                "Install it (pip install wandb), or set log_with to csv.",
            ) from error
        if not self._wandb.api.api_key:
            raise TrainerError(
                "wandb does not know who you are.",
                "Type once in a terminal: wandb login. The key stays with wandb.",
            )
        self._config = config
        self._run: Any = None

    def begin(self, _first_step: int) -> None:
        config = self._config
        try:
            self._run = self._wandb.init(
                project=config.log_tracker_name,
                name=config.wandb_run_name or config.output_name,
                dir=str(config.logging_dir) if config.logging_dir else None,
                config=_numbers(config),
                settings=self._wandb.Settings(silent=True),
            )
        except self._wandb.Error as error:
            raise TrainerError(f"wandb did not begin: {error}") from error

    def add(self, values: dict[str, float], step: int) -> None:
        by_epoch = all("epoch" in tag or "validation" in tag for tag in values)
        self._run.log({**values, "epoch": step} if by_epoch else {**values, "step": step})

    def close(self) -> None:
        if self._run is not None:
            self._run.finish()


_MAKERS: Mapping[str, Callable[[RunConfig], Tracker]] = {
    "tensorboard": _TensorBoard,
    "wandb": _Wandb,
}


def _numbers(config: RunConfig) -> dict[str, object]:
    """The options that are numbers, choices or switches: no path and no prompt is sent."""
    shown = [one for one in OPTIONS.values() if one.kind in (int, float, bool) or one.choices]
    return {one.name: getattr(config, one.name) for one in shown}


def _rate_tag(config: RunConfig) -> str:
    """Of the part whose rate a step tells: the first that is trained."""
    unet, _ = learning_rates(config)
    return "lr/unet" if unet else "lr/textencoder"
