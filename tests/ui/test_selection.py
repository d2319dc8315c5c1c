"""The selection: ids and a current one, and who hears of which."""

from __future__ import annotations

import pytest

from curator.ui.selection import Selection


@pytest.fixture
def selection() -> Selection:
    return Selection()


def heard_by(selection: Selection) -> list[str]:
    heard: list[str] = []
    selection.changed.connect(lambda: heard.append("changed"))
    selection.current_changed.connect(lambda: heard.append("current"))
    return heard


def test_going_somewhere_selects_just_that(selection: Selection) -> None:
    selection.choose([1, 2, 3], 3)
    selection.go_to(7)
    assert (selection.ids, selection.current, selection.anchor) == ({7}, 7, 7)
    assert selection.meant() == [7]


def test_an_action_is_about_what_is_selected_else_about_the_current_one(
    selection: Selection,
) -> None:
    assert selection.meant() == []
    selection.go_to(5)
    selection.choose([], 5)
    assert selection.meant() == [5]
    selection.choose([8, 9], 5)
    assert sorted(selection.meant()) == [8, 9]


def test_one_is_taken_in_and_out_again(selection: Selection) -> None:
    selection.go_to(1)
    selection.toggle(4)
    assert selection.ids == {1, 4}
    selection.toggle(1)
    assert (selection.ids, selection.current, selection.anchor) == ({4}, 1, 1)


def test_pointing_leaves_what_is_selected(selection: Selection) -> None:
    selection.choose([1, 2], 1)
    selection.point_at(9)
    assert (selection.ids, selection.current) == ({1, 2}, 9)
    assert 9 not in selection
    assert len(selection) == 2


def test_what_is_gone_is_let_go_of(selection: Selection) -> None:
    selection.choose([1, 2, 3], 3)
    heard = heard_by(selection)
    selection.keep_only(frozenset([1, 2, 3, 4]))
    assert heard == []
    selection.keep_only(frozenset([2]))
    assert selection.ids == {2}
    assert heard == ["changed"]


def test_each_hears_once_and_only_of_what_changed(selection: Selection) -> None:
    heard = heard_by(selection)
    selection.go_to(1)
    assert heard == ["current", "changed"]
    selection.go_to(1)
    assert len(heard) == 2
    selection.choose([1, 2], 1)
    assert heard[2:] == ["changed"]


def test_while_one_is_seen_it_alone_is_meant_and_the_selection_stays(selection: Selection) -> None:
    selection.choose([8, 9], 5)
    heard = heard_by(selection)
    selection.narrow(True)
    assert (selection.meant(), selection.ids) == ([5], {8, 9})
    selection.narrow(True)
    selection.narrow(False)
    assert sorted(selection.meant()) == [8, 9]
    assert heard == ["changed", "changed"]
