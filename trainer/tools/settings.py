"""`python -m trainer settings`: other trainers' settings read, explained, and written in a form."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.errors import TrainerError
from trainer.files import replaced
from trainer.interop.folders import folders_in
from trainer.interop.foreign import Imported, Written
from trainer.interop.settings import FORMS, read_queue, read_settings, write_settings
from trainer.options import plain_value

_NOTES = {
    "warnings": "Mind",
    "changed": "Changed",
    "ignored": "Ignored",
    "understood": "Understood",
}
_ENDINGS = {"run": ".toml", "kohya": ".json", "easy": ".toml", "sd-scripts": ".toml"}


@dataclass(frozen=True, slots=True)
class Job:
    """Settings that were read, what is written of them, and to which files."""

    imported: Imported
    form: str | None
    output: Path | None
    written: Written | None = None

    @property
    def dataset_file(self) -> Path | None:
        """Where the folders go that a form cannot hold itself."""
        if self.output is None or self.form == "easy" or not self.imported.dataset:
            return None
        return self.output.with_name(f"{self.output.stem}-dataset.toml")


def main(arguments: Sequence[str]) -> int:
    """Read, explain and write as the command line says. Raises TrainerError."""
    wanted = _parser().parse_args(arguments)
    form = wanted.to or ("run" if wanted.output else None)
    jobs = _jobs(wanted.file, form, wanted.output)
    for job in jobs:
        _write(job)
    if wanted.json:
        found = [_as_json(job) for job in jobs]
        sys.stdout.write(json.dumps(found if Path(wanted.file).is_dir() else found[0]) + "\n")
        return 0
    for job in jobs:
        text = job.written.text if job.written and job.output is None else ""
        sys.stdout.write(text)
        (sys.stderr if text else sys.stdout).write(_explained(job))
    return 0


def _jobs(file: str, form: str | None, output: Path | None) -> list[Job]:
    """One job for a file, one for each file of a folder."""
    if file != "-" and Path(file).is_dir():
        ending = _ENDINGS[form or "run"]
        named = [
            (one, output / f"{name}{ending}" if output else None)
            for name, one in read_queue(Path(file))
        ]
    else:
        named = [(read_settings(sys.stdin.read() if file == "-" else Path(file)), output)]
    return [_job(imported, form, path) for imported, path in named]


def _job(imported: Imported, form: str | None, output: Path | None) -> Job:
    job = Job(imported, form, output)
    if form is None:
        return job
    config = imported.config()
    if job.dataset_file:
        config = replace(config, dataset_config=Path(job.dataset_file.name))
    folders = folders_in(imported.dataset)
    return replace(job, written=write_settings(config, form, folders))


def _write(job: Job) -> None:
    """Write a job's files, each whole or not at all; none that is there already is touched."""
    if job.written is None or job.output is None:
        return
    texts = {job.output: job.written.text}
    if job.dataset_file:
        texts[job.dataset_file] = job.imported.dataset
    for path in texts:
        if path.exists():
            raise TrainerError(f"There is already a file {path}.", "Choose another name.")
    for path, text in texts.items():
        with replaced(path) as beside:
            beside.write_text(text, encoding="utf-8")


def _explained(job: Job) -> str:
    lines = [f"Read: {job.imported.form}."]
    for name, title in _NOTES.items():
        sentences = getattr(job.imported, name)
        lines += [f"{title}:", *(f"  {one}" for one in sentences)] if sentences else []
    if job.written and job.written.left_out:
        lines += ["Left out or else:", *(f"  {one}" for one in job.written.left_out)]
    if job.written and job.output:
        lines.append(f"Written: {job.output}")
    if job.written and job.dataset_file:
        lines.append(f"The folders are in {job.dataset_file}")
    elif job.imported.dataset and job.output is None:
        lines.append("It names folders: with --output they are written to a dataset.toml.")
    return "\n".join(lines) + "\n"


def _as_json(job: Job) -> dict[str, object]:
    one = job.imported
    options = {name: plain_value(value) for name, value in one.options.items()}
    found: dict[str, object] = {"form": one.form, "options": options, "dataset": one.dataset}
    found |= {name: list(getattr(one, name)) for name in _NOTES}
    if job.written:
        found |= {"text": job.written.text, "left_out": list(job.written.left_out)}
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer settings",
        description="Reads settings of kohya_ss, LoRA_Easy, sd-scripts, or a LoRA's metadata; says "
        "what was understood, changed and ignored; and writes them in a form of your choice.",
    )
    parser.add_argument(
        "file", metavar="FILE|-", help='a settings file, a LoRA, a folder of them, or "-" for text'
    )
    parser.add_argument("--to", choices=FORMS, help="the form to write; run is our run file")
    parser.add_argument(
        "--output",
        type=Path,
        help="where to write it, without --to as a run file; for a folder, a folder",
    )
    parser.add_argument("--json", action="store_true", help="all of it as one object of JSON")
    return parser
