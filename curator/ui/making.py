"""Has heavy steps made of the pictures that are looked at, beside everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt

from curator.core.readable import count
from curator.core.records import Image
from curator.tasks.make_steps import MakeReport, make_steps
from curator.ui.context import Context
from curator.ui.job_bridge import Ticket
from curator.ui.notices import Notice
from curator.ui.picture_provider import PictureProvider
from curator.ui.thumbnail_provider import ThumbnailProvider

Key = tuple[int, str]  # image id, recipe


class Making(QObject):
    """One job at a time; models stay open between two, and are let go while a training runs."""

    def __init__(
        self,
        context: Context,
        thumbnails: ThumbnailProvider,
        large: PictureProvider,
        show_models: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context, self._show_models = context, show_models
        self._providers, self._large = (thumbnails, large), large
        self.models = context.heavy
        self._wanted: dict[Key, Image] = {}
        self._refused: dict[Key, Image] = {}
        self._asked: list[Image] = []  # of the job that runs
        self._ticket: Ticket | None = None
        self._is_put_off = False
        for provider in self._providers:
            provider.lacking.connect(self.want_one, Qt.ConnectionType.QueuedConnection)

    def want_one(self, image: Image) -> None:
        """Have made what a picture lacks."""
        self.want([image])

    def want(self, images: Iterable[Image]) -> None:
        """Have made what pictures lack; what could not be made is not tried again by itself."""
        under_way = {_key(one) for one in self._asked} if self._ticket is not None else set()
        passed = self._refused.keys() | under_way
        self._wanted |= {_key(one): one for one in images if _key(one) not in passed}
        may_start = self._ticket is None and not self._is_put_off
        if self._wanted and may_start and not self._context.jobs.is_closed:
            self._asked = list(self._wanted.values())
            self._wanted.clear()
            self._large.is_making = True
            self._ticket = self._context.jobs.start(
                f"Compute the steps of {count(len(self._asked), 'image')}",
                make_steps,
                self._context.project,
                self._asked,
                self.models,
                on_part=self._show,
                on_end=self._ended,
                is_modest=True,
            )

    def put_off(self) -> None:
        """Make nothing until `go_on`, and give the models' memory back."""
        self._is_put_off = True
        if self._ticket is not None:
            self._ticket.cancel()
        self._context.jobs.start("Let go of models", lambda _job: self.models.free(), is_quiet=True)

    def go_on(self) -> None:
        """Make again what is wanted."""
        self._is_put_off = False
        self.want(())

    def try_again(self) -> None:
        """Make what could not be made before, as when a model has come."""
        again, self._refused = list(self._refused.values()), {}
        self.want(again)

    def _show(self, image: Image) -> None:
        for provider in self._providers:
            provider.renew(image)

    def _ended(self, ticket: Ticket) -> None:
        self._ticket = None
        self._large.is_making = False
        if isinstance(ticket.result, MakeReport):
            self._take(ticket, ticket.result)
        elif self._is_put_off:
            self._wanted |= {_key(image): image for image in self._asked}
        else:  # by the person, or a fault
            self._refused |= {_key(image): image for image in self._asked}
        if ticket.error is not None:
            self._context.tell_error(ticket.error, ticket.title)
        self._large.arrived.emit()
        self.want(())

    def _take(self, ticket: Ticket, report: MakeReport) -> None:
        failed = {id_ for id_, _source, _reason in report.failed}
        for image in self._asked:
            if image.id in failed:
                self._refused[_key(image)] = image
            else:  # also what lacked nothing any more
                self._show(image)
        if report.failed:
            ticket.report = "\n".join(report.lines())
            number = count(len(report.failed), "picture")
            self._context.tell(
                Notice(
                    f"Steps of {number} could not be computed.",
                    report.failed[0][2],
                    ticket.report,
                    is_error=True,
                    buttons=(("Models", self._show_models), ("Try again", self.try_again)),
                )
            )


def _key(image: Image) -> Key:
    return image.id, image.recipe
