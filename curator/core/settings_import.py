"""Another trainer's settings as a project would take them over, and the project's for others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from curator.core.dataset_layout import class_tokens
from curator.core.edits import Edit, change_settings
from curator.core.errors import UserError
from curator.core.export_folder import CONFIG
from curator.core.run_options import (
    AS_SETTING,
    EPOCHS,
    FILLED,
    STEPS,
    option_text,
    read_options,
    write_options,
)
from curator.core.run_plan import BASE, TrainRequest, draft_run
from curator.core.settings import ProjectSettings, to_stored
from curator.core.training_rule import preset_values, resolution_values
from curator.core.view import ProjectView
from trainer.config import OPTIONS, PRACTICE_MODEL, RunConfig, parse_options
from trainer.errors import TrainerError
from trainer.interop.folders import folders_in
from trainer.interop.foreign import Imported, Written, shown
from trainer.interop.settings import FORMS, read_settings, write_settings

FORM_TITLES: Mapping[str, str] = {
    "run": "Curator's run file",
    "kohya": "kohya_ss",
    "easy": "LoRA_Easy_Training_scripts",
    "sd-scripts": "sd-scripts",
}
ENDINGS: Mapping[str, str] = {form: ".json" if form == "kohya" else ".toml" for form in FORMS}
IMPORT = "Import settings"
_OF_MACHINE = ("device", "torch_threads")  # no other machine knows better
_MANY = 20  # options make settings whole that name no base model
_NAMED = re.compile(r"(?:^|: )(\w+) = ")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would become of a project with settings from elsewhere; nothing is applied yet.

    `settings` are those of the project to change, `changes` say so in lines of label, old and new.
    The notes are those of `Imported`, with what a project has in its own way among `left_out`.
    """

    form: str
    settings: Mapping[str, str]
    changes: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]
    read_otherwise: tuple[str, ...]
    left_out: tuple[str, ...]
    understood: tuple[str, ...]


def read_foreign(source: Path | str) -> Imported:
    """Settings from a file or a text. Raises UserError where they can't be read."""
    try:
        return read_settings(source)
    except TrainerError as error:
        raise UserError(error.message, error.hint) from error


def is_whole(imported: Imported) -> bool:
    """Whether these are all settings of a run, not some lines of advice."""
    return BASE in imported.options or len(imported.options) >= _MANY


def propose(settings: ProjectSettings, imported: Imported, *, whole: bool) -> Proposal:
    """What would change; `whole`: what the settings don't name goes back to the trainer's usual.

    Looks whether files that are named exist here, and leaves out those that don't.
    """
    usable, left_out = _usable(imported)
    own = _own_settings(settings, usable)
    after = replace(settings, **{name: type(getattr(settings, name))(own[name]) for name in own})
    kept = _options(after, usable, whole=whole)
    own["options"] = write_options(kept)
    changed = {name: text for name, text in own.items() if str(getattr(settings, name)) != text}
    rest = [line for line in imported.understood if not _is_about(line, left_out)]
    return Proposal(
        imported.form,
        changed,
        tuple(_changes(settings, after, kept)),
        imported.warnings,
        imported.changed,
        (*left_out.values(), *imported.ignored),
        tuple(rest),
    )


def import_edit(stored: Mapping[str, str], proposal: Proposal) -> Edit:
    """The one edit that takes a proposal over."""
    new = {name: to_stored(name, text) for name, text in proposal.settings.items()}
    return replace(change_settings(stored, new), label=IMPORT)


def settings_for(project: ProjectView, request: TrainRequest, form: str) -> Written:
    """The settings of the run that would start now, in one of FORMS; no text where none would."""
    try:
        config = draft_run(project, request).config
        dataset = project.dataset_dir / CONFIG
        text = dataset.read_text(encoding="utf-8") if dataset.is_file() else ""
        return write_settings(config, form, folders_in(text))
    except (TrainerError, UserError) as error:
        return Written("", (f"{error}",))


def _usable(imported: Imported) -> tuple[dict[str, Any], dict[str, str]]:
    """The options that a project can take over, and sentences on the others by their names."""
    given = {name: it for name, it in imported.options.items() if (name, it) != (BASE, "")}
    own = [name for name in given if name in FILLED and name != BASE]
    absent = [name for name in given if name not in own and not _is_here(name, given[name])]
    left_out = dict.fromkeys(own, "")
    if own:
        left_out[own[0]] = f"{', '.join(own)}: the project sees to it."
    for name in absent:
        choose = " Choose yours." if name == BASE else ""
        left_out[name] = f"{name}: {shown(given[name])} is not on this machine.{choose}"
    if imported.dataset:
        left_out["dataset"] = "Folders of pictures: a project has its own."
    return {name: it for name, it in given.items() if name not in left_out}, left_out


def _is_here(name: str, value: object) -> bool:
    """Whether what an option names can be used here; one that names no file can."""
    is_prompts = name == "sample_prompts" and str(value).strip().lower().endswith(".txt")
    is_file = name == BASE or is_prompts or OPTIONS[name].kind is Path
    if not is_file or value in (None, PRACTICE_MODEL):
        return True
    return Path(str(value)).exists()


def _is_about(line: str, names: Mapping[str, str]) -> bool:
    found = _NAMED.search(line)
    return found is not None and found[1] in names


def _own_settings(settings: ProjectSettings, usable: dict[str, Any]) -> dict[str, str]:
    """The settings that a project has for options; they are taken out of the options."""
    own: dict[str, str] = {}
    if BASE in usable:
        own["base"] = str(usable.pop(BASE))
    prompt = usable.pop("sample_prompts", "")
    if prompt and prompt != class_tokens(None, settings):  # which is drawn without being asked for
        own["sample_prompt"] = str(prompt)
    width, height = usable.get("resolution", (0, 1))
    if width == height:
        own["resolution"] = str(usable.pop("resolution")[0])
    return own


def _options(settings: ProjectSettings, usable: dict[str, Any], *, whole: bool) -> dict[str, str]:
    """What is kept of the options: those that a run would not have by itself."""
    if STEPS in usable and EPOCHS not in usable:
        usable = {**usable, EPOCHS: None}  # else the epochs of the preset would count
    texts = {name: option_text(value) for name, value in usable.items()}
    if whole:
        usual = RunConfig()
        others = (*FILLED, *AS_SETTING, *_OF_MACHINE)
        names = [name for name in OPTIONS if name not in others]
        then = read_options(settings.options)
        stays = {name: then[name] for name in _OF_MACHINE if name in then}
        texts = stays | {name: option_text(getattr(usual, name)) for name in names} | texts
    else:
        texts = read_options(settings.options) | texts
    bare = _bare(settings)
    return {name: text for name, text in texts.items() if text != option_text(getattr(bare, name))}


def _bare(settings: ProjectSettings) -> RunConfig:
    """The options of a run where nobody changed them."""
    preset = preset_values(settings.preset, settings)
    return parse_options(preset | resolution_values(settings, {}))


def _changes(
    before: ProjectSettings, after: ProjectSettings, kept: Mapping[str, str]
) -> Sequence[tuple[str, str, str]]:
    """(label, old, new) of all that a run would have otherwise."""
    lines = []
    for name, setting in {BASE: "base", **AS_SETTING}.items():
        old, new = str(getattr(before, setting)), str(getattr(after, setting))
        lines.append((OPTIONS[name].label, old, new))
    then = read_options(before.options)
    was, will = _bare(before), _bare(after)
    for name, one in OPTIONS.items():
        if name in FILLED or (name in AS_SETTING and name not in {**then, **kept}):
            continue
        old = then.get(name, option_text(getattr(was, name)))
        lines.append((one.label, old, kept.get(name, option_text(getattr(will, name)))))
    return [line for line in lines if line[1] != line[2]]
