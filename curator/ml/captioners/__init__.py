"""Captioners by transformers: each class of models is a file here and a row, told by its config."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from curator.core.describing import Detail
from curator.core.errors import UserError
from curator.core.extras import require_extra
from curator.core.files import read_error
from curator.ml.captioners import blip, florence
from curator.ml.captioners.wording import CaptionerFormat

FORMATS: Mapping[str, CaptionerFormat] = {
    "blip": blip.FORMAT,
    "florence2": florence.FORMAT,
}
CARD_BATCH, BATCH = 8, 1  # pictures at a time
ANOTHER = "Use one whose files transformers reads without code of their own."


@dataclass(frozen=True, slots=True)
class OpenCaptioner:
    """A captioner that is ready. `batch`: how many pictures it takes at a time."""

    name: str
    batch: int
    runs_on: str
    _format: CaptionerFormat
    _model: Any
    _processor: Any
    _detail: Detail

    def describe(self, pictures: Sequence[Pillow.Image]) -> list[str]:
        """What each of these pictures, in mode RGB, shows. Raises UserError."""
        import torch

        prompt = self._format.prompts[self._detail]
        text = {"text": [prompt] * len(pictures), "padding": True} if prompt else {}
        try:
            with torch.inference_mode():
                inputs = self._processor(images=list(pictures), return_tensors="pt", **text)
                inputs = inputs.to(self._model.device, self._model.dtype)
                found = self._model.generate(
                    **inputs,
                    max_new_tokens=self._format.tokens[self._detail],
                    num_beams=self._format.beams,
                    do_sample=False,
                )
        except (RuntimeError, ValueError) as error:  # no memory left, or odd files of the model
            said = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise UserError(
                f"{self.name} failed: {said[:300]}", "Close other programs, or use a smaller model."
            ) from error
        return list(self._processor.batch_decode(found, skip_special_tokens=True))


def open_captioner(
    folder: Path, name: str, detail: Detail = Detail.SHORT, *, use_card: bool = True
) -> OpenCaptioner:
    """Open the captioner in a folder; nothing is downloaded, and no code beside it is run.

    Raises UserError for a folder that holds none, and where transformers is not installed.
    """
    format_ = FORMATS.get(_kind_of(folder))
    if format_ is None:
        known = " or ".join(FORMATS)
        raise UserError(f"{folder.name} is no captioner of a known class, {known}.", ANOTHER)
    require_extra("models")
    import torch
    import transformers

    library: Any = transformers  # its types lack
    on_card = use_card and torch.cuda.is_available()
    safe = {"local_files_only": True, "trust_remote_code": False}
    with _explained(folder), _quiet():
        processor = library.AutoProcessor.from_pretrained(folder, **safe)
        model, told = library.AutoModelForImageTextToText.from_pretrained(
            folder,
            dtype=torch.float16 if on_card else torch.float32,
            use_safetensors=True,
            output_loading_info=True,
            **safe,
        )
    if told["missing_keys"] or told["mismatched_keys"]:
        raise UserError(
            f"The weights in {folder.name} are not those of {format_.title} as transformers has"
            " it.",
            ANOTHER,
        )
    return OpenCaptioner(
        name,
        CARD_BATCH if on_card else BATCH,
        f"It runs on the {'NVIDIA card' if on_card else 'processor'}.",
        format_,
        model.to("cuda" if on_card else "cpu").eval(),
        processor,
        detail,
    )


def _kind_of(folder: Path) -> str:
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        return str(config.get("model_type", ""))
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(
            f"{folder} holds no captioner: config.json is missing.",
            "Choose the folder into which a model was downloaded whole.",
        ) from None
    except OSError as error:
        raise read_error(error, folder) from error
    except (ValueError, AttributeError):
        return ""


@contextmanager
def _quiet() -> Iterator[None]:
    """No bars, and nothing logged: what matters is raised, or told of the tensors that lack."""
    from transformers.utils import logging as transformers_logging

    said: Any = transformers_logging

    logger, had_bar = logging.getLogger("transformers"), said.is_progress_bar_enabled()
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    said.disable_progress_bar()
    try:
        yield
    finally:
        logger.setLevel(level)
        if had_bar:
            said.enable_progress_bar()


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """What transformers says of files that it can't use, as the person's problem."""
    from safetensors import SafetensorError

    odd = (OSError, ValueError, TypeError, KeyError, RuntimeError, ImportError, SafetensorError)
    try:
        yield
    except odd as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UserError(
            f"{folder.name} can't be used as a captioner: {said[:300]}",
            "Download it again; its weights must be a .safetensors file.",
        ) from error
