"""Keeps what the model libraries say while they load and save away from whoever runs a training."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from diffusers.utils import logging as diffusers_logging
from transformers.utils import logging as transformers_logging

_LOGGERS = ("transformers", "diffusers")
_BARS = (diffusers_logging, transformers_logging)


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars, no reports on tensors that are renamed or left out; errors are raised."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [one.level for one in loggers]
    bars = [one for one in _BARS if one.is_progress_bar_enabled()]
    for one in loggers:
        one.setLevel(logging.CRITICAL)
    for bar in bars:
        bar.disable_progress_bar()
    try:
        yield
    finally:
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)
        for bar in bars:
            bar.enable_progress_bar()
