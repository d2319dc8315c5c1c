"""The files beside a picture that speak of it: captions, tags, ratings, where it came from."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from charset_normalizer import from_bytes

from curator.core.captions import join_tags
from curator.core.errors import UserError
from curator.core.files import folded_name

SUFFIXES = (".txt", ".caption", ".cap", ".json", ".xmp")
# A caption is a few lines; a longer text file is something else.
LARGEST_CAPTION_BYTES = 1 << 20
# What captions are written in when not in UTF-8. A short text fits many more code pages than it
# can mean, and statistics take a lone accent for anything, so only the common ones are candidates.
_ENCODINGS = ("cp1252", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp1251")
_WESTERN_PUNCTUATION = bytes([0x80, 0x85, *range(0x91, 0x98), 0xA0, 0xAB, 0xB0, 0xB4, 0xBB])
_URL_KEYS = (
    "post_url",
    "webpage_url",
    "page_url",
    "permalink",
    "link",
    "url",
    "file_url",
    "source",
)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\0", b"MM\0*")
_TAG_KEYS = ("tags", "tag_string")


class Kind(IntEnum):
    """What a sidecar is, by its name; the lower number is believed first about the same thing."""

    CAPTION = 1  # photo.txt .caption .cap
    TAG_LIST = 2  # photo.jpg.txt, one tag a line (gallery-dl)
    METADATA = 3  # photo.jpg.json (gallery-dl)
    XMP_NAME = 4  # photo.jpg.xmp (digiKam, darktable)
    XMP_STEM = 5  # photo.xmp (Adobe, Capture One)
    TAGGUI = 6  # photo.taggui.json, photo.json version 1 (taggui-video, taggui-flow)


@dataclass(frozen=True, slots=True)
class Told:
    """What a sidecar says about its picture. `rating`: as found, not yet mapped."""

    caption: str = ""
    source_url: str = ""
    rating: int | None = None
    warnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to take over."""
        return bool(self.caption or self.source_url or self.rating)


def is_sidecar_name(name: str) -> bool:
    """Whether a name is one that sidecars have."""
    return name.casefold().endswith(SUFFIXES)


def is_picture(head: bytes) -> bool:
    """Whether a file's first bytes are a picture's, in spite of a name that sidecars have."""
    return head.startswith(_PICTURES) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP"


def pair(names: Iterable[str]) -> dict[str, list[tuple[str, Kind]]]:
    """For the names in one folder: each picture's sidecars, the one to believe first in front.

    Every name that is no sidecar's counts as a picture's. A sidecar belongs to the pictures of
    its exact name (`photo.jpg.txt`), else of its stem (`photo.txt`), in the same case if there are
    such, else in any case.
    """
    names = list(names)
    pictures = [name for name in names if not is_sidecar_name(name)]
    by_name, by_stem = _index(pictures, lambda name: name), _index(pictures, _stem)
    found: dict[str, list[tuple[str, Kind]]] = defaultdict(list)
    for name in sorted(filter(is_sidecar_name, names), key=_precedence):
        base, suffix = _split(name)
        if owners := _owners(by_name, base):
            kind = _kind_by_name(suffix)
        else:
            owners, kind = _owners(by_stem, base), _kind_by_stem(suffix)
        for owner in owners:
            found[owner].append((name, kind))
    for sidecars in found.values():
        sidecars.sort(key=lambda sidecar: sidecar[1])
    return dict(found)


def candidates(name: str) -> list[str]:
    """The names that sidecars of a picture called `name` may have."""
    stem = _stem(name)
    endings = [*SUFFIXES, ".taggui.json"]
    return [base + ending for base in dict.fromkeys((name, stem)) for ending in endings]


def read(kind: Kind, data: bytes) -> Told:
    """What a sidecar that is not XMP says. Raises UserError when it can't be understood."""
    if len(data) > LARGEST_CAPTION_BYTES:
        raise UserError("It is too long for a caption file.", "Captions are at most 1 MB.")
    text, warnings = _text(data)
    if kind is Kind.CAPTION:
        return _caption(text, warnings)
    if kind is Kind.TAG_LIST:
        tags = [line.strip() for line in text.splitlines() if line.strip()]
        return Told(caption=join_tags(tags), warnings=warnings)
    told = _metadata if kind is Kind.METADATA else _taggui
    return told(_json_object(text), warnings)


def _index(pictures: Sequence[str], key: Callable[[str], str]) -> Mapping[str, list[str]]:
    """Pictures by key, and by folded key behind a mark that no file name holds."""
    index: dict[str, list[str]] = defaultdict(list)
    for picture in pictures:
        index[key(picture)].append(picture)
        index["/" + folded_name(key(picture))].append(picture)
    return index


def _owners(index: Mapping[str, list[str]], base: str) -> list[str]:
    return index.get(base) or index.get("/" + folded_name(base)) or []


def _stem(name: str) -> str:
    stem, dot, _extension = name.rpartition(".")
    return stem if dot and stem else name


def _split(name: str) -> tuple[str, str]:
    """The name without what marks it as a sidecar, and that mark."""
    folded = name.casefold()
    suffix = next(suffix for suffix in (".taggui.json", *SUFFIXES) if folded.endswith(suffix))
    return name[: -len(suffix)], suffix


def _precedence(name: str) -> tuple[int, str]:
    suffix = _split(name)[1]
    return (SUFFIXES.index(suffix) if suffix in SUFFIXES else -1, name)


def _kind_by_name(suffix: str) -> Kind:
    if suffix == ".taggui.json":
        return Kind.TAGGUI
    return {".json": Kind.METADATA, ".xmp": Kind.XMP_NAME}.get(suffix, Kind.TAG_LIST)


def _kind_by_stem(suffix: str) -> Kind:
    if suffix.endswith(".json"):
        return Kind.TAGGUI
    return Kind.XMP_STEM if suffix == ".xmp" else Kind.CAPTION


def _text(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16"), ()
    if b"\0" in data:
        raise UserError("It is not a text file.", "")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        encoding = _encoding(data)
    warning = f"It is not UTF-8 and was read as {encoding}; check the text."
    return _decoded(data, encoding), (warning,)


def _encoding(data: bytes) -> str:
    """Western European where every letter beyond ASCII stands alone, else what statistics say."""
    letters = data.translate(None, _WESTERN_PUNCTUATION)
    if not re.search(rb"[\x80-\x9f]|[\x80-\xff]{2}", letters):
        return "cp1252"
    best = from_bytes(data, cp_isolation=list(_ENCODINGS)).best()
    if best is None:
        raise UserError("Its text encoding is not known.", "Save it as UTF-8.")
    return best.encoding


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UserError("Its text is damaged.", "Save it as UTF-8.") from error


def _without_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\r\n")


def _caption(text: str, warnings: tuple[str, ...]) -> Told:
    caption = _without_line_end(text)
    if "\n" in caption:
        warnings += ("The caption has several lines; trainers read only the first.",)
    return Told(caption=caption if caption.strip() else "", warnings=warnings)


def _json_object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError("It is not valid JSON.", "") from error
    return found if isinstance(found, dict) else {}


def _metadata(found: Mapping[str, Any], warnings: tuple[str, ...]) -> Told:
    tags = next((tags for key in _TAG_KEYS if (tags := _tags(found.get(key)))), [])
    urls = (found.get(key) for key in _URL_KEYS)
    url = next((u for u in urls if isinstance(u, str) and u.startswith(("http:", "https:"))), "")
    return Told(caption=join_tags(tags), source_url=url, warnings=warnings)


def _tags(value: Any) -> list[str]:
    """gallery-dl's forms: a list of texts or of {"name": ...}, text, or lists by category."""
    if isinstance(value, str):
        # Boorus join by blanks, others by commas.
        parts = value.split(",") if "," in value else value.split()
        return [tag for part in parts if (tag := part.strip())]
    if isinstance(value, Mapping):
        return [tag for part in value.values() for tag in _tags(part)]
    if isinstance(value, list):
        texts = [tag.get("name") if isinstance(tag, dict) else tag for tag in value]
        return [" ".join(text.split()) for text in texts if isinstance(text, str) and text.strip()]
    return []


def _taggui(found: Mapping[str, Any], warnings: tuple[str, ...]) -> Told:
    """A share of five stars, in a document of version 1 (other programs' JSON has none)."""
    share = found.get("rating")
    if found.get("version") != 1 or not isinstance(share, int | float) or not 0 < share <= 1:
        return Told()
    return Told(rating=round(share * 5), warnings=warnings)
