"""A panel reads anew after edits, once for many, and only while somebody can see it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from curator.core import edits
from curator.core.records import Rating
from curator.ui.context import Context
from curator.ui.refresher import Refresher
from tests.helpers.windows import wait_for


def test_what_nobody_sees_is_read_once_it_is_seen(context: Context, qtbot: QtBot) -> None:
    project, ids = context.project, list(context.model.ids)
    widget, shown = QWidget(), []
    qtbot.addWidget(widget)
    Refresher(widget, context, lambda: lambda: len(project.select("is:primary")), shown.append)
    for image_id in ids[:5]:
        context.change([image_id], lambda images: edits.set_rating(images, Rating.PRIMARY))
    wait_for(lambda: len(project.select("is:primary")) == 5)
    qtbot.wait(200)
    assert shown == []
    widget.show()
    wait_for(lambda: shown == [5], "the first reading")
    for image_id in ids[5:10]:
        context.change([image_id], lambda images: edits.set_rating(images, Rating.PRIMARY))
    wait_for(lambda: shown[-1:] == [10], "the second")
    assert len(shown) <= 3


def test_edits_that_do_not_concern_it_are_passed_over(context: Context, qtbot: QtBot) -> None:
    widget, shown = QWidget(), []
    qtbot.addWidget(widget)
    Refresher(widget, context, lambda: lambda: 1, shown.append, lambda edit: "Reject" in edit.label)
    widget.show()
    wait_for(lambda: shown == [1])
    context.change([1], lambda images: edits.set_rating(images, Rating.PRIMARY))
    qtbot.wait(300)
    assert shown == [1]
    context.change([1], edits.reject)
    wait_for(lambda: shown == [1, 1])
