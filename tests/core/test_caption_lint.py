"""What looks wrong in captions."""

from __future__ import annotations

import pytest

from curator.core.caption_lint import LintFinding, LintKind, lint
from curator.core.caption_rules import apply_rules
from curator.core.records import Image, ImageSet, SetKind
from curator.core.rule_context import RuleContext
from curator.core.settings import ProjectSettings
from curator.core.triggers import triggers_of
from tests.helpers.projects import record

SETTINGS = ProjectSettings(trigger="fr3dd1e")
LONG = ", ".join(["fr3dd1e", *(f"tag {n}" for n in range(40))])


def found(*images: Image, **given: object) -> list[LintFinding]:
    return lint(images, SETTINGS, **given)  # type: ignore[arg-type]


def captions(*texts: str) -> list[Image]:
    return [record(n, caption=text, rating=1) for n, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("caption", "kind", "mended"),
    [
        ("", LintKind.EMPTY, "fr3dd1e"),
        ("hat", LintKind.NO_TRIGGER, "fr3dd1e, hat"),
        (LONG, LintKind.TOO_LONG, None),
        ("fr3dd1e, 1girl, red hair, blonde hair", LintKind.CONTRADICTION, None),
        ("fr3dd1e, blue_eyes, Blue eyes", LintKind.REPEATED, "fr3dd1e, blue_eyes"),
        ("fr3dd1e, name (x", LintKind.PARENTHESES, None),
        ("fr3dd1e, x), name", LintKind.PARENTHESES, None),
    ],
)
def test_what_is_wrong_is_told_and_mended(caption: str, kind: str, mended: str | None) -> None:
    (finding,) = found(*captions(caption))
    assert (finding.kind, finding.images) == (kind, (1,))
    context = RuleContext([triggers_of(SETTINGS)])
    (new,) = apply_rules(finding.fix, [caption], context)
    assert (new == mended) if mended else bool(finding.fix) == (kind == LintKind.TOO_LONG)
    if finding.fix:
        assert found(*captions(new)) == []


@pytest.mark.parametrize(
    "caption",
    [
        "fr3dd1e, 2girls, red hair, blonde hair",
        "fr3dd1e, 1girl, multicolored hair, red hair, blonde hair",
        "photo of fr3dd1e, hat",
        "fr3dd1e, :), >:(, name (x), (red hat, cap:1.2)",
        "hat\nA fr3dd1e with a hat.",
    ],
)
def test_what_is_right_is_not_told(caption: str) -> None:
    assert found(*captions(caption)) == []


def test_no_trigger_is_missed_where_none_is_wanted() -> None:
    sets = [ImageSet(1, "bits", SetKind.MISC), ImageSet(2, "reg", SetKind.REGULARIZATION)]
    images = [
        record(1, caption="hat", rating=0),
        record(2, caption="hat", rating=1, set_id=1),
        record(3, caption="hat", set_id=2),
        record(4, caption="hat", rating=1, tag_sources="\nfr3dd1e,removed,"),
        record(5, caption="hat", rating=1, rejected=True),
        record(6, caption="hat", rating=1, removed=True),
    ]
    assert found(*images, sets=sets) == []


def test_an_outfit_wants_its_own_trigger_too() -> None:
    sets = [ImageSet(1, "coat", SetKind.OUTFIT, trigger="c0at")]
    (finding,) = found(record(1, caption="fr3dd1e", rating=1, set_id=1), sets=sets)
    assert (finding.kind, finding.tags) == (LintKind.NO_TRIGGER, ("c0at",))


def test_the_same_caption_is_told_of_different_pictures_only() -> None:
    same = "fr3dd1e, hat, grass, standing"
    (finding,) = found(*captions(same, same, "fr3dd1e, cap"))
    assert (finding.kind, finding.images, finding.fix) == (LintKind.IDENTICAL, (1, 2), ())
    assert found(*captions(same, same), copies=[(1, 2)]) == []
    assert found(*captions("fr3dd1e", "fr3dd1e")) == []


def test_a_typo_is_mended_but_a_trigger_is_none() -> None:
    images = captions(*(f"fr3dd1e, sunglasses, n{n}" for n in range(12)), "fr3dd1e, sunglases")
    (finding,) = found(*images)
    assert (finding.kind, finding.images) == (LintKind.TYPO, (13,))
    assert apply_rules(finding.fix, ["fr3dd1e, sunglases"]) == ["fr3dd1e, sunglasses"]
    assert found(*images, is_known=lambda tag: tag == "sunglases") == []
    settings = ProjectSettings(trigger="fr3dd1e", extra_triggers="sunglases")
    assert lint(images, settings) == []
