"""What PySide does with the source of every module that is imported, and how to spare it."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import Any


def spare_sources() -> None:
    """Keep PySide from reading the source of every module that is imported from now on.

    It looks there for its own name, to serve `from __feature__ import`, which is not used here. Of
    torch and what stands on it that would be 70 MB of text, read for seconds and kept for good.
    """
    with suppress(ImportError):  # a PySide without that reading has nothing to be spared
        feature: Any = importlib.import_module("shibokensupport.feature")
        feature._mod_uses_pyside = lambda _module: False
