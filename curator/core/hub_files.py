"""A file as a hub of models tells of it, and whether one on the disk is that file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from curator.core.files import BLOCK_BYTES, read_error


@dataclass(frozen=True, slots=True)
class HubFile:
    """`sha256` is "" where only git's hash of it is known."""

    name: str
    size: int
    sha256: str
    git: str

    def is_at(self, path: Path) -> bool:
        """Whether the file there is this one, byte for byte. Raises UserError."""
        try:
            if not path.is_file() or path.stat().st_size != self.size:
                return False
            digest = hashlib.sha256() if self.sha256 else hashlib.sha1(b"blob %d\0" % self.size)
            with path.open("rb") as file:
                while block := file.read(BLOCK_BYTES):
                    digest.update(block)
        except OSError as error:
            raise read_error(error, path) from error
        return digest.hexdigest() == (self.sha256 or self.git)
