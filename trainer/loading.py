"""Loads torch beside a window: other threads of the process wait as little as possible for it.

Measured in a window, its longest wait was 1.1 s without this and 0.05 s with it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# By platform, the library of torch that needs all others; on Windows torch lets others go on.
_LIBRARIES = {"linux": "libtorch_python.so", "darwin": "libtorch_python.dylib"}


@contextmanager
def beside_others() -> Iterator[None]:
    """For the first import of torch and what stands on it; later it does nothing.

    Python's own way to a shared library keeps all threads waiting until it is loaded, so those of
    torch are loaded before by a call that doesn't. The garbage collector would look through all new
    objects again and again, up to 0.7 s at a time; what was imported is left out of its work for
    good, because none of it goes away.
    """
    if "torch" in sys.modules:
        yield
        return
    _load_libraries()
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        atexit.register(gc.unfreeze)  # or what is left at the end is taken for a leak, and told
        if was_enabled:
            gc.enable()


def _load_libraries() -> None:
    """Have the system load torch's libraries; what it refuses is left to torch, which can more."""
    name, torch = _LIBRARIES.get(sys.platform), find_spec("torch")
    if name is None or torch is None or torch.origin is None:
        return
    path = Path(torch.origin).parent / "lib" / name
    # Calls of foreign functions let other threads go on; ctypes' own loading does not.
    load = ctypes.CDLL(None).dlopen
    load.restype = ctypes.c_void_p
    load.argtypes = (ctypes.c_char_p, ctypes.c_int)
    load(os.fsencode(path), os.RTLD_NOW)
