"""Captions as what the model attends to; kept when the text encoders are frozen."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from trainer.cache import weights_digest
from trainer.devices import Compute
from trainer.files import replaced
from trainer.model import BaseModel, Family, Texts
from trainer.ranks import ALONE, Ranks
from trainer.reading import Reading

_KEPT_BYTES = 2**29  # of encoded captions, on the device: 4,500 of SD 1.x in half precision
_FORMAT = 1  # of the cached files; raise it when their content gets another meaning
_AT_ONCE = 16  # captions that are encoded together
_PLAIN = Reading()


class TextStates:
    """Captions as what the model attends to."""

    def __init__(
        self,
        family: Family,
        model: BaseModel,
        clip_skip: int,
        compute: Compute,
        reading: Reading = _PLAIN,
        folder: Path | None = None,
    ) -> None:
        """`folder` keeps what frozen text encoders make of captions between runs."""
        self._family = family
        self._model = model
        self._clip_skip = clip_skip
        self._compute = compute
        self._reading = reading
        self._folder = folder
        self._kept: OrderedDict[str, Texts] = OrderedDict()
        self._kept_bytes = 0
        self._all: dict[str, Texts] = {}
        self._all_bytes = 0
        self._away = False

    def encode(self, captions: Sequence[str]) -> Texts:
        """What the model attends to, on the device, through the text encoders as they are now."""
        family, compute = self._family, self._compute
        ids = compute.bring(family.tokenize(captions, self._reading))
        with self._at_hand(), compute.autocast():
            texts = family.encode_text(self._model, ids, self._clip_skip)
        weights = family.weigh(captions, self._reading)
        return texts if weights is None else texts.weighted(compute.bring(weights))

    def frozen(self, captions: Sequence[str]) -> Texts:
        """The same for a text encoder that never changes: each caption is encoded once."""
        rows = []
        for caption in captions:
            if caption in self._all:
                rows.append(self._all[caption].on(self._compute.bring))
            elif caption in self._kept:
                self._kept.move_to_end(caption)
                rows.append(self._kept[caption])
            else:
                (texts,) = self._read_or_encode([caption])
                self._keep(caption, texts)
                rows.append(texts)
        return Texts.joined(rows)

    def prepare(
        self,
        captions: Iterable[str],
        progress: Callable[[int, int], None],
        ranks: Ranks = ALONE,
    ) -> None:
        """Encode all captions of a run, then take the text encoders off the device.

        They come back for a moment where something else is encoded. What is more than fits beside
        the training is kept in main memory. Processes share the work. `progress(done, total)`.
        """
        wanted = sorted(set(captions))
        mine = ranks.shared(wanted)
        keep = self._placed if ranks.count == 1 else _off_device
        rows: list[Texts] = []
        progress(0, len(wanted))
        for first in range(0, len(mine), _AT_ONCE):
            rows += map(keep, self._read_or_encode(mine[first : first + _AT_ONCE]))
            progress(min(len(rows) * ranks.count, len(wanted)), len(wanted))
        if ranks.count > 1:
            rows = [self._placed(texts) for texts in ranks.gathered(rows, len(wanted))]
        self._all = dict(zip(wanted, rows, strict=True))
        self._away = True
        self._send(torch.device("cpu"))

    def _placed(self, texts: Texts) -> Texts:
        """On the device as long as there is room beside the training, then in main memory."""
        self._all_bytes += texts.nbytes
        here = self._all_bytes <= _KEPT_BYTES
        return texts.on(self._compute.bring) if here else _off_device(texts)

    def _read_or_encode(self, captions: Sequence[str]) -> list[Texts]:
        """From the disk, else from the text encoders, and then on the disk."""
        found = {caption: self._load(caption) for caption in captions}
        lacking = [caption for caption, texts in found.items() if texts is None]
        if lacking:
            with torch.no_grad():
                encoded = self.encode(lacking)
            for caption, texts in zip(lacking, encoded.parted(), strict=True):
                self._save(caption, texts)
                found[caption] = texts
        return [texts for texts in found.values() if texts is not None]

    def _keep(self, caption: str, texts: Texts) -> None:
        self._kept[caption] = texts
        self._kept_bytes += texts.nbytes
        while self._kept_bytes > _KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.nbytes

    def _load(self, caption: str) -> Texts | None:
        path = self._path(caption)
        if path is None or not path.exists():
            return None
        try:
            found = load_file(path)
            texts = Texts(found["states"], found.get("pooled"))
        except (OSError, SafetensorError, KeyError):  # damaged from outside; it is made anew
            return None
        return texts.on(self._compute.bring)

    def _save(self, caption: str, texts: Texts) -> None:
        path = self._path(caption)
        if path is not None:
            tensors = {"states": texts.states, "pooled": texts.pooled}
            there = {
                name: one.cpu().contiguous() for name, one in tensors.items() if one is not None
            }
            with replaced(path) as beside:
                save_file(there, beside)

    def _path(self, caption: str) -> Path | None:
        if self._folder is None:
            return None
        key = hashlib.sha256(f"{self._origin}/{caption}".encode()).hexdigest()
        return self._folder / "texts" / key[:2] / f"{key}.safetensors"

    @cached_property
    def _origin(self) -> str:
        """All that the states of a caption depend on, beside the caption."""
        encoders = [weights_digest(encoder) for encoder in self._model.text_encoders]
        precision = self._compute.precision
        parts = (_FORMAT, self._family.label, encoders, self._clip_skip, self._reading, precision)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @contextmanager
    def _at_hand(self) -> Iterator[None]:
        if not self._away:
            yield
            return
        self._send(self._compute.device)
        try:
            yield
        finally:
            self._send(torch.device("cpu"))

    def _send(self, device: torch.device) -> None:
        for encoder in self._model.text_encoders:
            encoder.to(device)


def _off_device(texts: Texts) -> Texts:
    return texts.on(lambda tensor: tensor.cpu())
