"""`python -m trainer pack run.toml FOLDER`: a run and all that it reads, for another machine."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from trainer.config import PRACTICE_MODEL, RunConfig, dump_run, load_run, read_toml
from trainer.errors import TrainerError
from trainer.files import disk_error, replaced
from trainer.perform import EXIT_DONE
from trainer.rules import require_complete

RUN, DATASET = "run.toml", "dataset"
_BASE = "base"


def main(arguments: Sequence[str]) -> int:
    """Write the folder and say what is in it. Raises TrainerError."""
    wanted = _parser().parse_args(arguments)
    config = load_run(wanted.run_file)
    for line in pack(config, wanted.folder, with_base=wanted.with_base):
        sys.stdout.write(f"{line}\n")
    return EXIT_DONE


def pack(config: RunConfig, folder: Path, *, with_base: bool) -> Iterator[str]:
    """Copy what a run reads into a new folder, with a run file whose paths count from there.

    Gives a line for each part. Raises TrainerError when something is missing or the disk refuses.
    """
    require_complete(config)
    if folder.exists():
        raise TrainerError(f"{folder} exists already.", "Choose a folder that does not.")
    try:
        folder.mkdir(parents=True)
        values = {**_data(config, folder), **_files(config, folder)}
        base, said = _base(config, folder, with_base=with_base)
        packed = replace(config, **values, pretrained_model_name_or_path=base, **_places(config))
        with replaced(folder / RUN) as beside:
            beside.write_text(dump_run(packed), "utf-8")
    except shutil.Error as error:
        raise TrainerError(f"{folder} could not be filled: {error}.") from error
    except OSError as error:
        raise disk_error(folder, error) from error
    yield f"{folder / RUN}: the run; its paths count from there."
    yield said
    if values.get("resume"):
        yield "It goes on from its saved state."


def _places(config: RunConfig) -> dict[str, Any]:
    """Where the run writes; a log only if it has one."""
    return {
        "output_dir": Path("checkpoints"),
        "sample_dir": Path("samples"),
        "state_dir": Path("state"),
        "cache_dir": Path("cache"),
        "logging_dir": Path("logs") if config.logging_dir else None,
    }


def _data(config: RunConfig, folder: Path) -> dict[str, Any]:
    if config.dataset_config is None:
        found: dict[str, Any] = {}
        for name in ("train_data_dir", "reg_data_dir"):
            if (source := getattr(config, name)) is not None:
                shutil.copytree(source, folder / name)
                found[name] = Path(name)
        return found
    source = config.dataset_config
    rows = read_toml(source)
    target = folder / DATASET
    shutil.copytree(source.parent, target)
    for number, row in enumerate(_subsets(rows)):
        row["image_dir"] = _inside(source.parent / row["image_dir"], source.parent, target, number)
    (target / source.name).write_text(tomli_w.dumps(rows), "utf-8")
    return {"dataset_config": Path(DATASET) / source.name}


def _subsets(rows: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for dataset in rows.get("datasets", []):
        yield from (row for row in dataset.get("subsets", []) if "image_dir" in row)


def _inside(pictures: Path, old: Path, new: Path, number: int) -> str:
    """A folder of pictures as the packed dataset names it; copied if it lay outside of the old."""
    if pictures.is_relative_to(old):
        return pictures.relative_to(old).as_posix()
    name = f"outside-{number}/{pictures.name}"
    shutil.copytree(pictures, new / name)
    return name


def _files(config: RunConfig, folder: Path) -> dict[str, Any]:
    """What else the run reads, beside its base model."""
    found: dict[str, Any] = {}
    for name in ("vae", "network_weights", "sample_prompts", "resume"):
        value = getattr(config, name)
        source = Path(value) if value else None
        if source is None or (name == "sample_prompts" and not str(value).endswith(".txt")):
            continue
        found[name] = _copied(source, folder, name)
    state = config.state_dir or config.output_dir / f"{config.output_name}-state"
    if "resume" not in found and state.is_dir():
        found["resume"] = _copied(state, folder, "state")
    if "sample_prompts" in found:
        found["sample_prompts"] = str(found["sample_prompts"])
    return found


def _copied(source: Path, folder: Path, name: str) -> Path:
    target = folder / name / source.name if source.is_file() else folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
    return target.relative_to(folder)


def _base(config: RunConfig, folder: Path, *, with_base: bool) -> tuple[str, str]:
    """The base model as the packed run names it, and a sentence on it."""
    name = config.pretrained_model_name_or_path
    if name == PRACTICE_MODEL:
        return name, "The base model is the practice model, which is made where it is needed."
    source = Path(name)
    place = f"{_BASE}/{source.name}"
    if not with_base:
        return place, f"Put the base model {source.name} there as {place}; or pack it --with-base."
    _copied(source, folder, _BASE if source.is_file() else place)
    return place, f"The base model is with it, as {place}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer pack",
        description="Puts a run and all it reads into one folder, for another machine.",
    )
    parser.add_argument("run_file", type=Path, help="a run file, such as runs/NAME/run.toml")
    parser.add_argument("folder", type=Path, help="the folder to make")
    parser.add_argument("--with-base", action="store_true", help="copies the base model too")
    return parser
