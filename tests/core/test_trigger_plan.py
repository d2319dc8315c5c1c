"""What the ways to teach something do with captions, settings and sets."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from curator.core import tag_sources
from curator.core.captions import join_tags, split_tags
from curator.core.edits import create_set
from curator.core.project import Project
from curator.core.records import Image, ImageSet, SetKind, TagSource
from curator.core.trigger_plan import edit_of
from curator.core.trigger_routes import Outfit, Route, Wish
from tests.helpers.projects import dump, fill, record


def apply(project: Project, wish: Wish, left_out: tuple[int, ...] = ()) -> list[str]:
    """The captions after a wish."""
    sets = {one.id: one for one in project.sets()}
    images = project.images(project.select())
    project.apply(edit_of(wish, images, sets, project.stored_settings(), left_out))
    return [image.caption for image in project.images(project.select())]


def give_set(project: Project, name: str, kind: str, *images: Image, trigger: str = "") -> int:
    new = ImageSet(project.new_set_id(), name, kind, trigger)
    project.apply(create_set(new, images))
    return new.id


def test_the_lazy_way_puts_the_trigger_in_front_and_keeps_everything(project: Project) -> None:
    fill(project, 3, ["blue eyes, smile", "", "photo of fr3dd1e, lawn"])
    after = apply(project, Wish(Route.LAZY, "fr3dd1e"))
    assert after == ["fr3dd1e, blue eyes, smile", "fr3dd1e", "photo of fr3dd1e, lawn"]
    assert project.settings.trigger == "fr3dd1e"


def test_one_undo_takes_back_settings_sets_and_captions(project: Project) -> None:
    images = fill(project, 2, ["old, eyes", "eyes"])
    give_set(project, "hat", SetKind.OUTFIT, images[0], trigger="old")
    project.change_settings({"trigger": "old", "sample_prompt": "photo of old"})
    before = dump(project)
    apply(project, Wish(Route.PROPER, "new", "old", frozenset({"eyes"})))
    assert dump(project) != before
    project.undo()
    assert dump(project) == before


def test_the_proper_way_prunes_traits_and_remembers_them_as_taken_away(project: Project) -> None:
    fill(project, 1, ["blue eyes,  smile\nA dog smiles."])
    apply(project, Wish(Route.PROPER, "fr3dd1e", pruned=frozenset({"blue eyes", "fr3dd1e"})))
    (image,) = project.images(project.select())
    assert split_tags(image.caption) == ["fr3dd1e", "smile"]
    assert image.caption.endswith("\nA dog smiles.")
    assert tag_sources.removed(tag_sources.read(image.tag_sources)) == {"blue eyes"}


def test_an_old_trigger_is_renamed_wherever_it_stands(project: Project) -> None:
    images = fill(project, 2, ["photo of old, lawn\nHere old sits, not golden.", "lawn"])
    give_set(project, "hat", SetKind.OUTFIT, trigger="old")
    project.change_settings({"trigger": "old", "sample_prompt": "old on a lawn\nold, asleep"})
    apply(project, Wish(Route.LAZY, "new", "old"))
    first, second = project.images(image.id for image in images)
    assert first.caption == "photo of new, lawn\nHere new sits, not golden."
    assert first.tag_sources == ""
    assert second.caption == "new, lawn"
    assert project.sets()[0].trigger == "new"
    assert project.settings.sample_prompt == "new on a lawn\nnew, asleep"


def test_where_the_trigger_was_switched_off_it_stays_so_under_the_new_name(
    project: Project,
) -> None:
    fill(project, 1, ["lawn"])
    off = tag_sources.stored({"old": TagSource("removed")})
    image = replace(project.images(project.select())[0], tag_sources=off)
    edit = edit_of(Wish(Route.LAZY, "new", "old"), [image], {}, {"trigger": "old"})
    assert [(c.field, c.new) for c in edit.changes if c.id == image.id] == [
        ("tag_sources", tag_sources.stored({"new": TagSource("removed")}))
    ]


def test_misc_and_regularization_pictures_get_no_subject_trigger(project: Project) -> None:
    images = fill(project, 3, ["eyes", "eyes", "eyes"])
    give_set(project, "rest", SetKind.MISC, images[1])
    give_set(project, "reg", SetKind.REGULARIZATION, images[2])
    wish = Wish(Route.PROPER, "fr3dd1e", pruned=frozenset({"eyes"}))
    assert apply(project, wish) == ["fr3dd1e", "eyes", "eyes"]


def test_a_picture_that_is_left_out_keeps_its_caption(project: Project) -> None:
    images = fill(project, 2, ["a", "b"])
    assert apply(project, Wish(Route.LAZY, "w0rd"), (images[0].id,)) == ["a", "w0rd, b"]


def test_a_style_is_its_trigger_alone_or_content_without_style_tags(project: Project) -> None:
    fill(project, 1, ["watercolor, lawn\nA lawn."])
    wish = Wish(Route.STYLE_CONTENT, "", pruned=frozenset({"watercolor"}))
    assert apply(project, wish) == ["lawn\nA lawn."]
    assert project.settings.trigger == ""
    assert apply(project, Wish(Route.STYLE_ONLY, "wtrclr")) == ["wtrclr"]


def test_a_concept_stands_behind_the_projects_trigger_where_its_tags_are(project: Project) -> None:
    fill(project, 2, ["fr3dd1e, sword, lawn", "fr3dd1e, lawn"])
    project.change_settings({"trigger": "fr3dd1e"})
    wish = Wish(Route.CONCEPT, "sw0rdx", pruned=frozenset({"sword"}), is_further=True)
    assert apply(project, wish) == ["fr3dd1e, sw0rdx, lawn", "fr3dd1e, lawn"]
    assert (project.settings.trigger, project.settings.extra_triggers) == ("fr3dd1e", "sw0rdx")


def test_each_outfit_gets_its_trigger_in_its_own_pictures(project: Project) -> None:
    images = fill(project, 3, ["fr3dd1e, dress, ribbon", "fr3dd1e, armor, ribbon", "fr3dd1e"])
    project.change_settings({"trigger": "fr3dd1e"})
    ball = give_set(project, "ball", SetKind.OUTFIT, images[0])
    fight = give_set(project, "fight", SetKind.OUTFIT, images[1], trigger="f1ght")
    outfits = (
        Outfit(ball, "b4ll", frozenset({"dress"})),
        Outfit(fight, "f1te", frozenset({"armor"})),
    )
    after = apply(project, Wish(Route.OUTFIT, outfits=outfits))
    assert after == ["fr3dd1e, b4ll, ribbon", "fr3dd1e, f1te, ribbon", "fr3dd1e"]
    assert [one.trigger for one in project.sets()] == ["b4ll", "f1te"]


def test_no_trigger_takes_it_out_everywhere_and_leaves_no_mark(project: Project) -> None:
    fill(project, 2, ["fr3dd1e, photo of fr3dd1e, lawn", "fr3dd1e"])
    project.change_settings({"trigger": "fr3dd1e", "class": "dog"})
    assert apply(project, Wish(Route.NONE, before="fr3dd1e")) == ["photo of dog, lawn", ""]
    assert {image.tag_sources for image in project.images(project.select())} == {""}
    assert project.settings.trigger == ""
    assert apply(project, Wish(Route.LAZY, "fr3dd1e"))[1] == "fr3dd1e"


TAGS = st.lists(
    st.sampled_from(["old", "photo of old", "eyes", "a (b)", "lawn", "w0rd"]), max_size=6
)


@given(TAGS, st.sampled_from([Route.LAZY, Route.PROPER, Route.CONCEPT, Route.STYLE_ONLY]))
def test_doing_it_again_changes_nothing_more(tags: list[str], route: Route) -> None:
    image = record(1, caption=join_tags(tags))
    wish = Wish(route, "w0rd", "old", frozenset({"eyes"}))
    first = edit_of(wish, [image], {}, {"trigger": "old"})
    values = {c.field: c.new for c in first.changes if c.id == 1}
    again = replace(image, **values)
    second = edit_of(wish, [again], {}, {"trigger": "w0rd"})
    assert not [change for change in second.changes if change.id == 1]
