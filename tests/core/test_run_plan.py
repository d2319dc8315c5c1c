"""What a project makes of the wish to train, before anything is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.run_plan import PlannedRun, TrainRequest, plan_run, preflight, presets
from tests.helpers.base_models import checkpoint, header_only
from tests.helpers.pictures import draw, write
from trainer.config import dump_run
from trainer.dataset import read_dataset
from trainer.errors import TrainerError
from trainer.events import Failed, Finished, to_json


@pytest.fixture
def ready(project: Project) -> Project:
    project.change_settings({"trigger": "fr3dd1e", "class": "dog", "base": "practice"})
    return project


def plan(project: Project, *assignments: str, **wishes: object) -> PlannedRun:
    return plan_run(project, TrainRequest(assignments=assignments, **wishes))  # type: ignore[arg-type]


def test_a_run_keeps_its_files_in_the_project(ready: Project) -> None:
    run = plan(ready)
    config, root = run.config, ready.root
    assert run.name == "fr3dd1e-001"
    assert run.folder == root / "runs" / run.name
    assert config.dataset_config == root / "dataset" / "dataset.toml"
    assert config.output_dir == root / "checkpoints" / run.name
    assert config.sample_dir == root / "samples" / run.name
    assert config.state_dir == root / "runs" / run.name / "state"
    assert config.cache_dir == root / "cache"
    assert config.output_name == config.training_comment == "fr3dd1e"
    assert config.sample_prompts == "fr3dd1e dog"
    assert run.wants_export
    assert not run.folder.exists()


def test_the_output_name_is_safe_and_runs_are_counted_up(ready: Project) -> None:
    ready.change_settings({"name": "My: dog/cat"})
    (ready.checkpoints_dir / "My- dog-cat-007").mkdir()
    run = plan(ready)
    assert run.name == "My- dog-cat-008"
    assert run.config.output_name == "My- dog-cat"


def test_wishes_win_over_preset_and_project(ready: Project, tmp_path: Path) -> None:
    config = plan(
        ready, "learning_rate=3e-4", "output_name=other", base=str(tmp_path), preset="style"
    ).config
    assert (config.learning_rate, config.output_name) == (3e-4, "other")
    assert config.pretrained_model_name_or_path == str(tmp_path)
    assert config.max_train_epochs == 12  # the preset's


def test_without_a_preset_a_subject_is_taken_for_photos_and_no_trigger_for_a_style(
    ready: Project,
) -> None:
    assert plan(ready).config.keep_tokens == 1
    ready.change_settings({"trigger": ""})
    assert plan(ready).config.keep_tokens == 0
    assert plan(ready, preset="subject-drawn").config.clip_skip == 2


@pytest.mark.parametrize("name", presets())
def test_every_preset_makes_a_run(ready: Project, name: str) -> None:
    assert plan(ready, preset=name).config.max_train_epochs


@pytest.mark.parametrize(
    ("resolution", "low", "high"), [("64", 64, 1024), ("512", 256, 1024), ("1024", 256, 2048)]
)
def test_bucket_limits_follow_the_resolution(
    ready: Project, resolution: str, low: int, high: int
) -> None:
    ready.change_settings({"resolution": resolution})
    config = plan(ready).config
    assert (config.min_bucket_reso, config.max_bucket_reso) == (low, high)
    asked = plan(ready, "resolution=512,768", "max_bucket_reso=896").config
    assert asked.resolution == (512, 768)
    assert (asked.min_bucket_reso, asked.max_bucket_reso) == (256, 896)


def test_ones_own_dataset_is_not_exported_over(ready: Project, tmp_path: Path) -> None:
    run = plan(ready, f"train_data_dir={tmp_path}")
    assert not run.wants_export
    assert run.config.dataset_config is None
    assert not plan(ready, f"dataset_config={tmp_path / 'x.toml'}").wants_export


def test_relative_paths_count_from_here(
    ready: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base").mkdir()
    assert plan(ready, base="base").config.pretrained_model_name_or_path == str(tmp_path / "base")


UNET, TEXT = "lora_unet_x.lora_down.weight", "lora_te_x.lora_down.weight"


@pytest.mark.parametrize(
    ("names", "unet_only", "text_only"),
    [((UNET, TEXT), False, False), ((UNET,), True, False), ((TEXT,), False, True)],
)
def test_continuing_from_a_checkpoint_takes_over_its_network(
    ready: Project, tmp_path: Path, names: tuple[str, ...], unet_only: bool, text_only: bool
) -> None:
    path = tmp_path / "a.safetensors"
    header_only(path, dict.fromkeys(names, (8, 320)), {"ss_network_alpha": "4.0"})
    config = plan(ready, start_from=path).config
    assert config.network_weights == path
    assert (config.network_dim, config.network_alpha) == (8, 4)
    assert config.network_train_unet_only == unet_only
    assert config.network_train_text_encoder_only == text_only
    assert plan(ready, "network_alpha=2", start_from=path).config.network_alpha == 2


def test_without_metadata_alpha_is_the_dim(ready: Project, tmp_path: Path) -> None:
    path = header_only(tmp_path / "a.safetensors", {UNET: (8, 320)}, {"ss_network_alpha": "None"})
    assert plan(ready, start_from=path).config.network_alpha == 8


def test_what_can_not_be_continued_from_is_refused_at_once(ready: Project, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="No such file"):
        plan(ready, start_from=tmp_path / "gone.safetensors")
    with pytest.raises(UserError, match="no LoRA"):
        plan(ready, start_from=checkpoint(tmp_path / "base.safetensors"))


def test_a_base_model_is_asked_for(project: Project) -> None:
    with pytest.raises(UserError, match=r"No base model.*--base"):
        plan(project)
    with pytest.raises(UserError, match="does not exist"):
        plan(project, base="/nowhere.safetensors")


def recorded(project: Project, *assignments: str) -> PlannedRun:
    """A run as it lies on disk once it has begun."""
    run = plan(project, *assignments)
    run.folder.mkdir(parents=True)
    (run.folder / "run.toml").write_text(dump_run(run.config), "utf-8")
    return run


def test_resuming_takes_the_newest_run_from_its_last_state(ready: Project) -> None:
    with pytest.raises(UserError, match="no run to resume"):
        plan(ready, resume=True)
    recorded(ready)
    newest = recorded(ready, "max_train_epochs=3", "seed=7")
    state = newest.folder / "state" / "state.safetensors"
    state.parent.mkdir()
    state.write_bytes(b"")
    run = plan(ready, "max_train_epochs=5", resume=True)
    assert (run.name, run.resumed, run.wants_export) == ("fr3dd1e-002", True, False)
    assert run.config.resume == state.parent
    assert (run.config.seed, run.config.max_train_epochs) == (7, 5)


def test_a_run_that_was_cut_off_before_its_first_state_begins_anew(ready: Project) -> None:
    cut_off = recorded(ready, "seed=7")
    run = plan(ready, resume=True)
    assert (run.name, run.config.seed, run.config.resume) == (cut_off.name, 7, None)


def test_a_run_that_failed_at_once_is_not_tried_again(ready: Project) -> None:
    good = recorded(ready)
    failed = recorded(ready)
    (failed.folder / "events.jsonl").write_text(to_json(Failed("No.")) + "\n", "utf-8")
    assert plan(ready, resume=True).name == good.name


def test_a_finished_run_wants_more_epochs_to_be_resumed(ready: Project) -> None:
    finished = recorded(ready)
    (finished.folder / "events.jsonl").write_text(to_json(Finished(())) + "\n", "utf-8")
    with pytest.raises(UserError, match="is finished") as caught:
        plan(ready, resume=True)
    assert "--" not in caught.value.hint  # what to type is for the command line alone
    assert "--from FILE" in str(caught.value)
    assert plan(ready, "max_train_epochs=50", resume=True).name == finished.name


def test_the_preflight_counts_what_the_run_will_count(ready: Project, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "img" / "4_dog" / f"{number}.png", draw(number, (64, 64)))
        (tmp_path / "img" / "4_dog" / f"{number}.txt").write_text("dog", "utf-8")
        write(tmp_path / "reg" / "1_dog" / f"{number}.png", draw(number + 9, (64, 64)))
    run = plan(
        ready,
        f"train_data_dir={tmp_path / 'img'}",
        f"reg_data_dir={tmp_path / 'reg'}",
        "resolution=64",
        "train_batch_size=4",
        "max_train_epochs=2",
    )
    found = preflight(run, read_dataset(run.config))
    assert (found.images, found.reg_images, found.showings) == (3, 3, 12)
    assert (found.steps_per_epoch, found.steps, found.epochs) == (6, 12, 2)
