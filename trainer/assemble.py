"""A run file becomes a training: the only file that knows all parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from trainer import devices, optimizers
from trainer.adapters import Adapter
from trainer.averages import Averages
from trainer.base_loading import LoadedBase, find_base_of, load_base
from trainer.cache import CachedLatents, Encoder, FreshLatents, Latents, Progress
from trainer.captions import captions_of
from trainer.config import PRACTICE_MODEL, RunConfig
from trainer.dataset import Dataset, read_dataset
from trainer.devices import Compute
from trainer.errors import TrainerError
from trainer.files import claim_folder
from trainer.identity import identify
from trainer.learning_options import learning_rates
from trainer.loss_masks import LossMasks
from trainer.model import BaseModel, Family, Part, Texts
from trainer.network_start import begin_network
from trainer.noise import Schedule
from trainer.order import BatchPlan
from trainer.prompts import Prompt, read_prompts
from trainer.ranks import ALONE, Ranks
from trainer.reading import Reading
from trainer.recompute import checkpoint_gradients
from trainer.rules import require_complete
from trainer.schedules import schedule_notes, schedule_of
from trainer.text_cache import TextStates


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Everything that the loop needs, put together."""

    config: RunConfig
    ranks: Ranks
    compute: Compute
    family: Family
    model: BaseModel
    adapter: Adapter
    trained: tuple[Part, ...]
    parameters: Sequence[torch.nn.Parameter]  # all that is trained
    optimizer: torch.optim.Optimizer
    averages: Averages
    scaler: torch.amp.GradScaler
    noise: Schedule
    dataset: Dataset
    plan: BatchPlan
    steps: int
    epochs: int
    share: Callable[[int], float]
    latents: Latents
    masks: LossMasks
    texts: TextStates
    prompts: Sequence[Prompt]
    identity: dict[str, Any]
    notes: tuple[str, ...]

    def encode(self, captions: Sequence[str]) -> Texts:
        """What the model attends to in this training, where captions are kept if they can be."""
        if "text_encoder" in self.trained:
            return self.texts.encode(captions)
        return self.texts.frozen(captions)

    @property
    def state_dir(self) -> Path:
        """Where the state of the run is kept."""
        config = self.config
        return config.state_dir or config.output_dir / f"{config.output_name}-state"


def assemble(
    config: RunConfig,
    progress: Progress,
    ranks: Ranks = ALONE,
    dataset: Dataset | None = None,
) -> Training:
    """Load, encode and connect everything that a run file names.

    `progress(done, total)` hears of every picture that is encoded; `dataset` takes the place of the
    one that the run names. Raises TrainerError for all that the owner of the run can mend.
    """
    require_complete(config)
    if ranks.leads:
        claim_folder(config.output_dir, config.output_name)
    compute = _compute(config, ranks)
    dataset = dataset or read_dataset(config)
    prompts = check_start(config, dataset, compute.device)
    dataset = replace(dataset, batch_size=dataset.batch_size * ranks.count)
    ranks.from_leader(lambda: find_base_of(config))  # what has to be made is made once
    base = load_base(config, compute.dtype)
    family, model = base.family, base.model
    plan = dataset.plan(config)
    check_buckets(dataset, family)
    latents = _encode_pictures(config, compute, model, dataset, progress, ranks)
    trained, rates = _trained(config)
    adapter = begin_network(config, family.targets(model), compute.device)
    _freeze_untrained(adapter, rates)
    _set_up_model(config, compute, model)
    groups = [
        (group.parameters, rates[part] * group.factor)
        for part in trained
        for group in adapter.parameters(part)
    ]
    if not any(parameters for parameters, _ in groups):
        raise TrainerError(
            "The network has no layer that is trained.",
            "Raise the block rates or block dims, or choose other layers (preset).",
        )
    steps, epochs = plan.length(config.max_train_epochs, config.max_train_steps)
    optimizer = optimizers.make_optimizer(config.optimizer_type, groups, config.optimizer_args)
    trainable = [one for parameters, _ in groups for one in parameters]
    ranks.level(trainable)
    return Training(
        config=config,
        ranks=ranks,
        compute=compute,
        family=family,
        model=model,
        adapter=adapter,
        trained=trained,
        parameters=trainable,
        optimizer=optimizer,
        averages=Averages(trainable, optimizer, config.ema_decay),
        scaler=compute.scaler(),
        noise=Schedule(model.scheduler, compute.device),
        dataset=dataset,
        plan=plan,
        steps=steps,
        epochs=epochs,
        share=schedule_of(config, steps),
        latents=latents,
        masks=LossMasks(dataset.items),
        texts=_texts(config, compute, base, dataset, progress, ranks),
        prompts=prompts,
        identity=identify(config, compute.precision, model, dataset, latents.digests),
        notes=(
            *_processes(ranks, dataset),
            *compute.notes,
            *base.notes,
            *dataset.notes,
            *schedule_notes(config, steps),
            *_long_captions(config, dataset, family),
        ),
    )


def check_start(config: RunConfig, dataset: Dataset, device: torch.device) -> list[Prompt]:
    """The sample prompts, where nothing that is known before pictures are encoded is missing.

    Raises TrainerError for a file that is not there, a wrong prompt, or an optimizer that cannot be
    made so.
    """
    name = "network_weights" if config.resume is None else "resume"
    path: Path | None = getattr(config, name)
    if path is not None and not path.exists():
        raise TrainerError(
            f"{name} names {path}, which does not exist.", f"Leave {name} out, or choose another."
        )
    one = torch.nn.Parameter(torch.zeros(1, device=device))
    optimizers.make_optimizer(config.optimizer_type, [([one], 1.0)], config.optimizer_args)
    return _prompts(config, dataset)


def _processes(ranks: Ranks, dataset: Dataset) -> list[str]:
    if ranks.count == 1:
        return []
    return [f"{ranks.count} processes train together, {dataset.batch_size} pictures a batch."]


def chosen_compute(config: RunConfig) -> Compute:
    """The device and precision; the practice model is too small to gain from half precision."""
    practice = config.pretrained_model_name_or_path == PRACTICE_MODEL
    precision = config.mixed_precision
    return devices.choose(config.device, "no" if practice and precision == "auto" else precision)


def _compute(config: RunConfig, ranks: Ranks) -> Compute:
    compute = chosen_compute(config)
    devices.set_up(compute, config.torch_threads, ranks.beside)
    return compute


def check_buckets(dataset: Dataset, family: Family) -> None:
    """Raise TrainerError for a bucket that the family's UNet cannot take."""
    for width, height in set(dataset.buckets):
        if width % family.pixels_step or height % family.pixels_step:
            raise TrainerError(
                f"A bucket is {width}x{height} pixels, but {family.label} needs multiples of "
                f"{family.pixels_step}.",
                f"Set bucket_reso_steps to {family.pixels_step}.",
            )


def _long_captions(config: RunConfig, dataset: Dataset, family: Family) -> list[str]:
    reading = Reading.of(config)
    lines = (item.caption.split("\n") for item in dataset.items)
    count = sum(any(family.is_too_long(line, reading) for line in some) for some in lines)
    if not count:
        return []
    return [
        f"Captions that are too long for {family.label}, so that their ends count for nothing: "
        f"{count}."
    ]


def _encode_pictures(
    config: RunConfig,
    compute: Compute,
    model: BaseModel,
    dataset: Dataset,
    progress: Progress,
    ranks: Ranks,
) -> Latents:
    model.vae.to(compute.device)
    encoder = Encoder(model, compute)
    if not config.cache_latents:
        return FreshLatents(dataset.items, encoder, compute)
    latents = CachedLatents(dataset.items, encoder, config.cache_dir, progress, ranks)
    model.vae.to("cpu")  # its memory is worth more to the training
    return latents.to(compute)


def _texts(
    config: RunConfig,
    compute: Compute,
    base: LoadedBase,
    dataset: Dataset,
    progress: Progress,
    ranks: Ranks,
) -> TextStates:
    """The text encoders at work; all captions are encoded now where they are to be cached."""
    folder = config.cache_dir if config.cache_text_encoder_outputs else None
    texts = TextStates(
        base.family, base.model, config.clip_skip, compute, Reading.of(config), folder
    )
    if config.cache_text_encoder_outputs:
        captions = [
            caption
            for at, item in enumerate(dataset.items)
            for caption in captions_of(item.caption, item.subset, config.seed, at)
        ]
        texts.prepare(captions, progress, ranks)
    return texts


def _trained(config: RunConfig) -> tuple[tuple[Part, ...], dict[Part, float]]:
    unet, text_encoder = learning_rates(config)
    rates: dict[Part, float] = {"unet": unet, "text_encoder": text_encoder}
    return tuple(part for part, rate in rates.items() if rate > 0), rates


def _freeze_untrained(adapter: Adapter, rates: dict[Part, float]) -> None:
    """A part with a rate of 0 is only carried along; its gradients would add up, unused."""
    for part in (part for part, rate in rates.items() if not rate):
        for group in adapter.parameters(part):
            for parameter in group.parameters:
                parameter.requires_grad_(False)


def _set_up_model(config: RunConfig, compute: Compute, model: BaseModel) -> None:
    model.unet.to(compute.device)
    for encoder in model.text_encoders:
        encoder.to(compute.device)
    if config.gradient_checkpointing:
        # The text encoder holds next to nothing.
        checkpoint_gradients(model.unet, config.gradient_checkpointing_blocks)


def _prompts(config: RunConfig, dataset: Dataset) -> list[Prompt]:
    if not config.sample_prompts.strip():
        return []
    size = dataset.subsets[0].rule.resolution
    return read_prompts(config.sample_prompts, size, config.seed, config.sample_sampler)
