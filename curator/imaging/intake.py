"""Taking one file in: its hash, what it is, a thumbnail, and its pixels laid ready in the project.

What is laid ready bears a temporary name, so that whoever decides to keep it renames it and a
killed process leaves nothing behind that looks like a picture.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from curator.core.errors import UserError
from curator.core.files import BLOCK_BYTES, read_error, temp_path, write_error
from curator.core.sources import Found
from curator.imaging.bad_image import BadImage, shown
from curator.imaging.encode import png_bytes
from curator.imaging.frames import frames
from curator.imaging.load import Examined, Probe, examine
from curator.imaging.metadata import Embedded
from curator.imaging.opened import HEAD_BYTES
from curator.imaging.thumbnails import SIDE_PX, thumbnail_path, write_thumbnail
from curator.imaging.video import frames_at, video_format

# What is larger is read in pieces instead, once to know it and once more to copy it.
IN_MEMORY_BYTES = 64 << 20
# Larger pictures are decoded one at a time: 300 megapixels on each of 16 cores would fill 16 GB.
AT_ONCE_PIXELS = 64_000_000
_ONE_LARGE = threading.Lock()
# For a hash: the frames that need not be made, or None when the file needs no look at all.
Present = Callable[[str], Container[int] | None]


class StorageError(UserError):
    """The project's folder takes no more: the disk is full, or forbids it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How files are taken in. `every`: each so many frames, of a video seconds; None: the first.

    `moments_ms`: of a video the frames at these times instead, see `video.frames_at`.
    """

    images_dir: Path
    cache_dir: Path
    max_pixels: int
    in_place: bool = False
    every: float | None = None
    moments_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One picture of a file. `staged`: its temporary file, None where it stays in place."""

    frame: int
    staged: Path | None
    is_png: bool
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that was taken in; without `probe` and parts where nothing new was asked of it."""

    sha256: str
    size_bytes: int
    probe: Probe | None = None
    embedded: Embedded = field(default_factory=Embedded)
    parts: tuple[Part, ...] = ()

    def discard(self) -> None:
        """Delete what was laid ready."""
        for part in self.parts:
            if part.staged:
                part.staged.unlink(missing_ok=True)


def take_in(found: Found, terms: Terms, present: Present) -> Intake:
    """Read a file once and lay ready what is new of it; safe in any thread.

    Raises BadImage when it is no picture, UserError when it can't be read, and StorageError.
    """
    data, sha256, size = _content(found)
    frames_present = present(sha256)
    if frames_present is None:
        return Intake(sha256, size)
    return _Taking(found, terms, data, sha256, size).run(frames_present)


class _Taking:
    """One file on its way in."""

    def __init__(
        self, found: Found, terms: Terms, data: bytes | None, sha256: str, size: int
    ) -> None:
        self._found, self._terms, self._data = found, terms, data
        self._sha256, self._size = sha256, size
        self._staged: list[Path] = []

    def run(self, present: Container[int]) -> Intake:
        try:
            return self._run(present)
        except BaseException:
            self._drop(self._staged)
            raise

    def _run(self, present: Container[int]) -> Intake:
        place = self._found.path
        if place is None and (self._data is None or video_format(self._data[:HEAD_BYTES])):
            place = self._stage_copy()
        examined = self._examined(place)
        probe = examined.probe
        if self._is_taken_apart(probe):
            place = place or self._stage_copy()
            parts = tuple(self._frames(place, probe, present))
            self._drop(path for path in self._staged if path == place)
        else:
            parts = (self._whole(place, probe),)
            self._write_thumbnail(0, examined.small)
        return Intake(self._sha256, self._size, probe, examined.embedded, parts)

    def _examined(self, place: Path | None) -> Examined:
        named = place or Path(self._found.name)
        limit = self._terms.max_pixels
        try:
            with suppress(BadImage):  # also of smaller ones, which the second look then refuses
                return examine(named, SIDE_PX, min(limit, AT_ONCE_PIXELS), self._data)
            with _ONE_LARGE:
                return examine(named, SIDE_PX, limit, self._data)
        except BadImage as error:
            if place not in self._staged:
                raise
            message = error.message.replace(shown(named), shown(Path(self._found.name)))
            raise BadImage(message, error.hint, claims=error.claims) from error

    def _is_taken_apart(self, probe: Probe) -> bool:
        if self._terms.every is not None and probe.frames > 1:
            return True
        return probe.is_video and not self._stays()

    def _stays(self) -> bool:
        """In an archive there is nothing that could be referred to."""
        return self._terms.in_place and self._found.path is not None

    def _whole(self, place: Path | None, probe: Probe) -> Part:
        if place is None or place not in self._staged:
            place = None if self._stays() else self._stage_copy()
        return Part(0, place, False, probe.width, probe.height)

    def _frames(self, place: Path, probe: Probe, present: Container[int]) -> Iterator[Part]:
        every, moments, limit = self._terms.every, self._terms.moments_ms, self._terms.max_pixels
        chosen = probe.is_video and bool(moments)
        wanted = (
            frames_at(place, limit, moments)
            if chosen
            else frames(place, probe, every or 1.0, limit)
        )
        for number, picture in wanted:
            if number not in present:
                staged = self._stage(png_bytes(picture))
                self._write_thumbnail(number, picture)
                yield Part(number, staged, True, *picture.size)
            if every is None and not chosen:
                break

    def _write_thumbnail(self, frame: int, picture: Image.Image) -> None:
        path = thumbnail_path(self._terms.cache_dir, self._sha256, frame)
        try:
            write_thumbnail(path, picture)
        except UserError as error:
            raise StorageError(error.message, error.hint) from error

    def _stage_copy(self) -> Path:
        if self._data is not None:
            return self._stage(self._data)
        digest = hashlib.sha256()
        with self._found.open() as source, self._new_staged() as file:
            for block in _blocks(source, self._found):
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != self._sha256:
            raise UserError("It changed while it was read.", "Import it again.")
        return self._staged[-1]

    def _stage(self, data: bytes) -> Path:
        with self._new_staged() as file:
            file.write(data)
        return self._staged[-1]

    @contextmanager
    def _new_staged(self) -> Iterator[BinaryIO]:
        """A new temporary file; whoever names it sees to it that it is on the disk."""
        suffix = Path(self._found.name).suffix
        path = temp_path(self._terms.images_dir, suffix if suffix[1:].isalnum() else "")
        self._staged.append(path)
        try:
            with path.open("xb") as file:
                yield file
        except OSError as error:
            failed = write_error(error, self._terms.images_dir)
            raise StorageError(failed.message, failed.hint) from error

    def _drop(self, paths: Iterator[Path] | list[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)


def _content(found: Found) -> tuple[bytes | None, str, int]:
    """The bytes unless they are too many, their SHA-256, their number."""
    with found.open() as file:
        if found.size <= IN_MEMORY_BYTES:
            data = _read(file, found, found.size + 1)
            if len(data) > found.size:
                raise UserError("It is still being written.", "Import it again when it is done.")
            return data, hashlib.sha256(data).hexdigest(), len(data)
        digest, size = hashlib.sha256(), 0
        for block in _blocks(file, found):
            digest.update(block)
            size += len(block)
    return None, digest.hexdigest(), size


def _blocks(file: BinaryIO, found: Found) -> Iterator[bytes]:
    return iter(lambda: _read(file, found, BLOCK_BYTES), b"")


def _read(file: BinaryIO, found: Found, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise read_error(error, Path(found.source)) from error
