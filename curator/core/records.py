"""The frozen facts and decisions a project holds: images, sets, filters, imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path

from curator.core.duplicates import Compared, Pair
from curator.core.measures import Measures
from curator.core.tagger_records import Scored, Tagger


class Rating(IntEnum):
    """How much a picture tells about the subject; the number is the key that gives it."""

    UNRATED = 0
    PRIMARY = 1
    SUPPORTING = 2


class RejectReason(StrEnum):
    """Why a picture was rejected; optional, and later a filter."""

    BLURRY = "blurry"
    WATERMARK = "watermark"
    WRONG_SUBJECT = "wrong subject"
    DUPLICATE = "duplicate"
    CLUTTERED = "cluttered"
    STYLE_CLASH = "style clash"
    OTHER = "other"


class SetKind(StrEnum):
    """What a set holds; `REGULARIZATION` pictures are exported under `reg/`."""

    CONCEPT = "concept"
    OUTFIT = "outfit"
    MISC = "misc"
    REGULARIZATION = "regularization"


@dataclass(frozen=True, slots=True)
class TagSource:
    """Who gave a tag: `by` is "manual", "file" or a model's name; `score` in 0..1 from a model."""

    by: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class NewImage:
    """A picture as an import found it, before the project has an opinion about it.

    `path`: POSIX, relative to the project, absolute if in place. `source`: absolute,
    `a.zip!/in.jpg` inside archives. `sha256`: of the source's bytes; with `frame` it is the
    picture's identity, unless it is a crop: another image of the source `parent_id`, with its
    files. `width`, `height`: pixels, upright. `format`: lower-case Pillow name of the source.
    `added`, `taken`: seconds since 1970, UTC.
    """

    id: int
    path: str
    name: str
    source: str
    sha256: str
    frame: int
    frames: int
    format: str
    width: int
    height: int
    size_bytes: int
    added: float
    taken: float | None = None
    import_id: int | None = None
    source_url: str = ""
    caption: str = ""
    rating: int = Rating.UNRATED
    rejected: bool = False
    tag_sources: Mapping[str, TagSource] = field(default_factory=dict)
    set_id: int | None = None
    recipe: str = ""
    mask: str = ""
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """One picture: what it is, and from `rating` on what the user decided about it."""

    id: int
    path: str
    name: str
    source: str
    sha256: str
    frame: int
    frames: int
    format: str
    width: int
    height: int
    size_bytes: int
    added: float
    taken: float | None
    import_id: int | None
    source_url: str
    rating: int
    rejected: bool
    reject_reason: str
    caption: str
    tag_sources: str
    set_id: int | None
    removed: bool
    recipe: str
    parent_id: int | None = None
    mask: str = ""

    def __hash__(self) -> int:
        """By its id alone: edits keep thousands of them in dicts."""
        return hash(self.id)

    @property
    def in_place(self) -> bool:
        """Whether the pixels lie outside the project folder, where nothing is ever written."""
        return Path(self.path).is_absolute()


@dataclass(frozen=True, slots=True)
class Summary:
    """Several pictures counted. `size_bytes`: of their files; crops have none.

    `alike` holds, for each way to be rated and to be in a set, one picture and how many are so.
    `smallest` and `largest` are by area, in pixels of width and height; `shown` are the sizes
    after recipes, and how many pictures have each.
    """

    images: int
    captioned: int
    size_bytes: int
    smallest: tuple[int, int]
    largest: tuple[int, int]
    formats: Sequence[tuple[str, int]]
    alike: Sequence[tuple[Image, int]]
    shown: Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class ImageSet:
    """A set; an image is in at most one. Empty fields mean "the project's"."""

    id: int
    name: str
    kind: str = SetKind.CONCEPT
    trigger: str = ""
    class_word: str = ""
    repeats: int | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A query under a name."""

    id: int
    name: str
    query: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ImportNote:
    """One import: where its pictures came from and under which licence or consent they are used.

    `rating_mapping`: how the ratings in its files were read, a mapping of `core.ratings`.
    """

    id: int
    started: float
    sources: tuple[str, ...]
    note: str = ""
    licence: str = ""
    consent: str = ""
    rating_mapping: str = "none"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something recomputable about content, outside undo; `key` names what it came from."""

    kind: str
    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class MirrorState:
    """What a mirror file held when it was last written or accepted.

    `kind` is "caption" or "rating", `digest` the sha256 of the bytes, "" when there is no file.
    """

    image_id: int
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class MirrorWritten:
    """The mirrors of `image` as it was when written; it stays due if it changed meanwhile.

    `numbers`: what stood for primary, supporting and rejected; it also stays due if they changed.
    """

    image: Image
    states: tuple[MirrorState, ...]
    numbers: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Moved:
    """A picture in place whose file was found again elsewhere; the fields as in `NewImage`."""

    id: int
    path: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a picture, by the formulas of `measures.VERSION`.

    `hue`: its place when pictures are ordered by colour: degrees of the dominant hue, greys from
    360 (black) to 460 (white). `descriptor`: what likeness is told by, see `core.likeness`.
    """

    image_id: int
    measures: Measures
    hue: float
    descriptor: bytes


@dataclass(frozen=True, slots=True)
class Arranged:
    """Pictures in an order in which look-alikes stand beside each other; it replaces all others."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RejectGuess:
    """How likely the person would reject a picture: `score` from 0 to 1, and why, in words."""

    image_id: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RejectGuesses:
    """What was guessed of all pictures that are undecided; it replaces what was guessed before."""

    guesses: tuple[RejectGuess, ...]


Recordable = (
    NewImage
    | ImportNote
    | Fact
    | MirrorWritten
    | Moved
    | Measured
    | Arranged
    | RejectGuesses
    | Pair
    | Compared
    | Tagger
    | Scored
)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the journal. `created`: seconds since 1970, UTC.

    `final`: undo passes over it, for it emptied the trash, or all its images are gone with that.
    """

    id: int
    label: str
    group: str
    created: float
    undone: bool
    changes: int
    final: bool
