"""Quality in the window: measured by itself, shown upon pictures, sorted by, and chosen by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from curator.core import edits
from curator.core.project import Project
from curator.core.records import Measured, Rating, RejectGuess, RejectGuesses
from curator.ui import quality
from curator.ui.app import App
from curator.ui.session import Session
from tests.helpers.degraded import blurred
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw, photo, write
from tests.helpers.windows import make_project, session_of, settle, wait_for

Open = Callable[..., App]
TIP = Qt.ItemDataRole.ToolTipRole


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the rest that is left to the person; and without models of this machine."""
    monkeypatch.setattr(quality, "OPENED_MS", 20)
    monkeypatch.setattr(quality, "REST_MS", 20)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def unmeasured(session: Session) -> int:
    return len(session.context.project.select("is:unmeasured"))


def measured(open_window: Open, tmp_path: Path) -> tuple[App, Session]:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    wait_for(lambda: not unmeasured(session) and not session.context.jobs.running, "measures")
    return app, session


def notices(session: Session) -> list[str]:
    return [line.notice.text for line in session.notices.lines()]


def badges(session: Session, row: int) -> list[str]:
    model = session.context.model
    image = model.record(row)
    assert image is not None
    return [badge.words for badge in model.badges(image.id)]


def do(app: App, action: str) -> None:
    app.window.actions_table[action].trigger()


def test_new_pictures_are_measured_by_themselves_and_quietly(
    open_window: Open, tmp_path: Path
) -> None:
    app, session = measured(open_window, tmp_path)
    panel = session.around.details
    wait_for(lambda: "Sharpness" in panel.facts.toPlainText(), "the measures of the picture")
    assert not session.around.jobs.isVisible()
    assert not app.leaving.has_to_ask()
    assert session.around.jobs.rows()
    write(tmp_path / "more" / "new.png", draw(70))
    session.imports.start([tmp_path / "more"])
    wait_for(lambda: len(session.context.model.ids) == 13, "the import")
    wait_for(lambda: not unmeasured(session), "its measures")
    assert all("measured" not in text for text in notices(session))


def test_they_are_not_where_that_is_not_wished(open_window: Open, tmp_path: Path) -> None:
    app = open_window()
    app.preferences.like(measure_new="no")
    app.open_project(make_project(tmp_path))
    wait_for(lambda: app.session and app.session.context.model.ids, "pictures")
    session = session_of(app)
    panel = session.around.details
    wait_for(lambda: "not measured yet" in panel.facts.toPlainText(), "the sentence")
    settle(session.context)
    assert unmeasured(session) == 12
    do(app, "measure_quality")
    wait_for(lambda: "12 pictures measured." in notices(session), "the notice")
    said: list[str] = []
    session.context.said.connect(said.append)
    do(app, "measure_quality")
    wait_for(lambda: said == [quality.ALL_MEASURED], "that there is nothing left")


def test_measuring_can_be_stopped_and_keeps_what_it_has(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path, 40))
    session = session_of(app)
    wait_for(lambda: session.context.jobs.running, "the job")
    (ticket,) = session.context.jobs.running
    ticket.cancel()
    wait_for(lambda: not session.context.jobs.running, "its end")
    left = unmeasured(session)
    do(app, "measure_quality")
    wait_for(lambda: not unmeasured(session), "the rest")
    assert left <= 40


def test_badges_say_what_is_wrong_and_can_be_switched_off(
    open_window: Open, tmp_path: Path
) -> None:
    app, session = measured(open_window, tmp_path)
    context = session.context
    wait_for(lambda: badges(session, 0)[:1] == ["small"], "a badge")
    assert "% of what training sees" in str(context.model.index(0, 0).data(TIP))
    context.change_settings({"resolution": "128"})
    wait_for(lambda: "small" not in badges(session, 0), "another resolution")
    context.change_settings({"resolution": "512"})
    wait_for(lambda: "small" in badges(session, 0), "the resolution before")
    do(app, "quality_badges")
    assert badges(session, 0) == []
    assert app.preferences.liking.quality_badges == "no"
    do(app, "quality_badges")
    assert badges(session, 0)[:1] == ["small"]


def test_the_softest_stand_first(open_window: Open, tmp_path: Path) -> None:
    root = tmp_path / "project"
    sharp = {f"{n} sharp.png": photo(n, (200, 200), grain=0) for n in range(3)}
    soft = {f"{n} soft.png": blurred(sharp[f"{n} sharp.png"], 3) for n in range(3)}
    with Project.create(root) as project:
        bring_in(project, tmp_path / "in", sharp | soft)
    session = session_of(open_window(root))
    wait_for(lambda: not unmeasured(session) and not session.context.jobs.running, "measures")
    sorting = session.filter_bar.sorting
    sorting.setCurrentIndex(sorting.findText("Softest first"))
    sorting.activated.emit(sorting.currentIndex())

    def names() -> list[str]:
        model = session.context.model
        return [str(model.index(row, 0).data()) for row in range(len(model.ids))]

    wait_for(lambda: all("soft" in name for name in names()[:3]), "the order")


def test_some_primaries_are_chosen_that_cover_most(open_window: Open, tmp_path: Path) -> None:
    app, session = measured(open_window, tmp_path)
    context = session.context
    said: list[str] = []
    context.said.connect(said.append)
    do(app, "choose_varied")
    wait_for(lambda: said == [quality.NO_PRIMARIES], "that there are none")
    images = context.project.images(context.model.ids[:8])
    context.project.apply(edits.set_rating(images, Rating.PRIMARY))
    do(app, "choose_varied")
    wait_for(lambda: app.window.findChildren(QInputDialog), "the question")
    dialog = app.window.findChildren(QInputDialog)[-1]
    assert "8 primary pictures" in dialog.labelText()
    dialog.setIntValue(3)
    dialog.accept()
    wait_for(lambda: len(context.selection) == 3, "the selection")
    assert context.selection.ids < {image.id for image in images}
    assert said[-1].startswith("Selected 3 of 8 primaries")


def test_likely_rejects_say_why_there_are_none_yet_and_can_be_switched_off(
    open_window: Open, tmp_path: Path
) -> None:
    app, session = measured(open_window, tmp_path)
    do(app, "likely_rejects")
    wait_for(lambda: any("need 50 pictures" in text for text in notices(session)), "the reason")
    assert session.finder.query == ""
    app.preferences.like(guess_rejects="no")
    do(app, "likely_rejects")
    wait_for(lambda: quality.SWITCHED_OFF in notices(session), "that it is off")


def test_likely_rejects_are_ordered_and_explained(open_window: Open, tmp_path: Path) -> None:
    app, session = measured(open_window, tmp_path)
    context = session.context
    ids = list(context.model.ids)
    found = context.project.measures(ids)
    described = context.project.descriptors(ids)
    more = context.project.new_image_ids(60)
    from tests.helpers.projects import new_image

    copies = [Measured(n, found[ids[n % 12]], 0.0, described[ids[n % 12]]) for n in more]
    context.project.apply(edits.add_images(more), facts=[*(new_image(n) for n in more), *copies])
    images = context.project.images(more)
    context.project.apply(edits.reject([i for i in images if i.id % 12 < 4]))
    context.project.apply(
        edits.set_rating([i for i in images if i.id % 12 >= 4], Rating.SUPPORTING)
    )
    do(app, "likely_rejects")
    wait_for(lambda: session.finder.query == quality.REJECTS_QUERY, "the order")
    wait_for(lambda: len(context.model.ids) == 12, "the undecided")
    panel = session.around.details
    wait_for(lambda: "Likely reject" in panel.facts.toPlainText(), "the guess")
    assert "nothing is applied" in panel.facts.toPlainText()
    app.preferences.like(guess_rejects="no")
    wait_for(lambda: "Likely reject" not in panel.facts.toPlainText(), "no guess")


def test_a_guess_is_not_shown_of_what_is_decided(open_window: Open, tmp_path: Path) -> None:
    _app, session = measured(open_window, tmp_path)
    context, panel = session.context, session.around.details
    first = context.model.ids[0]
    context.project.record([RejectGuesses((RejectGuess(first, 0.8, ("soft: 3",)),))])
    context.take_measures([])
    wait_for(lambda: "soft: 3" in panel.facts.toPlainText(), "the guess")
    context.change([first], lambda images: edits.set_rating(images, Rating.PRIMARY))
    wait_for(lambda: "soft: 3" not in panel.facts.toPlainText(), "no guess")
