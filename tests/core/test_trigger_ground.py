"""What the trigger wizard reads, advises and shows before anything changes."""

from __future__ import annotations

from curator.core.edits import create_set, set_rating
from curator.core.project import Project
from curator.core.records import ImageSet, Rating, SetKind
from curator.core.traits import Advice
from curator.core.trigger_ground import (
    TOO_FEW,
    advice,
    diffs,
    read_ground,
    why_not,
    with_pruned,
)
from curator.core.trigger_routes import ROUTES, Outfit, Route, Wish
from tests.helpers.projects import fill

GROUPS = {"blue eyes": "eyes", "hat": "clothes", "sepia": "style"}


def group_of(tag: str) -> str:
    return GROUPS.get(tag, "")


def test_traits_are_learned_from_primaries_where_there_are_some(project: Project) -> None:
    images = fill(project, 3, ["blue eyes", "lawn", "lawn"])
    ground = read_ground(project)
    assert not ground.is_rated
    assert len(ground.counted) == 3
    project.apply(set_rating(images[:1], Rating.PRIMARY))
    ground = read_ground(project)
    (row,) = advice(ground, Route.PROPER, "", group_of)[None]
    assert (row.tag, row.advice, row.share) == ("blue eyes", Advice.PRUNE, 1.0)
    (row,) = advice(ground, Route.CUSTOM, "", group_of)[None]
    assert row.advice is Advice.PERHAPS


def test_each_route_has_its_own_advice(project: Project) -> None:
    fill(project, 2, ["hat, sepia", "sepia"])
    ground = read_ground(project)
    assert advice(ground, Route.LAZY, "", group_of) == {}
    assert [row.tag for row in advice(ground, Route.CONCEPT, "hat", group_of)[None]] == ["hat"]
    style = advice(ground, Route.STYLE_CONTENT, "", group_of)[None]
    assert [row.tag for row in style if row.advice is Advice.PRUNE] == ["sepia"]


def test_outfits_take_at_least_two_sets_with_pictures(project: Project) -> None:
    images = fill(project, 2, ["hat", "dress"])
    ids = [project.new_set_id(), project.new_set_id()]
    project.apply(create_set(ImageSet(ids[0], "one", SetKind.OUTFIT), images[:1]))
    wish = Wish(Route.OUTFIT, outfits=(Outfit(ids[0], "h4t"),))
    assert why_not(read_ground(project), wish) == TOO_FEW
    assert advice(read_ground(project), Route.OUTFIT, "", group_of) == {}
    project.apply(create_set(ImageSet(ids[1], "two", SetKind.OUTFIT), images[1:]))
    ground = read_ground(project)
    assert set(advice(ground, Route.OUTFIT, "", group_of)) == set(ids)
    assert why_not(ground, wish) == ""
    both = Wish(Route.OUTFIT, outfits=(Outfit(ids[0], "same"), Outfit(ids[1], "same")))
    assert "each its own" in why_not(ground, both)


def test_what_is_missing_is_said(project: Project) -> None:
    ground = read_ground(project)
    assert why_not(ground, Wish(Route.PROPER)) == "Type a trigger word."
    assert why_not(ground, Wish(Route.PROPER, "a, b")) == "Type a trigger word."
    assert why_not(ground, Wish(Route.NONE)) == "There is no trigger to take out."
    assert why_not(ground, Wish(Route.STYLE_CONTENT)) == ""
    assert why_not(ground, Wish(Route.LAZY, "w0rd")) == ""


def test_only_captions_that_would_change_are_shown(project: Project) -> None:
    images = fill(project, 2, ["w0rd, lawn", "lawn"])
    (image,), (diff,) = diffs(read_ground(project), Wish(Route.LAZY, "w0rd"))
    assert image.id == images[1].id
    assert diff.added == ["w0rd"]


def test_ticked_tags_go_to_the_wish_or_to_its_outfits() -> None:
    wish = Wish(Route.OUTFIT, outfits=(Outfit(1, "a"), Outfit(2, "b")))
    made = with_pruned(wish, {None: frozenset({"x"}), 2: frozenset({"hat"})})
    assert made.pruned == {"x"}
    assert [one.pruned for one in made.outfits] == [frozenset(), frozenset({"hat"})]


def test_every_route_is_explained() -> None:
    assert set(ROUTES) == set(Route)
