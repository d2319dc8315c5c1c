"""What a tagger proposes as tags of captions: nothing that a person decided is lost to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import tag_sources
from curator.core.caption_edits import change_captions
from curator.core.captions import split_tags
from curator.core.model_tags import Placement, Proposing, retagged, tag_edit
from curator.core.project import Project
from curator.core.records import Image, TagSource
from curator.core.settings import ProjectSettings
from curator.core.tag_scores import Found, Scores, Thresholds, scored
from curator.core.tag_spelling import tag_key
from curator.core.tagger_records import Tagger
from tests.helpers.projects import fill, record

WD, OTHER = "wd", "other"


def found(*tags: str) -> list[Found]:
    return [Found(tag, "general", 0.9 - n / 100) for n, tag in enumerate(tags)]


def image(caption: str, **sources: str) -> Image:
    """A picture with this caption; who gave which tag, by the tag with _ for spaces."""
    stored = tag_sources.stored({t.replace("_", " "): TagSource(by) for t, by in sources.items()})
    return record(1, caption=caption, tag_sources=stored)


def after(one: Image, *proposed: str, placement: str = "after", triggers: str = "") -> str:
    how = Proposing(placement=Placement(placement))
    return retagged(one, found(*proposed), WD, how, split_tags(triggers)).caption


def test_proposals_come_after_what_is_there() -> None:
    assert after(image("sun, Hat"), "tree", "hat") == "sun, Hat, tree"
    assert after(image(""), "tree") == "tree"


def test_or_before_it_but_behind_the_triggers() -> None:
    one = image("fr3dd1e, sun")
    assert after(one, "tree", "sky", placement="before", triggers="fr3dd1e") == (
        "fr3dd1e, tree, sky, sun"
    )
    assert after(image("sun"), "tree", placement="before") == "tree, sun"


def test_or_in_place_of_all_that_models_gave() -> None:
    one = image("fr3dd1e, old, sun, older", old=OTHER, older=WD)
    assert after(one, "tree", "older", placement="replace") == "fr3dd1e, tree, older, sun"
    assert after(image("sun"), "tree", placement="replace") == "sun, tree"


def test_what_the_model_gave_goes_once_it_is_not_proposed_any_more() -> None:
    one = image("sun, hat, tree, sky", hat=WD, tree=OTHER, sky=tag_sources.FILE)
    assert after(one) == "sun, tree, sky"


def test_what_the_person_took_away_never_comes_back() -> None:
    assert after(image("sun", Long_hair="removed"), "long hair", "hat") == "sun, hat"


def test_triggers_and_free_text_stay() -> None:
    one = image("fr3dd1e,  hat\nA dog. With commas, too.", fr3dd1e=WD)
    assert after(one, "tree", triggers="fr3dd1e") == "fr3dd1e,  hat, tree\nA dog. With commas, too."


def test_a_tag_that_stays_by_the_models_grace_has_its_new_score() -> None:
    one = image("hat, sun", hat=WD)
    new = retagged(one, found("hat", "sun", "tree"), WD, Proposing())
    assert new.caption == "hat, sun, tree"
    assert dict(new.scores) == {"hat": 0.9, "tree": pytest.approx(0.88)}


WORDS = ["sun", "hat", "tree", "long hair", "sky", "fr3dd1e"]
BY = [None, WD, OTHER, tag_sources.FILE, tag_sources.RULE]


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(BY)), unique_by=lambda t: t[0]),
    st.sets(st.sampled_from(WORDS)),
    st.lists(st.sampled_from(WORDS), unique=True),
    st.sampled_from(Placement),
)
def test_what_a_person_a_file_or_a_rule_gave_stays_in_its_order_and_nothing_comes_twice(
    tags: list[tuple[str, str | None]], gone: set[str], proposed: list[str], placement: Placement
) -> None:
    sources = {tag: TagSource(by) for tag, by in tags if by}
    gone -= {tag for tag, _by in tags}
    sources |= {tag: TagSource("removed") for tag in gone}
    one = record(1, caption=", ".join(t for t, _ in tags), tag_sources=tag_sources.stored(sources))
    how = Proposing(placement=placement)
    new = split_tags(retagged(one, found(*proposed), WD, how, ["fr3dd1e"]).caption)
    own = [t for t, by in tags if by not in (WD, OTHER)]
    assert [tag for tag in new if tag in own] == own
    assert len(set(map(tag_key, new))) == len(new)
    assert not gone & set(new)
    assert set(proposed) - gone <= set(new)
    again = record(1, caption=", ".join(new), tag_sources=one.tag_sources)
    assert set(split_tags(retagged(again, found(*proposed), WD, how, ["fr3dd1e"]).caption)) <= {
        *new
    }


TAGGER = Tagger("ab", WD, ("hat", "sun", "tree"), ("general",) * 3)


def test_applying_is_one_edit_that_can_be_undone_and_done_again_with_other_thresholds(
    project: Project,
) -> None:
    images = fill(project, 3, ["sun", "fr3dd1e", ""])
    project.change_settings({"trigger": "fr3dd1e"})
    numbers = np.array([[0.9, 0.5, 0.2], [0.4, 0.1, 0.8]], np.float32)
    kept = [scored(TAGGER, i.id, "", n) for i, n in zip(images[:2], numbers, strict=True)]
    project.record([TAGGER, *kept])

    def apply(general: float) -> list[str]:
        how = Proposing(Thresholds(general))
        now = project.images(project.select())
        project.apply(tag_edit(now, project.scores(TAGGER), how, project.settings))
        return [i.caption for i in project.images(project.select())]

    assert apply(0.35) == ["sun, hat", "fr3dd1e, hat, tree", ""]
    assert project.undo_label() == "Tag 2 images"
    assert apply(0.6) == ["sun, hat", "fr3dd1e, tree", ""]
    assert apply(0.1) == ["sun, hat, tree", "fr3dd1e, tree, hat", ""]
    project.apply(change_captions("By hand", {project.image(images[0].id): "sun, hat"}))
    assert apply(0.1)[0] == "sun, hat"
    sources = tag_sources.read(project.image(images[0].id).tag_sources)
    assert sources["hat"] == TagSource(WD, 0.9)
    assert sources["tree"].by == tag_sources.REMOVED
    for _ in range(4):
        project.undo()
    assert [i.caption for i in project.images(project.select())] == ["sun", "fr3dd1e", ""]


def test_of_what_was_not_scored_nothing_changes() -> None:
    assert not tag_edit(
        [record(1, caption="hat")], Scores(TAGGER, ()), Proposing(), ProjectSettings()
    )
