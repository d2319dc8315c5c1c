"""Names for the project's own copies, under which no picture's mirror files meet another's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from curator.core.files import folded_name, safe_name, sha256_of

# The extension by what a file is, for names that promise something else; the first is the usual.
_EXTENSIONS = {
    "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "mpo": (".jpg", ".jpeg", ".mpo"),
    "png": (".png", ".apng"),
    "tiff": (".tif", ".tiff"),
    "heif": (".heic", ".heif", ".hif"),
    "avif": (".avif", ".avifs"),
    "jpeg2000": (".jp2", ".j2k", ".jpx", ".jpf"),
    "bmp": (".bmp", ".dib"),
    "tga": (".tga", ".icb", ".vda", ".vst"),
    "ppm": (".ppm", ".pgm", ".pbm", ".pnm"),
}


class CopyNames:
    """Chooses names in `images/`; each stem is used once, for `<stem>.txt` is its caption's mirror.

    The mirrors of a picture in place are named by its id, so a copy is not called as one.
    """

    def __init__(
        self,
        folder: Path,
        is_in_place: Callable[[int], bool],
        recorded: Callable[[], Collection[str]],
    ) -> None:
        """`recorded`: the names in `folder` that the project has a record of; asked rarely."""
        self._folder, self._is_in_place, self._recorded = folder, is_in_place, recorded
        self._taken = {folded_name(path.stem) for path in folder.iterdir()}
        self._strangers = set(self._taken)

    def choose(self, stem: str, extension: str) -> str:
        """A free name like `stem`, taken from now on."""
        chosen = safe_name(stem, self._taken)
        if chosen.isdecimal() and chosen == str(int(chosen)) and self._is_in_place(int(chosen)):
            chosen = safe_name(stem, self._taken)
        return chosen + extension

    def adopt(self, stem: str, extension: str, sha256: str, size_bytes: int) -> str | None:
        """The name like `stem` of a copy with this very content that no record speaks of.

        A process that is killed between naming a copy and recording it leaves one.
        """
        name = safe_name(stem, set()) + extension
        if folded_name(Path(name).stem) not in self._strangers:
            return None
        path = self._folder / name
        if not path.is_file() or path.stat().st_size != size_bytes or sha256_of(path) != sha256:
            return None
        if name in self._recorded():
            return None
        self._strangers.remove(folded_name(path.stem))
        return name

    def take_id(self, image_id: int) -> bool:
        """Keep an id's mirror names for a picture in place; False when a copy has them."""
        name = folded_name(str(image_id))
        if name in self._taken:
            return False
        self._taken.add(name)
        return True


def extension_for(image_format: str, name: str) -> str:
    """The extension of a copy: the one of `name` if it fits the format, else the usual one."""
    fitting = _EXTENSIONS.get(image_format, (f".{image_format}",))
    own = Path(name).suffix.lower()
    return own if own in fitting else fitting[0]
