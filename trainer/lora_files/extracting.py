"""A LoRA from two base models: what the one has learned beyond the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.errors import TrainerError
from trainer.lora_files.bases import BaseWeights, opened
from trainer.lora_files.converting import Progress
from trainer.lora_files.layers import Parts
from trainer.lora_files.names import is_target, kernel
from trainer.lora_files.resizing import Kept, Limit, approximate


@dataclass(frozen=True, slots=True)
class Extracted:
    """Plain layers; how much of the difference of these layers they keep; layers that are equal."""

    layers: dict[str, Parts]
    kept: Kept
    equal: int


def extract(
    tuned: BaseWeights,
    base: BaseWeights,
    limit: Limit,
    conv_limit: Limit | None = None,
    progress: Progress = lambda done, total: None,
) -> Extracted:
    """The closest LoRA to `tuned - base` on the layers that sd-scripts trains.

    Each layer by itself is U_r sqrt(S_r) @ sqrt(S_r) V_r of the difference in float32
    (sd-scripts networks/extract_lora_from_models.py; without its clamping of the largest one in a
    hundred numbers, which distorts). Convolutions only with `conv_limit`. Layers without any
    difference get no matrices. Raises TrainerError for models of different families or sizes, and
    when there is no difference.
    """
    targets = _targets(tuned, base, conv=conv_limit is not None)
    layers: dict[str, Parts] = {}
    kept, equal = Kept(), 0
    with opened(tuned, base) as reader:
        for done, (name, is_conv) in enumerate(targets.items(), 1):
            new, old = reader.weight(tuned.weights[name]), reader.weight(base.weights[name])
            shape = tuned.weights[name].shape
            matrix = (new.float() - old.float()).reshape(shape[0], -1)
            if bool(matrix.any()):
                sides = shape[2:] or kernel(name, tuned.family)
                wanted = conv_limit if is_conv and conv_limit else limit
                found, share = approximate(matrix, wanted, tuple(sides))
                layers[name], kept = found.parts(), kept + share
            else:
                equal += 1
            progress(done, len(targets))
    if not layers:
        raise TrainerError(
            f"{tuned.path} and {base.path} do not differ in any layer of a LoRA.",
            "Choose the model that was trained, and the one that it began with.",
        )
    return Extracted(layers, kept, equal)


def _targets(tuned: BaseWeights, base: BaseWeights, *, conv: bool) -> Mapping[str, bool]:
    """Layers of both models that a LoRA acts on, and whether each is one of the convolutions."""
    names = [name for name in tuned.weights if name in base.weights]
    found = {
        name: not is_target(name, tuned.family, conv=False)
        for name in names
        if len(tuned.weights[name].shape) > 1 and is_target(name, tuned.family, conv=conv)
    }
    wrong = [name for name in found if _size(tuned, name) != _size(base, name)]
    if tuned.family != base.family or wrong or not found:
        raise TrainerError(
            f"{tuned.path} and {base.path} are models of different kinds.",
            "Choose the model that was trained, and the one that it began with.",
        )
    return found


def _size(base: BaseWeights, name: str) -> tuple[int, ...]:
    """The shape, in which a linear layer and a convolution 1x1 are the same."""
    shape = base.weights[name].shape
    return shape[:2] if shape[2:] == (1, 1) else shape
