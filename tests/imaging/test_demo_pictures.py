"""The demo's drawn pictures."""

from __future__ import annotations

from curator.imaging.demo_pictures import draw, scenes
from tests.helpers.pictures import difference


def test_there_are_enough_and_they_vary() -> None:
    all_scenes = scenes()
    assert len(all_scenes) >= 24
    assert len({scene.size for scene in all_scenes}) >= 5
    assert len({scene.suffix for scene in all_scenes}) >= 4
    assert len({scene.place for scene in all_scenes}) >= 5
    assert {scene.closeup for scene in all_scenes} == {True, False}
    assert 6 <= sum(scene.clear for scene in all_scenes) < len(all_scenes) / 2
    assert any(scene.blurred for scene in all_scenes)


def test_they_are_the_same_every_time() -> None:
    scene = scenes()[5]
    assert scenes() == scenes()
    assert draw(scene).tobytes() == draw(scene).tobytes()


def test_a_picture_has_the_size_of_its_scene_and_is_like_no_other() -> None:
    first, *others = [scene for scene in scenes() if scene.size == scenes()[0].size]
    picture = draw(first)
    assert (picture.size, picture.mode) == (first.size, "RGB")
    assert all(difference(picture, draw(other)) > 10 for other in others)


def test_captions_begin_with_the_trigger_and_tell_what_changes() -> None:
    captions = {scene.caption("t1nb0t") for scene in scenes()}
    assert all(caption.startswith("t1nb0t, ") for caption in captions)
    assert len(captions) > 12
    assert not any("scarf" in caption or "turquoise" in caption for caption in captions)
