"""A person trains in the real window: starts, watches, pauses, stops, goes on, and chooses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton, QSpinBox, QWidget

from curator.core.duplicates import Kind, Pair
from curator.core.edits import create_set, set_rating
from curator.core.project import Project
from curator.core.records import ImageSet, Rating
from curator.core.run_status import Phase
from curator.ui.app import App
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
TRAINING_S = 120
SMALL = {
    "resolution": "64",
    "primary_repeats": "1",
    "sample_prompt": "a dog --s 2",
    "options": "network_dim=2 torch_threads=1 max_validation_steps=1 max_train_epochs=200",
}


def project_to_train(folder: Path) -> Path:
    """Three primaries of little pictures, and settings that make a training small."""
    root = make_project(folder, 4)
    with Project.open(root) as project:
        project.apply(set_rating(project.images(project.select("")[:3]), Rating.PRIMARY))
        project.change_settings(SMALL)
    return root


def go_to_training(app: App) -> Session:
    QTest.keyClick(app.window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    session = session_of(app)
    setup = session.training_parts.panel.setup
    wait_for(lambda: setup.may_start, "the summary", TRAINING_S)
    return session


def click_note(summary: QWidget, tip: str) -> None:
    """Click the button of a finding; the notes are made anew whenever something is counted."""

    def shown() -> list[QPushButton]:
        buttons = summary.findChildren(QPushButton)
        return [one for one in buttons if one.toolTip() == tip and one.isVisible()]

    wait_for(shown, tip)
    click(shown()[0])


def click(button: QWidget) -> None:
    assert button.isVisible()
    wait_for(button.isEnabled, "the button to apply")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def seen(widget: QWidget) -> str:
    return " ".join(it.text() for it in widget.findChildren(QLabel) if it.isVisible())


def answer(app: App, button: str) -> str:
    """Answer the question that is asked; returns what it was."""
    wait_for(lambda: app.window.findChildren(QMessageBox), "a question")
    box = app.window.findChildren(QMessageBox)[-1]
    words = box.text()
    (chosen,) = (it for it in box.findChildren(QPushButton) if it.text().startswith(button))
    QTest.mouseClick(chosen, Qt.MouseButton.LeftButton)
    wait_for(lambda: not app.window.findChildren(QMessageBox), "the question to go")
    return words


def check_the_summary(session: Session) -> None:
    """Before it begins I read what it will be; an obstacle would stand there too."""
    setup = session.training_parts.panel.setup
    assert setup.base.about.text() == "Tiny, to try everything out"
    words = seen(setup)
    assert "3 pictures; captions found 0 of 3." in words
    assert "3 steps an epoch, 600 in 200 epochs." in words
    assert "Primaries are 100 % of what an epoch shows." in words


def start_and_watch(session: Session) -> None:
    """One button; then I see steps, losses, a picture after each epoch, and checkpoints."""
    parts = session.training_parts
    status, view = lambda: parts.training.status, parts.panel.run
    click(parts.panel.setup.start_button)
    assert view.isVisible()
    assert not session.window.actions_table["start_training"].isEnabled()
    wait_for(lambda: status().epoch > 2, "the third epoch", TRAINING_S)
    assert "Training, epoch" in view.heading.text()
    assert "loss" in view.facts.text()
    assert view.bar.maximum() == 600
    (ticket,) = session.context.jobs.running
    assert ticket.latest is not None
    assert ticket.latest.total == 600
    wait_for(lambda: view.plot.chart.raw.size() > 5, "the curve")
    wait_for(lambda: view.strip.count() >= 1, "a sample picture")
    wait_for(lambda: parts.checkpoints.list.topLevelItemCount() >= 2, "the checkpoints")


def pause_save_and_sample(session: Session) -> None:
    """While it waits I can have a checkpoint and a picture."""
    parts, table = session.training_parts, session.window.actions_table
    view, root = parts.panel.run, session.context.project.root
    click(view.pause)
    wait_for(lambda: parts.training.phase is Phase.PAUSED, "the pause")
    step, pictures = parts.training.status.step, view.strip.count()
    click(view.save)
    wait_for(lambda: list(root.glob(f"checkpoints/*/*step{step:08d}*")), "the checkpoint")
    click(view.sample)
    wait_for(lambda: view.strip.count() > pictures, "the picture")
    table["pause_training"].trigger()
    wait_for(lambda: parts.training.status.step > step, "it to go on")


def stop_after_the_epoch(session: Session) -> None:
    """It can end with the epoch under way, and says so until then."""
    parts = session.training_parts
    click(parts.panel.run.stop_later)
    wait_for(lambda: parts.panel.run.heading.text().endswith(", then it stops"), "the word of it")
    wait_for(lambda: parts.training.phase is Phase.IDLE, "the end", TRAINING_S)
    status = parts.training.status
    assert status.step % status.steps_per_epoch == 0
    wait_for(lambda: parts.panel.go_on.isVisible(), "the offer")
    click(parts.panel.go_on)
    wait_for(lambda: parts.training.phase is Phase.TRAINING, "it to go on", TRAINING_S)
    wait_for(lambda: parts.training.status.step > status.step, "the next step", TRAINING_S)


def stop_and_go_on(session: Session) -> None:
    """It saves before it stops, and goes on where it was."""
    parts = session.training_parts
    click(parts.panel.run.stop)
    wait_for(lambda: parts.training.phase is Phase.IDLE, "the end")
    stopped_at = parts.training.status.step
    wait_for(lambda: parts.panel.go_on.isVisible(), "the offer")
    words = parts.panel.go_on.text()
    assert words == f"Go on with project-001 at step {stopped_at} of 600"
    click(parts.panel.go_on)
    wait_for(lambda: parts.training.status.step > stopped_at, "the next step", TRAINING_S)
    steps = list(parts.panel.run.curve.steps)
    assert steps == list(range(1, len(steps) + 1))


def close_while_it_trains(app: App, session: Session) -> Path:
    """Closing asks once, saves, and closes by itself."""
    root, training = session.context.project.root, session.training_parts.training
    app.window.close()
    assert app.window.isVisible()
    answer(app, "Stay")
    assert training.status.is_running
    app.window.close()
    words = answer(app, "Save and close")
    assert words.startswith("Training is at step ")
    assert "of 600. Save and close?" in words
    wait_for(lambda: not app.window.isVisible(), "the window to close")
    assert '"event": "Stopped"' in (root / "runs/project-001/events.jsonl").read_text("utf-8")
    return root


def continue_from_a_checkpoint(session: Session) -> None:
    """A new run begins with what an earlier one has learned, for two epochs."""
    parts, project = session.training_parts, session.context.project
    wait_for(lambda: parts.checkpoints.list.topLevelItemCount() >= 3, "the checkpoints")
    parts.checkpoints.list.topLevelItem(0).setSelected(True)
    click(parts.checkpoints.go_on)
    setup = parts.panel.setup
    assert "Continues from project-001" in seen(setup)
    (epochs,) = (it for it in setup.findChildren(QSpinBox) if it.accessibleName() == "Epochs")
    epochs.setFocus()
    QTest.keyClick(epochs, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(epochs, "2", Qt.Key.Key_Return)
    wait_for(lambda: "6 in 2 epochs" in seen(setup), "the new summary")
    click(setup.start_button)
    wait_for(lambda: (project.checkpoints_dir / "project-002").is_dir(), "the run", TRAINING_S)
    wait_for(lambda: parts.training.phase is Phase.IDLE, "the end", TRAINING_S)
    assert "The training project-002 is finished: 2 checkpoints." in seen(session.notices)
    settings = (project.runs_dir / "project-002" / "run.toml").read_text("utf-8")
    assert "network_weights" in settings


def delete_a_checkpoint(app: App, session: Session, system_trash: Path) -> None:
    """One question that names number and size; then it is in the trash of the system."""
    panel = session.training_parts.checkpoints
    count = panel.list.topLevelItemCount()
    panel.list.clearSelection()
    panel.list.topLevelItem(0).setSelected(True)
    (chosen,) = panel.chosen()
    click(panel.delete)
    words = answer(app, "Move")
    assert words.startswith("Move 1 checkpoint (")
    wait_for(lambda: panel.list.topLevelItemCount() == count - 1, "it to go")
    assert not chosen.path.exists()
    assert (system_trash / chosen.path.name).is_file()


@pytest.mark.slow
def test_a_training_from_start_to_choice(
    open_window: Open, tmp_path: Path, system_trash: Path
) -> None:
    app = open_window(project_to_train(tmp_path))
    session = go_to_training(app)
    check_the_summary(session)
    start_and_watch(session)
    pause_save_and_sample(session)
    stop_after_the_epoch(session)
    stop_and_go_on(session)
    root = close_while_it_trains(app, session)

    app = open_window(root)
    session = go_to_training(app)
    assert session.notices.lines() == []  # it was stopped, which nobody has to be told
    continue_from_a_checkpoint(session)
    delete_a_checkpoint(app, session, system_trash)


def test_a_training_that_a_crash_cut_off_is_offered_once(open_window: Open, tmp_path: Path) -> None:
    root = project_to_train(tmp_path)
    run = root / "runs" / "project-001"
    run.mkdir(parents=True)
    (run / "run.toml").write_text('pretrained_model_name_or_path = "practice"', "utf-8")
    (run / "events.jsonl").write_text('{"event": "Sta', "utf-8")
    app = open_window(root)
    session = session_of(app)
    wait_for(lambda: session.notices.lines(), "the offer")
    (line,) = session.notices.lines()
    assert (
        line.notice.text == "The training project-001 was cut off. It can go on from its beginning."
    )
    assert [button.text() for button in line.buttons] == ["Go on with training"]
    settle(session.context)
    app.window.close()
    shutil.rmtree(run)
    app = open_window(root)
    settle(session_of(app).context)
    assert session_of(app).notices.lines() == []


def test_what_can_be_mended_before_a_training_has_a_button(
    open_window: Open, tmp_path: Path
) -> None:
    root = project_to_train(tmp_path)
    with Project.open(root) as project:
        ids = project.select("")
        project.apply(set_rating(project.images(ids[:1]), Rating.PRIMARY))
        project.apply(set_rating(project.images(ids[1:]), Rating.SUPPORTING))
    session = go_to_training(open_window(root))
    summary, context = session.training_parts.panel.setup.summary, session.context
    click_note(summary, "Select these pictures")
    assert len(context.selection) == 4
    click_note(summary, "Let primaries weigh double")
    wait_for(lambda: context.project.settings.balance == "double", "the fix")
    wait_for(lambda: "Primaries are 67 %" in seen(summary), "the new summary")
    context.undo()
    wait_for(lambda: context.project.settings.balance == "plain", "the undo")


def test_a_value_that_does_not_fit_keeps_the_button_and_says_why(
    open_window: Open, tmp_path: Path
) -> None:
    session = go_to_training(open_window(project_to_train(tmp_path)))
    setup = session.training_parts.panel.setup
    setup.form.focus("learning_rate")
    rate = session.window.focusWidget()
    assert isinstance(rate, QLineEdit)
    usual = rate.text()
    for text, fits in (("fast", False), (usual, True)):
        rate.selectAll()
        QTest.keyClicks(rate, text)
        QTest.keyClick(rate, Qt.Key.Key_Return)
        assert setup.start_button.isEnabled() is fits
        assert ("must be a number, not 'fast'" in setup.obstacle.text()) is not fits


def test_a_preset_is_the_projects_and_layers_of_lycoris_are_an_option(
    open_window: Open, tmp_path: Path
) -> None:
    session = go_to_training(open_window(project_to_train(tmp_path)))
    setup, project = session.training_parts.panel.setup, session.context.project

    def choose(name: str, label: str) -> None:
        setup.form.focus(name)
        wait_for(lambda: session.window.focusWidget().accessibleName() == label, label)
        QTest.keyClick(session.window.focusWidget(), Qt.Key.Key_Down)

    choose("run_preset", "Preset")
    wait_for(lambda: project.settings.preset != "", "the preset")
    assert "preset=" not in project.settings.options
    choose("preset", "LyCORIS layers")
    wait_for(lambda: "preset=" in project.settings.options, "the option")
    assert project.settings.preset
    wait_for(lambda: "layers of LyCORIS" in setup.obstacle.text(), "the sentence")


def test_copies_in_two_sets_are_shown_by_a_button(open_window: Open, tmp_path: Path) -> None:
    root = project_to_train(tmp_path)
    with Project.open(root) as project:
        first, second, *_others = project.select("rating:1 OR rating:2")
        project.record([Pair(first, second, Kind.EDITED)])
        project.apply(create_set(ImageSet(project.new_set_id(), "hat"), project.images([first])))
    session = go_to_training(open_window(root))
    click_note(session.training_parts.panel.setup.summary, "Show just these pictures")
    wait_for(lambda: list(session.context.model.ids) == [first, second], "the two")
