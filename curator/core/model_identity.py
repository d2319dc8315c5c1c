"""Which model a file is: its sha256, and the name by which what it gave is said to be its."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR

from curator.core import tag_sources
from curator.core.errors import UserError
from curator.core.files import read_error, sha256_of

# What models are called whose folder has the name.
NAMELESS = ("model", "model_optimized")


def identity(path: Path) -> str:
    """The sha256 of a model's file; computed once for as long as the file stays the same."""
    try:
        there = path.stat()
    except FileNotFoundError:
        raise UserError(
            f"There is no model {path}.", "Download it again, or choose its file."
        ) from None
    except OSError as error:
        raise read_error(error, path) from error
    if S_ISDIR(there.st_mode):
        raise UserError(f"{path} is a folder.", "Choose the model's file that lies in it.")
    return _sha256(path, there.st_size, there.st_mtime_ns)


@lru_cache(maxsize=32)
def _sha256(path: Path, _size: int, _changed: int) -> str:
    return sha256_of(path)


def model_name(path: Path) -> str:
    """The name of a model by its file: wd-vit-v3/model.onnx and wd-vit-v3.onnx are wd-vit-v3."""
    path = path.absolute()
    name = path.parent.name if path.stem in NAMELESS and path.parent.name else path.stem
    name = " ".join(name.split())
    return f"{name} model" if name in tag_sources.NO_MODELS else name
