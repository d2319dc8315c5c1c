"""What a checkpoint says about itself: ss_* as other programs read it, modelspec, and hashes."""

from __future__ import annotations

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trainer.config import RunConfig
from trainer.dataset import Dataset, Item
from trainer.errors import TrainerError
from trainer.held_out import held_out
from trainer.learning_options import learning_rates
from trainer.network_args import network_args
from trainer.optimizer_options import spelled_out
from trainer.order import BatchPlan
from trainer.reading import PIECE

LEGACY_START, LEGACY_LENGTH = 0x100000, 0x10000  # bytes; what A1111's first model hash covers
_ARCHITECTURES = {  # by ss_base_model_version
    "sd_v1": "stable-diffusion-v1/lora",
    "sd_v1_v": "stable-diffusion-v1/lora",
    "sd_v2": "stable-diffusion-v2-512/lora",
    "sd_v2_v": "stable-diffusion-v2-768-v/lora",
    "sdxl_base_v1-0": "stable-diffusion-xl-v1-base/lora",
}
_MOST = (  # of all folders
    "color_aug",
    "flip_aug",
    "random_crop",
    "shuffle_caption",
    "keep_tokens",
    "caption_dropout_rate",
    "caption_dropout_every_n_epochs",
    "caption_tag_dropout_rate",
)
_SPEC_VERSION = "1.0.1"
_ALL_TIMESTEPS = (0, 1000)
_SGM = "https://github.com/Stability-AI/generative-models"  # whose names SDXL's layers have
_OPTIMIZERS = {  # as sd-scripts names them, by the class that it would use
    "AdamW": "torch.optim.adamw.AdamW",
    "AdamW8bit": "bitsandbytes.optim.adamw.AdamW8bit",
    "Lion": "lion_pytorch.lion_pytorch.Lion",
    "Adafactor": "transformers.optimization.Adafactor",
    "Prodigy": "prodigyopt.prodigy.Prodigy",
    "DAdaptAdam": "dadaptation.dadapt_adam.DAdaptAdam",
    "AdamWScheduleFree": "schedulefree.adamw_schedulefree.AdamWScheduleFree",
    "ProdigyScheduleFree": "trainer.optimizer_kinds.prodigy.ProdigyScheduleFree",
}


@dataclass(frozen=True, slots=True)
class BaseFacts:
    """The base model as metadata names it; the hashes are empty for a folder.

    `version` is sd-scripts' ss_base_model_version, `prediction` "epsilon" or "v". The VAE is named
    where it has a file of its own.
    """

    name: str
    version: str
    prediction: str = "epsilon"
    legacy_hash: str = ""
    sha256: str = ""
    vae_name: str = ""
    vae_legacy_hash: str = ""
    vae_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a run is when a checkpoint is written: epochs and steps done, Unix times in seconds."""

    epoch: int
    step: int
    started: float
    now: float
    session_id: str


def describe(
    config: RunConfig, dataset: Dataset, plan: BatchPlan, base: BaseFacts, moment: Moment
) -> dict[str, str]:
    """All metadata of a checkpoint except the sshs_* hashes, which need the file itself."""
    values: dict[str, object] = {}
    values |= _of_run(config, dataset, plan, moment)
    values |= _of_base(config, base)
    values |= _of_learning(config)
    values |= _of_data(config, dataset)
    described = {f"ss_{name}": _text(value) for name, value in values.items()}
    return described | _model_spec(config, dataset, base, moment)


def safetensors_hashes(data: bytes) -> dict[str, str]:
    """sshs_model_hash and sshs_legacy_hash of a file serialised with its ss_* metadata alone."""
    (header,) = struct.unpack("<Q", data[:8])
    legacy = hashlib.sha256(data[LEGACY_START : LEGACY_START + LEGACY_LENGTH])
    return {
        "sshs_model_hash": hashlib.sha256(memoryview(data)[8 + header :]).hexdigest(),
        "sshs_legacy_hash": legacy.hexdigest()[:8],
    }


def file_hashes(path: Path) -> tuple[str, str]:
    """(A1111's first, short hash; full SHA-256) of a checkpoint file. Raises TrainerError."""
    try:
        with path.open("rb") as file:
            file.seek(LEGACY_START)
            legacy = hashlib.sha256(file.read(LEGACY_LENGTH)).hexdigest()[:8]
            file.seek(0)
            return legacy, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error


def tag_frequency(items: Iterable[Item]) -> dict[str, dict[str, int]]:
    """Per folder, how many pictures carry each tag: captions in lower case, split at commas."""
    folders: dict[str, Counter[str]] = {}
    for item in items:
        tags = (tag.strip().lower() for tag in item.caption.split(","))
        folders.setdefault(item.folder, Counter()).update(tag for tag in tags if tag)
    return {folder: dict(counts.most_common()) for folder, counts in folders.items()}


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, Mapping) else str(value)


def _of_run(
    config: RunConfig, dataset: Dataset, plan: BatchPlan, moment: Moment
) -> dict[str, object]:
    steps, epochs = plan.length(config.max_train_epochs, config.max_train_steps)
    return {
        "session_id": moment.session_id,
        "training_started_at": moment.started,
        "training_finished_at": moment.now,
        "output_name": config.output_name,
        "steps": moment.step,
        "epoch": moment.epoch,
        "num_epochs": epochs,
        "max_train_steps": steps,
        "num_train_images": dataset.showings(is_reg=False),
        "num_validation_images": len(held_out(dataset)),
        "num_reg_images": dataset.showings(is_reg=True),
        "num_batches_per_epoch": plan.batches_per_epoch,
        "gradient_accumulation_steps": config.gradient_accumulation_steps,
        "gradient_checkpointing": config.gradient_checkpointing,
        "mixed_precision": config.mixed_precision,
        "full_fp16": False,
        "fp8_base": False,
        "fp8_base_unet": False,
        "seed": config.seed,
        "lowram": False,
        "training_comment": config.training_comment,
        "sd_scripts_commit_hash": None,
    }


def _of_base(config: RunConfig, base: BaseFacts) -> dict[str, object]:
    known = {
        "sd_model_hash": base.legacy_hash,
        "new_sd_model_hash": base.sha256,
        "vae_name": base.vae_name,
        "vae_hash": base.vae_legacy_hash,
        "new_vae_hash": base.vae_sha256,
    }
    return {
        "sd_model_name": base.name,
        **{name: value for name, value in known.items() if value},
        "v2": base.version.startswith("sd_v2"),
        "base_model_version": base.version,
        "clip_skip": config.clip_skip,
        "max_token_length": None if config.max_token_length == PIECE else config.max_token_length,
    }


def _of_learning(config: RunConfig) -> dict[str, object]:
    unet_lr, text_encoder_lr = learning_rates(config)
    words = spelled_out(config)
    arguments = f"({','.join(words)})" if words else ""
    return {
        "learning_rate": config.learning_rate,
        "unet_lr": unet_lr,
        "text_encoder_lr": text_encoder_lr,
        "optimizer": f"{_OPTIMIZERS[config.optimizer_type]}{arguments}",
        "lr_scheduler": config.lr_scheduler,
        "lr_warmup_steps": config.lr_warmup_steps,
        "max_grad_norm": config.max_grad_norm,
        "scale_weight_norms": config.scale_weight_norms,
        "prior_loss_weight": config.prior_loss_weight,
        "network_module": config.network_module,
        "network_dim": config.network_dim,
        "network_alpha": config.network_alpha or config.network_dim,
        "network_dropout": config.network_dropout or None,
        "network_args": network_args(config),
        **_of_noise(config),
    }


def _of_noise(config: RunConfig) -> dict[str, object]:
    return {
        "loss_type": config.loss_type,
        "huber_schedule": config.huber_schedule,
        "huber_c": config.huber_c,
        "huber_scale": config.huber_scale,
        "min_snr_gamma": config.min_snr_gamma or None,
        "debiased_estimation": config.debiased_estimation_loss,
        "noise_offset": config.noise_offset or None,
        "noise_offset_random_strength": config.noise_offset_random_strength,
        "adaptive_noise_scale": config.adaptive_noise_scale or None,
        "multires_noise_iterations": config.multires_noise_iterations or None,
        "multires_noise_discount": config.multires_noise_discount,
        "ip_noise_gamma": config.ip_noise_gamma or None,
        "ip_noise_gamma_random_strength": config.ip_noise_gamma_random_strength,
        "zero_terminal_snr": config.zero_terminal_snr,
    }


def _of_data(config: RunConfig, dataset: Dataset) -> dict[str, object]:
    return {
        "cache_latents": config.cache_latents,
        "face_crop_aug_range": config.face_crop_aug_range or None,
        "resize_interpolation": None,
        "validation_split": config.validation_split,
        "validation_seed": config.validation_seed,
        "max_validation_steps": config.max_validation_steps,
        "validate_every_n_epochs": config.validate_every_n_epochs,
        "validate_every_n_steps": None,
        "batch_size_per_device": dataset.batch_size,
        "total_batch_size": dataset.batch_size * config.gradient_accumulation_steps,
        "resolution": dataset.subsets[0].rule.resolution,
        **{name: max(getattr(subset, name) for subset in dataset.subsets) for name in _MOST},
        "enable_bucket": dataset.subsets[0].rule.enabled,
        "bucket_no_upscale": dataset.subsets[0].rule.no_upscale,
        "min_bucket_reso": dataset.subsets[0].rule.min_reso,
        "max_bucket_reso": dataset.subsets[0].rule.max_reso,
        "bucket_info": _bucket_info(dataset),
        "dataset_dirs": _folders(dataset, is_reg=False),
        "reg_dataset_dirs": _folders(dataset, is_reg=True),
        "tag_frequency": tag_frequency(dataset.items),
    }


def _bucket_info(dataset: Dataset) -> dict[str, object]:
    """The buckets with their showings per epoch, and how far shapes are off on average."""
    counts: Counter[tuple[int, int]] = Counter()
    errors = []
    for item in dataset.items:
        width, height = item.placement.bucket
        counts[width, height] += item.repeats
        errors.append(abs(width / height - item.width / item.height))
    rows = {
        str(at): {"resolution": list(bucket), "count": counts[bucket]}
        for at, bucket in enumerate(sorted(counts))
    }
    return {"buckets": rows, "mean_img_ar_error": sum(errors) / len(errors)}


def _folders(dataset: Dataset, *, is_reg: bool) -> dict[str, dict[str, int]]:
    counts = Counter(item.folder for item in dataset.items if item.is_reg == is_reg)
    subsets = [subset for subset in dataset.subsets if subset.is_reg == is_reg]
    repeats = {subset.image_dir.name: subset.num_repeats for subset in subsets}
    return {
        folder: {"n_repeats": repeats[folder], "img_count": count}
        for folder, count in counts.items()
    }


def _model_spec(
    config: RunConfig, dataset: Dataset, base: BaseFacts, moment: Moment
) -> dict[str, str]:
    width, height = dataset.subsets[0].rule.resolution
    when = datetime.fromtimestamp(moment.now, UTC).replace(microsecond=0, tzinfo=None)
    spec = {
        "sai_model_spec": _SPEC_VERSION,
        "architecture": _ARCHITECTURES[base.version],
        "implementation": _SGM if base.version.startswith("sdxl") else "diffusers",
        "title": config.output_name,
        "date": when.isoformat(),
        "resolution": f"{width}x{height}",
        "prediction_type": base.prediction,
        "encoder_layer": str(config.clip_skip),
    }
    timesteps = config.min_timestep, config.max_timestep
    if timesteps != _ALL_TIMESTEPS:
        spec["timestep_range"] = "{},{}".format(*timesteps)
    if config.training_comment:
        spec["trigger_phrase"] = config.training_comment
    return {f"modelspec.{name}": value for name, value in spec.items()}
