"""What the VAE makes of pictures: once, kept in memory and on disk, or anew each time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from trainer.buckets import Placement
from trainer.dataset import Item
from trainer.devices import Compute
from trainer.errors import TrainerError
from trainer.files import replaced
from trainer.looks import Look
from trainer.model import BaseModel
from trainer.noise import generator
from trainer.pixels import Pixels, bucket_pixels, looking, read_bytes
from trainer.ranks import ALONE, Ranks

Progress = Callable[[int, int], None]  # (done, total)
_FORMAT = 1  # of the cached files; raise it when their content gets another meaning
_READERS = 4  # threads that decode pictures while the VAE computes
_ON_DEVICE_BYTES = 2**30  # up to here all latents stay on the device: 16,000 pictures at 512


class Latents(Protocol):
    """Scaled latents of the pictures of a dataset, by their positions in it."""

    @property
    def digests(self) -> Sequence[str]:
        """The hash of every picture's file."""

    def batch(
        self, items: Sequence[int], looks: Sequence[Look], *key: object, first: int = 0
    ) -> Tensor:
        """Latents (batch, 4, height / 8, width / 8), float32, on the device.

        All of them are of one bucket; `key` names the chance with which fresh ones are drawn, with
        the place in the batch, where these begin at `first`.
        """


class Encoder:
    """The VAE of a base model at work; float32, because its half precision overflows."""

    def __init__(self, model: BaseModel, compute: Compute) -> None:
        self._model = model
        self._device = compute.device
        self.digest = f"{weights_digest(model.vae)} x {model.latent_scale}"

    @torch.inference_mode()
    def encode(self, pixels: Pixels, path: Path, random: torch.Generator) -> Tensor:
        """A scaled latent (4, height / 8, width / 8) on the CPU, drawn from the VAE's distribution.

        Raises TrainerError when the VAE overflows on this picture.
        """
        picture = torch.from_numpy(pixels).to(self._device).permute(2, 0, 1)[None]
        spread = self._model.vae.encode(picture.float() / 127.5 - 1).latent_dist
        noise = torch.randn(spread.mean.shape, generator=random).to(self._device)
        latent: Tensor = (spread.mean + spread.std * noise)[0] * self._model.latent_scale
        if not bool(latent.isfinite().all()):
            raise TrainerError(
                f"The base model's VAE gives no usable numbers for {path}.",
                "Take the picture out, or choose another base model.",
            )
        return latent.cpu()


def weights_digest(module: nn.Module) -> str:
    """A hash of all weights of a module, whatever file they came from."""
    digest = hashlib.sha256()
    for name, tensor in module.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Source:
    """A picture that was read: the hash of its file, and what is not yet in the cache."""

    item: Item
    digest: str
    cached: tuple[Tensor | None, ...]
    pixels: Pixels | None


class CachedLatents:
    """All latents, each drawn once; mirrored ones too where pictures are mirrored.

    On disk an entry is named by what it was made from: the file's bytes, the VAE and its scale, the
    resize and the crop. Neither an edited picture nor another VAE can meet an old entry.
    """

    def __init__(
        self,
        items: Sequence[Item],
        encoder: Encoder,
        folder: Path | None,
        progress: Progress,
        ranks: Ranks = ALONE,
    ) -> None:
        """Processes share the work. Raises TrainerError for a picture that cannot be used, and when
        the disk refuses."""
        self._encoder = encoder
        self._folder = folder
        rows: list[tuple[str, tuple[Tensor, ...]]] = []
        progress(0, len(items))
        for source in _ahead(self._read, ranks.shared(items)):
            rows.append((source.digest, tuple(self._finish(source))))
            progress(min(len(rows) * ranks.count, len(items)), len(items))
        rows = ranks.gathered(rows, len(items))
        self._digests = [digest for digest, _ in rows]
        self._latents = [latents for _, latents in rows]
        self._compute: Compute | None = None

    @property
    def digests(self) -> Sequence[str]:
        """See `Latents`."""
        return self._digests

    def to(self, compute: Compute) -> CachedLatents:
        """Keep the latents on the device if they are small, else bring each batch there."""
        self._compute = compute
        tensors = [tensor for row in self._latents for tensor in row]
        if sum(tensor.nbytes for tensor in tensors) <= _ON_DEVICE_BYTES:
            self._latents = [tuple(one.to(compute.device) for one in row) for row in self._latents]
        return self

    def batch(
        self, items: Sequence[int], looks: Sequence[Look], *key: object, first: int = 0
    ) -> Tensor:
        """See `Latents`; the same latents every time, of which only the mirrored ones differ."""
        rows = [self._latents[at][look.mirrored] for at, look in zip(items, looks, strict=True)]
        latents = torch.stack(rows)
        return latents if self._compute is None else self._compute.bring(latents)

    def _read(self, item: Item) -> _Source:
        data = read_bytes(item.path)
        digest = hashlib.sha256(data).hexdigest()
        cached = tuple(self._load(path) for path in self._paths(item, digest))
        complete = all(latent is not None for latent in cached)
        pixels = None if complete else _pixels(item, data, item.placement)
        return _Source(item, digest, cached, pixels)

    def _finish(self, source: _Source) -> Iterator[Tensor]:
        paths = self._paths(source.item, source.digest)
        for flip, (latent, path) in enumerate(zip(source.cached, paths, strict=True)):
            if latent is None and source.pixels is not None:
                pixels = np.ascontiguousarray(source.pixels[:, ::-1]) if flip else source.pixels
                key = self._key(source.item, source.digest, bool(flip))
                latent = self._encoder.encode(pixels, source.item.path, generator(key))
                self._save(path, latent)
            if latent is not None:
                yield latent

    def _paths(self, item: Item, digest: str) -> list[Path | None]:
        flips = (False, True) if item.subset.flip_aug else (False,)
        if self._folder is None:
            return [None for _ in flips]
        keys = [self._key(item, digest, flip) for flip in flips]
        return [self._folder / "latents" / key[:2] / f"{key}.npy" for key in keys]

    def _key(self, item: Item, digest: str, flip: bool) -> str:
        placement = item.placement
        parts = (_FORMAT, digest, self._encoder.digest, placement.resized, placement.crop, flip)
        seen = (*parts, "alpha_mask") if item.subset.alpha_mask else parts
        return hashlib.sha256(repr(seen).encode()).hexdigest()

    def _load(self, path: Path | None) -> Tensor | None:
        if path is None or not path.exists():
            return None
        try:
            return torch.from_numpy(np.load(path, allow_pickle=False))
        except (OSError, ValueError, EOFError):  # damaged from outside; it is made anew
            return None

    def _save(self, path: Path | None, latent: Tensor) -> None:
        if path is not None:
            with replaced(path) as beside, beside.open("wb") as file:
                np.save(file, latent.numpy(), allow_pickle=False)


def _pixels(item: Item, data: bytes, placement: Placement) -> Pixels:
    return bucket_pixels(data, item.path, placement, alpha_mask=item.subset.alpha_mask)


def _ahead(read: Callable[[Item], _Source], items: Sequence[Item]) -> Iterator[_Source]:
    """Read in a few threads, never more than a few pictures ahead, in order."""
    rest = iter(items)
    with ThreadPoolExecutor(_READERS, thread_name_prefix="read-pictures") as pool:
        waiting = [pool.submit(read, item) for item in islice(rest, 2 * _READERS)]
        while waiting:
            source = waiting.pop(0).result()
            waiting += [pool.submit(read, item) for item in islice(rest, 1)]
            yield source


class FreshLatents:
    """Latents drawn anew from the VAE every time a picture is shown; slower, nothing is kept."""

    def __init__(self, items: Sequence[Item], encoder: Encoder, compute: Compute) -> None:
        self._items = items
        self._encoder = encoder
        self._device = compute.device
        self._digests = [hashlib.sha256(read_bytes(item.path)).hexdigest() for item in items]

    @property
    def digests(self) -> Sequence[str]:
        """See `Latents`."""
        return self._digests

    def batch(
        self, items: Sequence[int], looks: Sequence[Look], *key: object, first: int = 0
    ) -> Tensor:
        """See `Latents`."""
        rows = []
        for number, (at, look) in enumerate(zip(items, looks, strict=True), first):
            item = self._items[at]
            pixels = looking(_pixels(item, read_bytes(item.path), look.placement), look)
            random = generator("latent", number, *key)
            rows.append(self._encoder.encode(pixels, item.path, random))
        return torch.stack(rows).to(self._device)
