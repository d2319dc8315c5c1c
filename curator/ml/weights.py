"""Reads the weights of a neural model and nothing else: what lies beside them never runs."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

from curator.core.errors import UserError
from curator.core.extras import require_extra
from curator.core.files import read_error

ANOTHER = "Choose another file; a .safetensors one holds nothing but weights."


def read_weights(path: Path) -> dict[str, Any]:
    """The tensors in a .safetensors or .pth file, on the processor, by name.

    Raises UserError for a file that is gone, broken, or needs more than weights to be read.
    """
    require_extra("models")
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if path.suffix.lower() == ".safetensors":
            return load_file(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of pickles in other ways than its own
            found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise _refused(path, error) from error
    except OSError as error:
        raise read_error(error, path) from error
    except (SafetensorError, RuntimeError, ValueError, KeyError, EOFError, TypeError) as error:
        raise UserError(f"{path.name} holds no weights that can be read.", ANOTHER) from error
    if not isinstance(found, dict):
        raise UserError(f"{path.name} holds no weights by name.", ANOTHER)
    return found


def _refused(path: Path, error: pickle.UnpicklingError) -> UserError:
    if "nsupported" in str(error):  # torch: "Unsupported global", "Unsupported operand"
        return UserError(
            f"{path.name} was not opened: it holds more than weights, which may run as a program.",
            ANOTHER,
        )
    return UserError(f"{path.name} holds no weights that can be read.", ANOTHER)
