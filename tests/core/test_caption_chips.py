"""The chips of a caption: triggers as switches in front, then every other tag."""

from __future__ import annotations

from curator.core import tag_sources
from curator.core.caption_chips import chips_of
from curator.core.records import TagSource


def test_triggers_stand_in_front_on_or_off_and_the_tags_follow_in_their_order() -> None:
    chips = chips_of("smile, fr3d, hat", "", ("sw0rd", "fr3d"))
    assert [(chip.tag, chip.place, chip.is_on) for chip in chips] == [
        ("sw0rd", -1, False),
        ("fr3d", 1, True),
        ("smile", 0, True),
        ("hat", 2, True),
    ]
    assert chips[0].spoken == "Trigger sw0rd, off for this picture"


def test_a_trigger_inside_a_tag_is_on_and_the_tag_stays_a_chip() -> None:
    trigger, phrase = chips_of("photo of fr3d", "", ("fr3d",))
    assert (trigger.place, trigger.is_on) == (-1, True)
    assert phrase.tag == "photo of fr3d"


def test_a_chip_says_who_gave_its_tag() -> None:
    by = {"smile": TagSource("wd-v3", 0.831), "hat": TagSource("file"), "day": TagSource("rule")}
    chips = chips_of("smile, hat, day, mine", tag_sources.stored(by), ())
    assert [chip.by for chip in chips] == ["by wd-v3 at 83 %", "from a file", "by a rule", ""]
    assert chips[0].spoken == "smile, by wd-v3 at 83 %"


def test_the_same_tag_twice_is_two_chips() -> None:
    assert [chip.place for chip in chips_of("a, b, a", "", ())] == [0, 1, 2]
