"""What pictures cover by their tags, where the gaps are, and what there is too much of."""

from __future__ import annotations

from curator.core.coverage import Coverage, counted_in_words, read_coverage
from curator.core.coverage_axes import axis_rules
from curator.core.edits import create_set, set_rating
from curator.core.project import Project
from curator.core.query import parse
from curator.core.records import ImageSet, Rating, SetKind
from tests.helpers.projects import fill


def no_group(_tag: str) -> str:
    return ""


def read(project: Project) -> Coverage:
    return read_coverage(project, no_group)


def numbers(coverage: Coverage, key: str, is_weighted: bool = False) -> dict[str, int]:
    values = coverage.axis(key).values
    return {value.name: coverage.number(value.ids, is_weighted) for value in values}


def test_pictures_are_counted_by_what_their_tags_mean(project: Project) -> None:
    fill(project, 3, ["closeup, from side", "headshot", "full body"])
    coverage = read(project)
    assert numbers(coverage, "framing") == {"close-up": 2, "upper body": 0, "full body": 1}
    assert len(coverage.axis("angle").untagged.ids) == 2
    assert counted_in_words(coverage) == "3 pictures; nothing is rated yet, so all are counted."


def test_only_what_is_trained_on_counts_and_repeats_can_weigh_it(project: Project) -> None:
    images = fill(project, 3, ["close-up", "close-up", "close-up"])
    project.apply(set_rating(images[:1], Rating.PRIMARY))
    project.apply(set_rating(images[1:2], Rating.SUPPORTING))
    coverage = read(project)
    assert numbers(coverage, "framing")["close-up"] == 2
    assert numbers(coverage, "framing", is_weighted=True)["close-up"] == 7
    assert counted_in_words(coverage) == "1 primary and 1 supporting pictures."
    assert counted_in_words(coverage, is_weighted=True).endswith("7 shown in an epoch.")


def test_regularization_pictures_are_left_out(project: Project) -> None:
    images = fill(project, 2, ["close-up", "close-up"])
    new = ImageSet(project.new_set_id(), "reg", SetKind.REGULARIZATION)
    project.apply(create_set(new, images[:1]))
    coverage = read(project)
    (value,) = [v for v in coverage.axis("framing").values if v.name == "close-up"]
    assert value.ids == {images[1].id}
    assert list(project.select(value.query)) == [images[1].id]


def test_each_value_and_the_untagged_rest_have_a_query_that_finds_just_them(
    project: Project,
) -> None:
    fill(project, 5, ["close-up, smile", "closeup (odd), full body", "from behind, night", "a", ""])
    coverage = read(project)
    for axis in coverage.axes:
        for value in (*axis.values, axis.untagged):
            if value.query:
                assert set(project.select(value.query)) == value.ids
            else:
                assert not value.ids


def test_gaps_and_surplus_are_said_in_words(project: Project) -> None:
    fill(project, 12, [*["close-up, from side"] * 10, "upper body, from front", "full body"])
    words = [found.words for found in read(project).findings()]
    assert "Framing: 83 % close-up" in words
    assert "Angle: 0 from behind" in words


def test_nothing_is_said_of_an_axis_that_no_tag_speaks_of(project: Project) -> None:
    fill(project, 2, ["dog", "cat"])
    assert read(project).findings() == []


def test_outfits_are_sets_and_an_empty_one_is_a_gap(project: Project) -> None:
    images = fill(project, 2, ["close-up", "a"])
    for name, its in (("ball", images[:1]), ("fight", [])):
        new = ImageSet(project.new_set_id(), name, SetKind.OUTFIT)
        project.apply(create_set(new, its))
    coverage = read(project)
    assert numbers(coverage, "outfit") == {"ball": 1, "fight": 0}
    assert "Outfit: 0 fight" in [found.words for found in coverage.findings()]
    assert coverage.axis("outfit").untagged.ids == {images[1].id}


def test_a_matrix_counts_pictures_that_have_both(project: Project) -> None:
    fill(project, 3, ["close-up, from side", "close-up, from side", "full body, from behind"])
    coverage = read(project)
    framing, angle = coverage.axis("framing"), coverage.axis("angle")
    found = coverage.matrix(framing, angle)
    names = [value.name for value in angle.values]
    rows = [value.name for value in framing.values]
    assert found[rows.index("close-up")][names.index("from the side")] == 2
    assert found[rows.index("full body")][names.index("from behind")] == 1
    assert sum(map(sum, found)) == 3


def test_other_tags_of_an_axis_group_are_values_of_their_own(project: Project) -> None:
    fill(project, 1, ["dutch angle"])
    coverage = read_coverage(project, {"dutch angle": "angle"}.get)  # type: ignore[arg-type]
    assert numbers(coverage, "angle")["dutch angle"] == 1


def test_every_declared_axis_can_be_read_and_no_tag_means_two_values() -> None:
    for rule in axis_rules():
        assert set(rule.wanted) <= set(rule.meanings.values())
        for tag in rule.meanings:
            assert tag == tag.casefold()
            parse(f'tag:"{tag}"')
