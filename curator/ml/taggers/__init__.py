"""Taggers as ONNX files: each format is a file here and a row, told by what lies beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.core.errors import UserError
from curator.core.files import read_error
from curator.core.tag_scores import MOST_TAGS
from curator.core.tagger_records import Preparation, Tagger
from curator.ml.onnx_sessions import OnnxModel, open_model
from curator.ml.taggers import cl_tagger, deepdanbooru, wd
from curator.ml.taggers.labels import Labels, TaggerFormat

# By the file of tags beside the model; the first that is there tells the format.
FORMATS: Mapping[str, TaggerFormat] = {
    "selected_tags.csv": wd.FORMAT,
    "tag_mapping.json": cl_tagger.FORMAT,
    "tags.txt": deepdanbooru.FORMAT,
}
_MOST_BYTES = 64 << 20  # of a file of tags
Batch = NDArray[np.float32]  # (pictures, ...)


@dataclass(frozen=True, slots=True)
class OpenTagger:
    """A tagger that is ready: `preparation` tells how pictures are to be given to it."""

    tagger: Tagger
    model: OnnxModel
    preparation: Preparation
    _probabilities: Callable[[NDArray[Any]], Batch]

    def scores(self, pictures: Batch) -> Batch:
        """The scores, (n, tags) from 0 to 1, of n prepared pictures. Raises UserError."""
        found = self.model.run(pictures, self.model.outputs[:1])[0]
        found = found.reshape(len(pictures), -1)
        if found.shape[1] != len(self.tagger.tags):
            raise UserError(
                f"{self.model.path.name} gives {found.shape[1]:,} scores, but"
                f" {len(self.tagger.tags):,} tags lie beside it.",
                "The model and its tags are of different versions; download them again.",
            )
        return self._probabilities(found.astype(np.float32))


def open_tagger(
    path: Path, sha256: str, name: str, threads: int = 0, *, use_card: bool = True
) -> OpenTagger:
    """Open the tagger in `path`, which has this sha256; `name` is what its tags are said to be by.

    Raises UserError for a model without its tags beside it, or that is no tagger.
    """
    labels_path, format_ = _format_of(path)
    labels = _labels(labels_path, format_)
    model = open_model(path, threads, use_card=use_card)
    if model.channels not in (3, None) or model.channels_last != format_.channels_last:
        raise UserError(
            f"{path.name} does not take pictures as a tagger with {labels_path.name} does.",
            "Look whether the file of tags belongs to the model.",
        )
    side = model.height or model.width or format_.side
    tagger = Tagger(sha256, name, labels.tags, labels.groups)
    return OpenTagger(tagger, model, format_.preparation(side), format_.probabilities)


def _format_of(path: Path) -> tuple[Path, TaggerFormat]:
    for name, format_ in FORMATS.items():
        if (labels := path.with_name(name)).is_file():
            return labels, format_
    raise UserError(
        f"There are no tags beside {path.name}.",
        f"Put the file that came with it into the same folder: {' or '.join(FORMATS)}.",
    )


def _labels(path: Path, format_: TaggerFormat) -> Labels:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is far too large")
        labels = format_.read(path.read_text("utf-8-sig"))
        if not 0 < len(labels.tags) <= MOST_TAGS:
            raise ValueError(f"it has {len(labels.tags):,} tags")
    except OSError as error:
        raise read_error(error, path) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{path.name} is no list of a tagger's tags: {error}.",
            "Download it again together with the model.",
        ) from error
    return labels
