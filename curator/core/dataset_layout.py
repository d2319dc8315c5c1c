"""Where each picture of a project goes in Kohya's folder layout, with which name and caption.

`img/N_trigger class/` holds the pictures that are shown N times in an epoch, `reg/1_class/` the
regularization pictures. Rules of the reading side are sd-scripts' (library/train_util.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from curator.core.captions import one_line, training_line
from curator.core.files import safe_name
from curator.core.records import Image, ImageSet, Rating, SetKind
from curator.core.settings import ProjectSettings

REG_REPEATS = 1
NAMELESS = "style"  # where neither a trigger nor a class word is set, as styles are often trained
# Stored with losses, so a JPEG of high quality adds none that shows; everything else becomes PNG.
LOSSY = frozenset({"jpeg", "mpo", "heif", "avif"})
# From five parts on sd-scripts also looks for the caption of the name without its last four.
MOST_UNDERSCORES = 3


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder; `path` is POSIX, relative to the dataset, `class_tokens` a fallback caption."""

    path: str
    repeats: int
    class_tokens: str
    is_reg: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """One picture in its folder; `stem` is its name there without an extension.

    `captioned` is False where the caption is the folder's class tokens for want of one.
    """

    image: Image
    folder: Folder
    stem: str
    caption: str
    captioned: bool

    @property
    def picture_path(self) -> str:
        """Of the picture, relative to the dataset; the extension says how it is stored there."""
        image = self.image
        is_lossy = image.format in LOSSY and image.frames == 1
        # What was prepared is written as it was seen, and no JPEG has alpha.
        extension = "jpg" if is_lossy and not image.recipe and not image.mask else "png"
        return f"{self.folder.path}/{self.stem}.{extension}"

    @property
    def caption_path(self) -> str:
        """Of the caption file beside the picture."""
        return f"{self.folder.path}/{self.stem}.txt"


def _training_lines(images: Sequence[Image]) -> list[str]:
    return [training_line(image.caption) for image in images]


def lay_out(
    images: Iterable[Image],
    sets: Mapping[int, ImageSet],
    settings: ProjectSettings,
    repeats_of: Callable[[Image, ImageSet | None], int],
    lines: Callable[[Sequence[Image]], Sequence[str]] = _training_lines,
) -> tuple[Placed, ...]:
    """Place every picture that takes part in training; `lines` makes what is exported of captions.

    Rejected and removed pictures stay out, and unrated ones too, except that pictures of a
    regularization set need no rating. Folders that agree in repeats, trigger and class are one.
    """
    keys: dict[int, tuple[bool, int, str]] = {}
    taking_part = []
    for image in sorted(images, key=lambda image: image.id):
        in_set = sets.get(image.set_id) if image.set_id is not None else None
        if takes_part(image, in_set):
            keys[image.id] = _folder_key(image, in_set, settings, repeats_of)
            taking_part.append(image)
    folders = _folders(set(keys.values()))
    names: dict[str, set[str]] = {folder.path: set() for folder in folders.values()}
    placed = []
    for image, caption in zip(taking_part, lines(taking_part), strict=True):
        folder = folders[keys[image.id]]
        placed.append(
            Placed(
                image,
                folder,
                _stem(image.name, names[folder.path]),
                caption or folder.class_tokens,
                bool(caption),
            )
        )
    return tuple(placed)


def folder_of(
    image: Image,
    in_set: ImageSet | None,
    settings: ProjectSettings,
    repeats_of: Callable[[Image, ImageSet | None], int],
) -> Folder:
    """The folder of one picture that takes part; one whose words differ in case has a number."""
    key = _folder_key(image, in_set, settings, repeats_of)
    return _folders({key})[key]


def takes_part(image: Image, in_set: ImageSet | None) -> bool:
    """Whether a picture is trained on at all."""
    if image.rejected or image.removed:
        return False
    return is_reg(in_set) or image.rating in (Rating.PRIMARY, Rating.SUPPORTING)


def is_reg(in_set: ImageSet | None) -> bool:
    """Whether pictures of this set are regularization pictures."""
    return in_set is not None and in_set.kind == SetKind.REGULARIZATION


def class_tokens(in_set: ImageSet | None, settings: ProjectSettings) -> str:
    """The project's trigger, the set's beside it, the class word; regularization has no trigger."""
    class_word = (in_set.class_word if in_set else "") or settings.class_word
    own = in_set.trigger if in_set else ""
    triggers = [] if is_reg(in_set) else [settings.trigger, own]
    words = dict.fromkeys(one_line(word) for word in [*triggers, class_word])
    return " ".join(word for word in words if word) or NAMELESS


def _folder_key(
    image: Image,
    in_set: ImageSet | None,
    settings: ProjectSettings,
    repeats_of: Callable[[Image, ImageSet | None], int],
) -> tuple[bool, int, str]:
    reg = is_reg(in_set)
    repeats = REG_REPEATS if reg else repeats_of(image, in_set)
    return reg, repeats, class_tokens(in_set, settings)


def _folders(keys: set[tuple[bool, int, str]]) -> dict[tuple[bool, int, str], Folder]:
    """A folder per key; words that differ in case or in what names can't hold stay apart."""
    taken: dict[bool, set[str]] = {False: set(), True: set()}
    folders = {}
    for reg, repeats, tokens in sorted(keys):
        name = safe_name(f"{repeats}_{tokens}", taken[reg])
        folders[reg, repeats, tokens] = Folder(
            f"{'reg' if reg else 'img'}/{name}", repeats, tokens, reg
        )
    return folders


def _stem(name: str, taken: set[str]) -> str:
    """A free name without extension; equal stems would share one caption file."""
    stem = PurePosixPath(name).stem or name
    if stem.count("_") > MOST_UNDERSCORES:
        stem = stem.replace("_", "-")
    # A stem that looks like a name with an extension must not lose it to the real one.
    return safe_name(stem.replace(".", "-"), taken)
