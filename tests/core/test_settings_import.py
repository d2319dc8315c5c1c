"""Another trainer's settings, proposed to a project and taken over in one step."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.run_options import FILLED, read_options
from curator.core.run_plan import TrainRequest, draft_run
from curator.core.settings import ProjectSettings
from curator.core.settings_import import (
    IMPORT,
    import_edit,
    is_whole,
    propose,
    read_foreign,
    settings_for,
)
from trainer.config import OPTIONS, RunConfig
from trainer.interop.settings import FORMS

KOHYA = {
    "LoRA_type": "Standard",
    "pretrained_model_name_or_path": "D:/models/sd15.safetensors",
    "output_dir": "D:/out",
    "caption_extension": ".txt",
    "vae": "D:/models/vae.safetensors",
    "max_resolution": "768,768",
    "network_dim": 16,
    "network_alpha": 8,
    "learning_rate": 0.0002,
    "lr_scheduler": "cosine",
    "epoch": 8,
    "enable_bucket": True,
    "wandb_api_key": "secret123",
}
OURS = {name: one for name, one in OPTIONS.items() if name not in FILLED}


def kohya(**more: object) -> str:
    return json.dumps(KOHYA | more)


def take_over(project: Project, text: str, *, whole: bool) -> Edit:
    proposal = propose(project.settings, read_foreign(text), whole=whole)
    edit = import_edit(project.stored_settings(), proposal)
    project.apply(edit)
    return edit


def config_of(project: Project) -> RunConfig:
    return draft_run(project, TrainRequest()).config


def test_a_run_becomes_that_of_the_settings_and_one_undo_takes_it_back(tmp_path: Path) -> None:
    with Project.create(tmp_path / "project") as project:
        project.change_settings({"options": "keep_tokens=2 min_snr_gamma=5 torch_threads=1"})
        before = project.settings
        edit = take_over(project, kohya(), whole=True)
        assert edit.label == IMPORT
        config, read = config_of(project), read_foreign(kohya()).config()
        own = {"resolution", "sample_prompts", "torch_threads", "vae"}
        for name in OURS.keys() - own:
            assert getattr(config, name) == getattr(read, name), name
        assert config.resolution == (768, 768)
        assert config.torch_threads == 1  # no other machine knows better
        assert config.vae is None
        assert project.undo() == IMPORT
        assert project.settings == before


def test_some_lines_change_only_what_they_name() -> None:
    settings = ProjectSettings(options="keep_tokens=2")
    imported = read_foreign("--network_dim 8 --max_train_steps 500")
    assert not is_whole(imported)
    proposal = propose(settings, imported, whole=False)
    kept = read_options(proposal.settings["options"])
    # With steps alone the epochs of the preset would win.
    expected = {"keep_tokens": "2", "network_dim": "8", "max_train_steps": "500"}
    assert kept == expected | {"max_train_epochs": ""}
    assert {label: (old, new) for label, old, new in proposal.changes} == {
        "Network dim": ("32", "8"),
        "Steps": ("1600", "500"),
        "Epochs": ("12", ""),
    }


def test_what_is_not_here_and_what_a_project_has_is_left_out_in_words() -> None:
    imported = read_foreign(kohya())
    assert is_whole(imported)
    proposal = propose(ProjectSettings(), imported, whole=True)
    left_out = "\n".join(proposal.left_out)
    assert "vae: D:/models/vae.safetensors is not on this machine." in left_out
    assert "sd15.safetensors is not on this machine. Choose yours." in left_out
    assert "output_dir, caption_extension: the project sees to it." in left_out
    assert "secret123" not in f"{proposal}"
    assert not any(line.startswith(("output_dir", "vae")) for line in proposal.understood)
    assert any("network_dim = 16" in line for line in proposal.understood)


def test_a_base_model_that_is_here_is_taken_over(tmp_path: Path) -> None:
    base = tmp_path / "base.safetensors"
    base.touch()
    imported = read_foreign(kohya(pretrained_model_name_or_path=str(base)))
    assert propose(ProjectSettings(), imported, whole=True).settings["base"] == str(base)


def test_a_size_that_is_no_square_is_kept_as_an_option() -> None:
    imported = read_foreign("--resolution 512,768 --learning_rate 1e-5")
    kept = propose(ProjectSettings(), imported, whole=False).settings["options"]
    assert read_options(kept)["resolution"] == "512,768"


def test_settings_that_a_project_has_already_change_nothing(tmp_path: Path) -> None:
    with Project.create(tmp_path / "project") as project:
        take_over(project, kohya(), whole=True)
        proposal = propose(project.settings, read_foreign(kohya()), whole=True)
        assert (dict(proposal.settings), proposal.changes) == ({}, ())


@given(text=st.text(max_size=60))
def test_any_other_text_is_refused_by_name(text: str) -> None:
    with suppress(UserError):
        imported = read_foreign(text)
        propose(ProjectSettings(), imported, whole=is_whole(imported))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_exported_can_be_imported_again(tmp_path: Path, form: str) -> None:
    with Project.create(tmp_path / "project") as project:
        project.change_settings({"base": "practice", "trigger": "r4coon", "resolution": "640"})
        take_over(project, kohya(), whole=True)
        written = settings_for(project, TrainRequest(), form)
        proposal = propose(project.settings, read_foreign(written.text), whole=False)
        assert proposal.changes == ()


def test_where_options_contradict_each_other_that_is_said_instead(tmp_path: Path) -> None:
    with Project.create(tmp_path / "project") as project:
        project.change_settings({"options": "lr_warmup_steps=10 lr_scheduler=constant"})
        written = settings_for(project, TrainRequest(), "kohya")
        assert written.text == ""
        assert "lr_warmup_steps" in written.left_out[0]


def test_settings_are_kept_as_they_are_for_the_same_values() -> None:
    settings = replace(ProjectSettings(), options="network_dim=8", resolution=768)
    proposal = propose(settings, read_foreign("--network_dim 8 --resolution 768"), whole=False)
    assert not proposal.settings
