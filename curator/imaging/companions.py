"""What a picture's sidecars and its own metadata say about it together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from curator.core.captions import join_tags
from curator.core.errors import UserError
from curator.core.sidecars import LARGEST_CAPTION_BYTES, Kind, Told, read
from curator.core.sources import Found
from curator.imaging.metadata import MAX_XMP_BYTES, Embedded, parse_xmp

_XMP = (Kind.XMP_NAME, Kind.XMP_STEM)


@dataclass(slots=True)
class Companions:
    """The answer. `taken`: sidecars that gave something; `useless`, `faulty`: why others didn't."""

    caption: str = ""
    source_url: str = ""
    rating: int | None = None
    taken: list[str] = field(default_factory=list)
    useless: dict[str, str] = field(default_factory=dict)
    faulty: dict[str, UserError] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    _caption_from: str = ""
    _rating_from: str = ""


def consult(sidecars: Iterable[tuple[Found, Kind]], embedded: Embedded) -> Companions:
    """Ask the sidecars in their order, then the picture itself; who speaks first is believed."""
    answer = Companions()
    for found, kind in sidecars:
        try:
            told = _read(found, kind)
        except UserError as error:
            answer.faulty[found.source] = error
        else:
            _weigh(answer, found, told)
    own = Told(caption=join_tags(embedded.keywords), rating=embedded.rating)
    _believe(answer, own, "the picture itself")
    return answer


def _read(found: Found, kind: Kind) -> Told:
    limit = MAX_XMP_BYTES if kind in _XMP else LARGEST_CAPTION_BYTES
    try:
        with found.open() as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UserError(f"It could not be read: {error.strerror or error}.", "") from error
    if kind not in _XMP:
        return read(kind, data)
    xmp = parse_xmp(data)
    return Told(caption=join_tags(xmp.keywords), rating=xmp.rating)


def _weigh(answer: Companions, found: Found, told: Told) -> None:
    if _believe(answer, told, found.name):
        answer.taken.append(found.source)
        answer.warnings += [f"{found.name}: {warning}" for warning in told.warnings]
    elif told:
        before = answer._caption_from if told.caption else answer._rating_from
        answer.useless[found.source] = f"{before} was taken instead."
    else:
        answer.useless[found.source] = "It says nothing that could be taken over."


def _believe(answer: Companions, told: Told, teller: str) -> bool:
    """Whether something of it was not known yet."""
    used = False
    if told.caption and not answer.caption:
        answer.caption, answer._caption_from, used = told.caption, teller, True
    if told.source_url and not answer.source_url:
        answer.source_url, used = told.source_url, True
    if told.rating is not None and answer.rating is None:
        answer.rating, answer._rating_from = told.rating, teller
        used = used or bool(told.rating)  # 0 says that there is none, and is believed in that
    elif told.rating and told.rating != answer.rating:
        answer.warnings.append(
            f"It is rated {answer.rating} in {answer._rating_from} and {told.rating} in {teller}; "
            "the first was taken."
        )
    return used
