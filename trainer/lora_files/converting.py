"""Layers of any type as plain LoRA: exactly where two matrices can say it, else closely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from trainer.errors import TrainerError
from trainer.lora_files.bases import BaseWeights, Reader, opened
from trainer.lora_files.deltas import change
from trainer.lora_files.layers import FACTORED, Parts, Plain, kind_of, needs_base, plain
from trainer.lora_files.names import kernel
from trainer.lora_files.reading import LoraFile
from trainer.lora_files.resizing import Kept, Limit, approximate, shrunk, title

Progress = Callable[[int, int], None]  # layers done, layers altogether


@dataclass(frozen=True, slots=True)
class Converted:
    """Plain layers; how much of the others' effect they keep; what no LoRA can hold, by name."""

    layers: dict[str, Parts]
    kept: Kept
    left_out: tuple[str, ...]


def convert(
    file: LoraFile,
    limit: Limit | None = None,
    base: BaseWeights | None = None,
    progress: Progress = lambda done, total: None,
) -> Converted:
    """The file as a plain LoRA under Kohya's names.

    Plain layers stay bit for bit. LoHa, LoKr and LoRA with a middle are two matrices exactly;
    without a limit they get as many ranks as that takes. Changes that fill the whole weight (DoRA,
    IA3, full) are approximated within `limit`; DoRA and IA3 need the base model. Left out are
    changes of biases and norms. Raises TrainerError where a limit or the base is missing, and for
    OFT and GLoRA.
    """
    layers: dict[str, Parts] = {}
    kept, left_out = Kept(), []
    with opened(*([base] if base else [])) as reader:
        for done, (name, parts) in enumerate(file.layers.items(), 1):
            if kind_of(parts) in ("norm", ""):
                left_out.append(name)
                continue
            if "diff_b" in parts:
                left_out.append(f"{name} (bias)")
            if _is_plain(parts):
                layers[name] = {
                    part: parts[part] for part in ("lora_down", "lora_up", "alpha") if part in parts
                }
                continue
            weight = _base_weight(name, parts, base, reader)
            found, share = _as_plain(name, parts, weight, limit, kernel(name, file.family))
            layers[name], kept = found.parts(), kept + share
            progress(done, len(file.layers))
    return Converted(layers, kept, tuple(left_out))


def _is_plain(parts: Parts) -> bool:
    others = {"lora_mid", "dora_scale", "scalar"} & set(parts)
    return kind_of(parts) == "lora" and not others


def _base_weight(
    name: str, parts: Parts, base: BaseWeights | None, reader: Reader
) -> Tensor | None:
    if not needs_base(parts):
        return None
    if base is None:
        raise TrainerError(
            f"The layer {name} is of the type {title(parts)}, whose effect depends on its base "
            "model.",
            "Name the base model too (--base).",
        )
    place = base.weights.get(name)
    if place is None:
        raise TrainerError(
            f"{base.path} has no layer {name}.", "Name the base model that the LoRA was made for."
        )
    return reader.weight(place)


def _as_plain(
    name: str, parts: Parts, weight: Tensor | None, limit: Limit | None, sides: tuple[int, ...]
) -> tuple[Plain, Kept]:
    if kind_of(parts) in FACTORED and "dora_scale" not in parts:
        return shrunk_to_fit(plain(parts, sides), limit)
    if limit is None:
        raise TrainerError(
            f"The layer {name} is of the type {title(parts)}, which fills the whole weight; no "
            "small LoRA is exactly that.",
            "Say how many ranks (--rank) or how much of it (--keep) to keep.",
        )
    found = applied(name, parts, weight)
    whole = weight if weight is not None else parts.get("diff")
    return approximate(found, limit, tuple(whole.shape[2:]) if whole is not None else sides)


def shrunk_to_fit(layer: Plain, limit: Limit | None) -> tuple[Plain, Kept]:
    """The layer as it is where it has no more ranks than its sides; else within the limit."""
    if limit is None and layer.rank <= min(layer.up.shape[0], layer.down.shape[1]):
        return layer, Kept()
    return shrunk(layer, limit or Limit())


def applied(name: str, parts: Parts, weight: Tensor | None) -> Tensor:
    """`change` with sentences for layers that cannot be applied. Raises TrainerError."""
    try:
        return change(parts, weight)
    except ValueError as error:
        raise TrainerError(
            f"The layer {name} is of the type {title(parts)}, which {error}.",
            "Only LoRA, LoCon, DoRA, LoHa, LoKr, IA3 and full changes can be.",
        ) from error
    except (RuntimeError, IndexError) as error:
        raise TrainerError(
            f"The layer {name} does not fit its base model.",
            "Name the base model that the LoRA was made for.",
        ) from error
