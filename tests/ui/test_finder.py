"""What is on show follows the query, but nothing vanishes under the cursor."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from curator.core import edits
from curator.core.edits import add_images
from curator.core.records import Rating
from curator.ui.context import Context
from curator.ui.finder import PART, Finder, apart
from tests.helpers.projects import new_image
from tests.helpers.windows import wait_for


class Asked:
    """A finder on a context, and what it has told."""

    def __init__(self, context: Context, qtbot: QtBot) -> None:
        self.context = context
        self.finder = Finder(context)
        self.outdated: list[int] = []
        self.refused: list[str] = []
        self._qtbot = qtbot
        self.finder.outdated.connect(self.outdated.append)
        self.finder.refused.connect(lambda error: self.refused.append(str(error)))

    def ask(self, query: str | None = None) -> list[int]:
        """Ask, and give the rows that are found."""
        with self._qtbot.waitSignal(self.finder.found):
            self.finder.ask(query)
        return self.shown

    @property
    def shown(self) -> list[int]:
        return list(self.context.model.ids)

    def rate(self, ids: list[int], rating: Rating) -> None:
        """Rate, and wait until it is on the disk and told."""
        with self._qtbot.waitSignal(self.context.edited):
            self.context.change(ids, lambda images: edits.set_rating(images, rating))


@pytest.fixture
def asked(context: Context, qtbot: QtBot) -> Asked:
    made = Asked(context, qtbot)
    made.ask("")
    return made


def test_a_query_fills_the_model_and_counts_the_whole(asked: Asked) -> None:
    everything = asked.shown
    assert len(everything) == asked.finder.total == 12
    assert asked.ask("id:1..10") == everything[:10]
    assert asked.finder.total == 12
    assert asked.ask("sort:-name") == everything[::-1]


def test_a_query_that_is_no_query_leaves_what_is_shown(asked: Asked) -> None:
    before = asked.shown
    asked.finder.ask("rating:")
    wait_for(lambda: asked.refused, "the refusal")
    assert asked.shown == before


def test_a_rated_picture_stays_on_show_and_is_counted_as_outdated(asked: Asked) -> None:
    before = asked.ask("rating:0")
    asked.outdated.clear()
    asked.rate(before[:3], Rating.PRIMARY)
    wait_for(lambda: asked.outdated, "the count")
    assert asked.shown == before
    assert asked.outdated == [3]
    asked.context.undo()
    wait_for(lambda: asked.outdated == [3, 0], "the count after undo")
    asked.rate(before[:2], Rating.PRIMARY)
    wait_for(lambda: asked.outdated[-1] == 2, "the count")
    assert asked.ask() == before[2:]
    assert asked.outdated[-1] == 0


def test_what_would_come_in_is_outdated_too(asked: Asked) -> None:
    everything = asked.shown
    asked.rate(everything[:1], Rating.PRIMARY)
    assert asked.ask("rating:1") == everything[:1]
    asked.rate(everything[1:3], Rating.PRIMARY)
    wait_for(lambda: asked.outdated[-1] == 2, "the count")
    assert asked.shown == everything[:1]


def test_what_is_removed_goes_and_the_cursor_stands_on_the_next_one(asked: Asked) -> None:
    before, context = asked.shown, asked.context
    context.go_to_row(4)
    context.change(before[4:6], edits.remove_images)
    wait_for(lambda: len(asked.shown) == 10, "the removal")
    assert asked.shown == before[:4] + before[6:]
    assert context.selection.current == before[6]
    context.undo()
    wait_for(lambda: asked.shown == before, "what came back")
    assert context.selection.current == before[6]


def test_new_pictures_come_at_once(asked: Asked) -> None:
    project = asked.context.project
    ids = project.new_image_ids(2)
    project.apply(add_images(ids), facts=[new_image(id_) for id_ in ids])
    wait_for(lambda: len(asked.shown) == 14, "the new ones")
    assert asked.shown[-2:] == list(ids)
    assert asked.finder.total == 14


def test_the_selection_is_kept_as_far_as_it_is_found(asked: Asked) -> None:
    everything, selection = asked.shown, asked.context.selection
    selection.choose(everything[8:], everything[9])
    asked.ask("id:1..10")
    assert selection.ids == set(everything[8:10])
    assert selection.current == everything[9]


def test_the_cursor_is_never_on_what_is_not_shown(asked: Asked) -> None:
    everything, selection = asked.shown, asked.context.selection
    selection.choose(everything[8:], everything[11])
    asked.ask("id:1..10")
    assert selection.current == everything[9]
    assert selection.meant() == [everything[9]]


def test_nothing_found_leaves_nothing_current(asked: Asked) -> None:
    assert asked.ask("name:nowhere") == []
    assert asked.context.selection.current is None
    assert asked.context.selection.meant() == []
    assert len(asked.ask("")) == 12
    assert asked.context.current_row == 0


def test_of_several_queries_the_last_one_is_shown(asked: Asked) -> None:
    for query in ("rating:1", "id:11..12", "rating:2", "id:1..10"):
        asked.finder.ask(query)
    wait_for(lambda: len(asked.shown) == 10, "the last query")


@given(st.sets(st.integers(1, 60)), st.sets(st.integers(1, 60)))
def test_ids_in_one_of_two_lists_are_counted(first: set[int], second: set[int]) -> None:
    assert apart(array("q", first), array("q", second)) == len(first ^ second)


def test_long_lists_are_compared_in_parts() -> None:
    first, second = array("q", range(3 * PART)), array("q", range(PART // 2, 4 * PART))
    assert apart(first, second) == PART // 2 + PART
