"""Where pictures go in Kohya's folders, and under which names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.dataset_layout import Placed, lay_out
from curator.core.records import Image, ImageSet, Rating, SetKind
from curator.core.settings import ProjectSettings
from tests.helpers.projects import record

SETTINGS = ProjectSettings(trigger="fr3dd1e", class_word="dog")


def image(id_: int = 1, **values: object) -> Image:
    return record(id_, **({"rating": Rating.PRIMARY} | values))


def repeats(picture: Image, in_set: ImageSet | None) -> int:
    return {Rating.PRIMARY: 5, Rating.SUPPORTING: 2}[Rating(picture.rating)]


def placed(
    *images: Image, sets: tuple[ImageSet, ...] = (), settings: ProjectSettings = SETTINGS
) -> tuple[Placed, ...]:
    return lay_out(images, {one.id: one for one in sets}, settings, repeats)


def test_a_folder_is_named_by_repeats_trigger_and_class() -> None:
    first, second = placed(image(1), image(2, rating=Rating.SUPPORTING))
    assert first.picture_path == "img/5_fr3dd1e dog/photo 1.jpg"
    assert first.caption_path == "img/5_fr3dd1e dog/photo 1.txt"
    assert second.folder.path == "img/2_fr3dd1e dog"


def test_unrated_rejected_and_removed_pictures_stay_out() -> None:
    out = (image(1, rating=0), image(2, rejected=True), image(3, removed=True))
    assert [one.image.id for one in placed(*out, image(4))] == [4]


def test_the_trigger_of_a_set_stands_beside_that_of_the_project() -> None:
    outfit = ImageSet(7, "red", trigger="r3d", class_word="coat")
    (one,) = placed(image(set_id=7), sets=(outfit,))
    assert one.folder.path == "img/5_fr3dd1e r3d coat"
    assert one.caption == "fr3dd1e r3d coat"


def test_sets_that_agree_in_repeats_trigger_and_class_share_a_folder() -> None:
    sets = (ImageSet(1, "a"), ImageSet(2, "b", class_word="dog"))
    result = placed(image(1, set_id=1), image(2, set_id=2), image(3), sets=sets)
    assert len({one.folder for one in result}) == 1


def test_regularization_pictures_need_no_rating_and_have_no_trigger() -> None:
    reg = ImageSet(1, "plain dogs", kind=SetKind.REGULARIZATION, repeats=9)
    (one,) = placed(image(rating=0, set_id=1), sets=(reg,))
    assert (one.folder.path, one.folder.is_reg, one.caption) == ("reg/1_dog", True, "dog")


def test_a_style_without_trigger_and_class_still_has_a_folder_and_captions() -> None:
    (one,) = placed(image(), settings=ProjectSettings())
    assert (one.folder.path, one.caption) == ("img/5_style", "style")


def test_triggers_that_no_name_can_hold_keep_their_folders_apart() -> None:
    sets = (ImageSet(1, "a", trigger="x/y"), ImageSet(2, "b", trigger="x:y"))
    one, two = placed(image(1, set_id=1), image(2, set_id=2), sets=sets, settings=ProjectSettings())
    assert one.folder.class_tokens == "x/y"
    assert one.folder.path != two.folder.path
    assert Path(one.folder.path).parts[:1] == ("img",)
    assert len(Path(one.folder.path).parts) == 2


@pytest.mark.parametrize(
    ("caption", "line"),
    [("a, b", "a, b"), ("a\nb\r\n\n c ", "a, b c"), ("  ", "fr3dd1e dog"), ("", "fr3dd1e dog")],
)
def test_a_caption_is_one_line_and_never_empty(caption: str, line: str) -> None:
    (one,) = placed(image(caption=caption))
    assert one.caption == line
    assert one.captioned == bool(caption.strip())


def test_a_lossless_source_becomes_a_png_and_a_photo_a_jpeg() -> None:
    names = [
        placed(image(format=format_))[0].picture_path.rsplit(".", 1)[1]
        for format_ in ("jpeg", "mpo", "heif", "png", "gif", "tiff", "webp", "mp4")
    ]
    assert names == ["jpg", "jpg", "jpg", "png", "png", "png", "png", "png"]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=20))
def test_names_never_meet_and_never_look_like_something_else(names: list[str]) -> None:
    result = placed(*(image(n, name=name) for n, name in enumerate(names, 1)))
    stems = [one.stem for one in result]
    assert len({stem.casefold() for stem in stems}) == len(names)
    for stem in stems:
        assert stem.count("_") < 4  # sd-scripts cuts four parts off names with five and more
        assert "." not in stem
        assert "/" not in stem
        assert not stem.startswith("-")
