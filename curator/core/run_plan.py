"""A training run as a project plans it: its options, where its files go, what its batches are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from curator.core.dataset_layout import class_tokens
from curator.core.errors import UserError
from curator.core.export_folder import CONFIG
from curator.core.files import safe_name
from curator.core.invocation import typed
from curator.core.run_history import RUN_FILE, STATE_DIR, has_state, newest_begun, read_story
from curator.core.run_options import read_options
from curator.core.settings import ProjectSettings
from curator.core.training_rule import preset_values, resolution_values
from curator.core.view import ProjectView
from trainer.config import (
    OPTIONS,
    PRACTICE_MODEL,
    RunConfig,
    anchored,
    load_run,
    parse_assignments,
    parse_options,
)
from trainer.dataset import Dataset
from trainer.events import Finished
from trainer.headers import read_header
from trainer.interop.presets import all_presets
from trainer.run_counts import RunCounts, count_run

_DOWN = ".lora_down.weight"
_PARTS = ("lora_unet_", "lora_te")
BASE = "pretrained_model_name_or_path"
_NEVER_FOR_GOOD = {"superseded": "trash"}  # as checkpoints of a project are deleted everywhere


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What the user asks of a run; "" and None mean: as the project and the preset say.

    `assignments` are "option=value" in sd-scripts' names and win over everything else. `start_from`
    is a checkpoint to continue from; `resume` goes on with the newest run.
    """

    base: str = ""
    preset: str = ""
    assignments: tuple[str, ...] = ()
    start_from: Path | None = None
    resume: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run with all its options and its folder; nothing of it exists yet unless it is resumed."""

    name: str
    folder: Path
    config: RunConfig
    resumed: bool
    wants_export: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight(RunCounts):
    """What a run will be, counted from its dataset, and what the dataset's reader notes."""

    run: str
    notes: tuple[str, ...]


def plan_run(project: ProjectView, request: TrainRequest) -> PlannedRun:
    """The run that is asked for. Raises UserError, and TrainerError for options that don't fit."""
    if request.resume:
        return _resumed(project, parse_assignments(request.assignments))
    plan = draft_run(project, request)
    _require_base(plan.config)
    return plan


def draft_run(project: ProjectView, request: TrainRequest, *, bare: bool = False) -> PlannedRun:
    """A new run as `plan_run` plans it, but it may still lack a base model.

    `bare`: without the options that are kept with the project.
    """
    settings = project.settings
    kept = {} if bare else read_options(settings.options)
    asked = parse_assignments(request.assignments)
    options = kept | asked
    name = _next_name(project, options.get("output_name") or _output_name(project))
    preset = request.preset or settings.preset
    values = _project_values(project, settings) | preset_values(preset, settings)
    values |= resolution_values(settings, options) | kept | _request_values(request)
    if request.start_from is not None:
        values |= _network_values(request.start_from)
    places = _places(project, name, options)
    config = parse_options(values | asked | places | _NEVER_FOR_GOOD)
    return PlannedRun(
        name,
        project.runs_dir / name,
        anchored(config, Path.cwd()),
        resumed=False,
        wants_export="dataset_config" in places,
    )


def preflight(plan: PlannedRun, dataset: Dataset) -> Preflight:
    """A planned run, counted as the run itself will count it."""
    counts = asdict(count_run(plan.config, dataset))
    return Preflight(run=plan.name, notes=dataset.notes, **counts)


def presets() -> dict[str, str]:
    """The shipped presets with a sentence on each."""
    return {preset.name: preset.description for preset in all_presets()}


def _output_name(project: ProjectView) -> str:
    settings = project.settings
    return settings.output_name or settings.trigger or project.root.name


def _next_name(project: ProjectView, output_name: str) -> str:
    """A name for the run's folders: the output name and a number that no run has or had."""
    stem = safe_name(output_name, set())
    numbered = re.compile(re.escape(stem) + r"-(\d+)")
    places = (project.runs_dir, project.checkpoints_dir, project.samples_dir)
    names = [path.name for place in places if place.is_dir() for path in place.iterdir()]
    used = [int(match[1]) for name in names if (match := numbered.fullmatch(name))]
    return f"{stem}-{max(used, default=0) + 1:03d}"


def _project_values(project: ProjectView, settings: ProjectSettings) -> dict[str, Any]:
    """What the project says about every run."""
    prompt = settings.sample_prompt or class_tokens(None, settings)
    return {
        BASE: settings.base,
        "output_name": safe_name(_output_name(project), set()),
        "training_comment": settings.trigger,
        "sample_prompts": prompt,
        "save_state": True,  # with every checkpoint, so that a power cut costs an epoch at most
    }


def _request_values(request: TrainRequest) -> dict[str, Any]:
    return {BASE: request.base} if request.base else {}


def _network_values(start_from: Path) -> dict[str, Any]:
    """The network that a checkpoint holds, because only the same one can continue from it."""
    header = read_header(start_from)
    dims = {shape[0] for name, shape in header.shapes.items() if name.endswith(_DOWN) and shape}
    if len(dims) != 1:
        raise UserError(
            f"{start_from} is no LoRA that can be trained on.",
            "Choose a checkpoint of an earlier run.",
        )
    (dim,) = dims
    parts = [any(name.startswith(part) for name in header.shapes) for part in _PARTS]
    return {
        "network_weights": start_from,
        "network_dim": dim,
        "network_alpha": _alpha(header.metadata.get("ss_network_alpha", ""), dim),
        "network_train_unet_only": parts == [True, False],
        "network_train_text_encoder_only": parts == [False, True],
    }


def _alpha(told: str, dim: int) -> float:
    """The alpha that metadata tells of; where it tells nothing, that of a scale of 1."""
    try:
        return float(told)
    except ValueError:
        return dim


def _places(project: ProjectView, name: str, options: Mapping[str, str]) -> dict[str, Path]:
    """Where a run of the project keeps its files, unless other places are asked for."""
    places = {
        "dataset_config": project.dataset_dir / CONFIG,
        "output_dir": project.checkpoints_dir / name,
        "sample_dir": project.samples_dir / name,
        "logging_dir": project.logs_dir / name,
        "state_dir": project.runs_dir / name / STATE_DIR,
        "cache_dir": project.cache_dir,
    }
    if "train_data_dir" in options:
        del places["dataset_config"]
    return {option: path for option, path in places.items() if option not in options}


def _require_base(config: RunConfig) -> None:
    base = config.pretrained_model_name_or_path
    if not base:
        raise UserError(
            "No base model is chosen.",
            f'Choose one; "{PRACTICE_MODEL}" is a tiny model made here to try everything out.',
            f"Give it with --base PATH, or keep it: {typed('set DIR base=PATH')}",
        )
    if base != PRACTICE_MODEL and not Path(base).exists():
        raise UserError(
            f"The base model {base} does not exist.",
            "Choose a .safetensors checkpoint or a diffusers folder.",
        )


def _resumed(project: ProjectView, options: Mapping[str, str]) -> PlannedRun:
    """The newest run, from its last state or, if it left none, anew; its dataset stays as it was.

    Only where the project was moved it is exported again, because the paths in a dataset.toml are
    absolute.
    """
    folder = newest_begun(project)
    if folder is None:
        raise UserError(
            "There is no run to resume.", "Start a new one.", "That is: the same without --resume."
        )
    if isinstance(read_story(folder).ended, Finished) and not options:
        raise UserError(
            f"The run {folder.name} is finished.",
            "Give it more epochs, or continue from one of its checkpoints.",
            "That is: --set max_train_epochs=N, or --from FILE without --resume.",
        )
    recorded = load_run(folder / RUN_FILE)
    moved = _moved(recorded, project.root)
    state = {"resume": folder / STATE_DIR if has_state(folder) else None}
    return PlannedRun(
        folder.name,
        folder,
        anchored(
            parse_options({**moved, **options, **state, **_NEVER_FOR_GOOD}, recorded), Path.cwd()
        ),
        resumed=True,
        wants_export="dataset_config" in moved and "dataset_config" not in options,
    )


def _moved(recorded: RunConfig, root: Path) -> dict[str, Path]:
    """Where the paths inside the project are now, if it lay elsewhere when the run was recorded."""
    state_dir = recorded.state_dir
    if state_dir is None or state_dir.is_relative_to(root):
        return {}
    old_root = state_dir.parents[2]  # it ends in runs/NAME/state
    paths = {option: getattr(recorded, option) for option in OPTIONS}
    paths[BASE] = Path(recorded.pretrained_model_name_or_path)
    return {
        option: root / path.relative_to(old_root)
        for option, path in paths.items()
        if isinstance(path, Path) and path.is_relative_to(old_root)
    }
