"""Journal rows: one form of them for all versions, and nothing of a text is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.edits import FieldChange
from curator.core.store import journal

VALUES = st.one_of(
    st.text(st.sampled_from('ab,\n"\\\x00\x1f\x7fé[]{}\ud800'), max_size=6),
    st.none(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
CHANGES = st.builds(
    FieldChange,
    st.sampled_from(["image", "setting"]),
    st.one_of(st.integers(), st.text(max_size=2)),
    st.sampled_from(["caption", "value"]),
    VALUES,
    VALUES,
)


@pytest.fixture(scope="module", autouse=True)
def _small_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "_PART", 2)
        patch.setattr(journal, "_PART_LENGTH", 3)
        yield


@given(st.lists(CHANGES, max_size=8))
def test_changes_are_kept_as_a_list_in_json_and_come_back_as_they_were(
    changes: list[FieldChange],
) -> None:
    text = journal.written(changes)
    rows = [[c.record, c.id, c.field, c.old, c.new] for c in changes]
    assert json.loads(text.decode("utf-8", "surrogatepass")) == rows
    assert journal._unpack(journal.packed(text)) == rows


def test_a_text_that_ends_as_a_row_does_is_one_text() -> None:
    change = FieldChange("image", 1, "caption", "],[", '],["image",')
    assert (
        journal._unpack(journal.packed(journal.written([change] * 5)))
        == [["image", 1, "caption", "],[", '],["image",']] * 5
    )


def test_a_row_of_an_older_version_is_read() -> None:
    text = json.dumps([["setting", "trigger", "value", None, "é"]] * 3)
    assert journal._unpack(journal.packed(text.encode())) == json.loads(text)
