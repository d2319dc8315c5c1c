"""The choices about an import."""

from __future__ import annotations

from dataclasses import dataclass

from curator.core.errors import UserError
from curator.core.ratings import check_mapping


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`explode`: take every so many frames apart, of a video seconds; None: the first frame.

    `ratings`: the mapping by which ratings in files are read; "" is the project's setting.
    `moments_ms`: of a video, the frames at these times, as it tells them itself, and no more.
    `into_set`: the id of a set that what is new goes into. `skip_copies`: leave out what is a copy
    of a picture in the project, in other bytes.
    """

    in_place: bool = False
    explode: float | None = None
    ratings: str = ""
    note: str = ""
    licence: str = ""
    consent: str = ""
    into_set: int | None = None
    skip_copies: bool = False
    moments_ms: tuple[float, ...] = ()

    @property
    def takes_frames(self) -> bool:
        """Whether a file may give pictures of other frames than its first."""
        return self.explode is not None or bool(self.moments_ms)

    def check(self) -> None:
        """Raise UserError for options that make no sense."""
        if self.ratings:
            check_mapping(self.ratings)
        if self.explode is not None and not self.explode > 0:
            raise UserError(f"Frames can't be taken every {self.explode:g}.", "Use 1 or more.")
        if self.takes_frames and self.skip_copies:
            raise UserError(
                "Copies can't be told where animations are taken apart.", "Choose one of the two."
            )
