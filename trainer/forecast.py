"""What a run will need of this machine: memory by a formula, time by steps measured before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.base_kinds import is_pickled, look_at, require_trained
from trainer.base_sizes import BaseSizes, sizes_of
from trainer.config import PRACTICE_MODEL, RunConfig
from trainer.dataset import Dataset
from trainer.estimates import Sizes, memory
from trainer.learning_options import learning_rates
from trainer.measured import Measured, StepKind, recall
from trainer.network_options import algorithm
from trainer.outline import Outline, largest_batch


@dataclass(frozen=True, slots=True)
class Base:
    """The base model of a run, as far as its headers tell; `sizes` None for what is not known."""

    name: str
    family: str
    sizes: BaseSizes | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`memory` in bytes by what it is for, empty where no formula holds; `step` a measured one.

    `seconds` for all steps, without encoding and samples; None where nothing was measured.
    """

    device: str
    precision: str
    memory: dict[str, int]
    step: Measured | None
    seconds: float | None


def base_of(config: RunConfig) -> Base:
    """The base model of a run, from headers alone. Raises TrainerError as the run would."""
    name = config.pretrained_model_name_or_path
    if name == PRACTICE_MODEL:
        return Base(name, "sd1", None)
    path = Path(name)
    if is_pickled(path):  # tells nothing before it is read
        return Base(name, "", None)
    base = look_at(path)
    require_trained(base)
    return Base(name, base.family, sizes_of(base))


def step_kind(config: RunConfig, base: Base, device: str, precision: str) -> StepKind:
    """What a measured step must have in common with this run's."""
    size = base.sizes.unet if base.sizes else base.name
    unet, text = learning_rates(config)
    return StepKind(
        device=device,
        family=f"{base.family} {size}",
        precision=precision,
        checkpointing=_checkpointing(config),
        optimizer=config.optimizer_type,
        network=f"{algorithm(config)} {config.network_dim} {config.conv_dim or 0}",
        parts=f"unet {unet > 0}, text {text > 0}",
    )


def largest_step(config: RunConfig, dataset: Dataset) -> Measured:
    """The size of the run's largest step, its results still empty."""
    batch = largest_batch(dataset.plan(config))
    width, height = batch.bucket
    accumulation = config.gradient_accumulation_steps
    return Measured(
        batch=len(batch.items),
        width=width,
        height=height,
        accumulation=accumulation,
        seconds=0,
        peak=0,
    )


def forecast(
    config: RunConfig,
    dataset: Dataset,
    outlined: Outline,
    base: Base,
    compute: tuple[str, str],
    folder: Path | None = None,
) -> Forecast:
    """`compute` is the label of the device and the precision; `folder` that of measured steps.

    Of several processes `dataset` has the batches of one, `outlined` those of all together.
    """
    device, precision = compute
    largest = largest_step(config, dataset)
    step = recall(step_kind(config, base, device, precision), largest, folder)
    seconds = None
    if step is not None:
        pixels = sum(row.showings * row.size[0] * row.size[1] for row in outlined.buckets)
        processes = outlined.batch_size // dataset.batch_size
        mean = pixels / outlined.steps_per_epoch / processes
        seconds = step.seconds * mean / largest.pixels * outlined.steps
    return Forecast(device, precision, _memory(config, dataset, base, precision), step, seconds)


def _checkpointing(config: RunConfig) -> str:
    return config.gradient_checkpointing_blocks if config.gradient_checkpointing else "no"


def _memory(config: RunConfig, dataset: Dataset, base: Base, precision: str) -> dict[str, int]:
    if base.sizes is None or not base.sizes.is_full_size:
        return {}
    largest = largest_step(config, dataset)
    return memory(
        Sizes(
            family=base.family,
            unet=base.sizes.unet,
            text=base.sizes.text,
            network=_trained_numbers(config, base.family),
            bucket=(largest.width, largest.height),
            pictures=len(dataset.items) if config.cache_latents else 0,
            batch=largest.batch,
            half=precision != "no",
            checkpointing=_checkpointing(config),
            optimizer=config.optimizer_type,
            ema=bool(config.ema_decay),
            trains_text=learning_rates(config)[1] > 0,
            text_tokens=config.max_token_length,
            text_cached=config.cache_text_encoder_outputs,
        )
    )


def _trained_numbers(config: RunConfig, family: str) -> int:
    """Of the network, counted on the family's model without weights."""
    from trainer.families import FAMILIES  # loads torch
    from trainer.network import make_network
    from trainer.quiet import quiet

    row = FAMILIES[family]
    with quiet():
        network = make_network(config, row.targets(row.empty()), None)
    unet, text = learning_rates(config)
    groups = [*(network.parameters("unet") if unet else ())]
    groups += network.parameters("text_encoder") if text else ()
    return sum(one.numel() for group in groups for one in group.parameters)
