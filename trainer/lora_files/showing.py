"""What a LoRA file is, at a glance: type, ranks by block, tags, and which programs read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from trainer.base_kinds import TITLES as FAMILY_TITLES
from trainer.lora_files import metadata, names
from trainer.lora_files.layers import TITLES, alpha_of, kind_of, plain_kernel, rank_of
from trainer.lora_files.reading import LoraFile

_NOT_DIFFUSERS = ("LoHa", "LoKr", "IA3", "full", "norms", "OFT", "GLoRA", "unknown")
_READS = "yes"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the model: how many layers of it, the ranks and alphas that occur in them."""

    layers: int
    ranks: tuple[int, ...]
    alphas: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A LoRA file. `types` count layers; `programs` say "yes" or what keeps one from reading it."""

    path: str
    size: int
    family: str
    types: Mapping[str, int]
    style: str
    precision: str
    blocks: Mapping[str, Block]
    triggers: tuple[str, ...]
    tags: Mapping[str, int]
    programs: Mapping[str, str]
    unread: tuple[str, ...]
    metadata: Mapping[str, str]


def summary(file: LoraFile) -> Summary:
    """All that `lora show` says. Raises TrainerError when the file has gone."""
    types = Counter(_type(file, name) for name in file.layers)
    return Summary(
        path=str(file.path),
        size=file.path.stat().st_size,
        family=FAMILY_TITLES.get(file.family, "unknown"),
        types=dict(types.most_common()),
        style=file.style,
        precision=file.precision,
        blocks=_blocks(file),
        triggers=metadata.triggers(file.metadata),
        tags=metadata.tags(file.metadata),
        programs=programs(types, file.style),
        unread=file.unread,
        metadata=file.metadata,
    )


def programs(types: Mapping[str, int], style: str) -> dict[str, str]:
    """Which programs read such a file (training reference 2.4: tried, and their trackers)."""
    others = [kind for kind in _NOT_DIFFUSERS if kind in types]
    diffusers = comfy = a1111 = _READS
    if "DoRA" in types:
        diffusers = "without its dora_scale, so with another effect"
    if others:
        diffusers = f"no: it does not know {', '.join(others)}"
    if "IA3" in types:
        comfy = "no: it does not know IA3"
    if style == "diffusers":
        a1111 = "not all versions: its names are those of diffusers"
    if style == "peft":
        diffusers = comfy = a1111 = "no: its names are those of peft"
    return {"diffusers": diffusers, "ComfyUI": comfy, "A1111": a1111}


def _type(file: LoraFile, name: str) -> str:
    """The type of a layer; a LoRA on a convolution larger than 1x1 is a LoCon."""
    parts = file.layers[name]
    if "dora_scale" in parts:
        return "DoRA"
    kind = kind_of(parts)
    is_conv = kind == "lora" and plain_kernel(parts) not in ((), (1, 1))
    return TITLES["locon" if is_conv else kind]


def _blocks(file: LoraFile) -> dict[str, Block]:
    grouped: dict[str, list[str]] = {}
    for name in sorted(file.layers):
        grouped.setdefault(names.block(name), []).append(name)
    order = sorted(grouped, key=lambda block: (_ORDER.get(block.rstrip("0123456789"), 9), block))
    return {block: _block(file, grouped[block]) for block in order}


_ORDER = {"TE": 0, "IN": 1, "MID": 2, "OUT": 3}


def _block(file: LoraFile, found: list[str]) -> Block:
    layers = [file.layers[name] for name in found]
    ranked = [parts for parts in layers if rank_of(parts)]
    return Block(
        len(layers),
        tuple(sorted({rank_of(parts) for parts in ranked})),
        tuple(sorted({round(alpha_of(parts), 4) for parts in ranked})),
    )
