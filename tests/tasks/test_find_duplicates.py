"""The search for duplicates: what is found of copies, in what steps, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typing_extensions import override

from curator.core.duplicates import Kind, Pair, between
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.store.fingerprints import NAME
from curator.imaging import described
from curator.imaging.described import fingerprints_for, key_of
from curator.imaging.fingerprints import VERSION
from curator.tasks import find_duplicates as task
from curator.tasks.find_duplicates import DuplicatesReport, find_duplicates
from curator.tasks.import_images import import_images
from tests.helpers.copied import WAYS, original, scraped
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw, write


class StoppedSoon(Job):
    """Is cancelled at its sixth cancel point."""

    checks = 0

    @override
    def check(self) -> None:
        self.checks += 1
        if self.checks == 6:
            self.cancel()
        super().check()


def search(project: Project, job: Job | None = None) -> DuplicatesReport:
    return find_duplicates(job or Job(), project)


def kinds_by_name(project: Project) -> dict[str, str]:
    """The kind of each pair that was found, by the later name; the seed stands first in both."""
    found = {}
    for pair in project.all_pairs(Kind):
        one, other = (image.name for image in project.images(pair.key))
        assert one.split()[0].split(".")[0] == other.split()[0].split(".")[0]
        found[one if " " in one else other] = pair.kind.value
    return found


@pytest.fixture
def kinds(project: Project, tmp_path: Path) -> dict[str, str]:
    """The kinds of the copies that are in the project, by name."""
    made = scraped(tmp_path / "photos")
    import_images(Job(), project, [tmp_path / "photos"])
    return made


def test_copies_are_found_with_their_kinds_and_a_second_run_looks_at_nothing(
    project: Project, kinds: dict[str, str]
) -> None:
    parts: list[Any] = []
    report = search(project, Job(on_part=parts.append))
    assert kinds_by_name(project) == kinds
    assert [pair for part in parts for pair in part] == report.found
    assert (report.compared, report.failed) == (2 * len(WAYS) + 1, [])
    again = search(project)
    assert again.as_json() == {"compared": 0, "looked_at": 0, "failed": []}


def test_what_comes_later_is_compared_with_what_is_there(project: Project, tmp_path: Path) -> None:
    bring_in(project, tmp_path / "a", {f"{n}.png": original(n) for n in range(3)})
    search(project)
    edit, kind = WAYS["cut.jpg"]
    bring_in(project, tmp_path / "b", {"0 cut.jpg": edit(original(0))})
    report = search(project)
    assert kinds_by_name(project) == {"0 cut.jpg": kind}
    assert (report.compared, len(report.found)) == (1, 1)


def test_where_a_copy_lies_on_the_other_is_known(project: Project, tmp_path: Path) -> None:
    whole = original(0)
    cut = whole.crop((60, 30, 210, 150))
    images = bring_in(project, tmp_path / "a", {"a.png": whole, "b.png": cut, "c.png": original(1)})
    (pair,) = search(project).found
    assert pair.key == (images["a.png"].id, images["b.png"].id)
    expected = (240 / 150, 0, -60 / 150, 0, 180 / 120, -30 / 120)
    assert pair.matrix == pytest.approx(expected, abs=0.03)
    assert pair.covers_a == pytest.approx(150 * 120 / (240 * 180), abs=0.03)
    assert pair.covers_b == pytest.approx(1, abs=0.03)
    assert not pair.is_mirrored


def test_a_cancelled_search_keeps_what_it_found_and_goes_on(
    project: Project, kinds: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "SAVED_EVERY", 4)
    job = Job(on_part=lambda _part: job.cancel())
    with pytest.raises(Cancelled):
        search(project, job)
    assert len(project.all_pairs(Kind)) in range(1, len(kinds))
    assert search(project).compared in range(1, 2 * len(WAYS) + 1)
    assert kinds_by_name(project) == kinds


def test_what_is_described_outlives_a_cancelled_search(
    project: Project, kinds: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(described, "SAVED_EVERY", 2)
    with pytest.raises(Cancelled):
        search(project, StoppedSoon())
    with fingerprints_for(project) as prints:
        keys = [key_of(image.sha256) for image in project.images(project.select())]
        assert len(prints.known(keys)) in range(2, len(keys))
    search(project)
    assert kinds_by_name(project) == kinds


def test_a_deleted_cache_is_made_again(project: Project, kinds: dict[str, str]) -> None:
    search(project)
    (project.cache_dir / NAME).unlink()
    assert search(project).compared == 0
    write(project.root / "new" / "9.png", original(9))
    import_images(Job(), project, [project.root / "new"])
    assert search(project).compared == 1
    assert kinds_by_name(project) == kinds


def test_a_file_that_vanished_is_told_and_the_others_are_compared(
    project: Project, kinds: dict[str, str]
) -> None:
    (lost,) = project.images(project.select('name:"4.png"'))
    (project.root / lost.path).unlink()
    for _ in range(2):
        report = search(project)
        assert [(id_, source) for id_, source, _why in report.failed] == [(lost.id, lost.source)]
        assert report.as_json()["failed"][0]["reason"]
    assert kinds_by_name(project) == kinds
    assert lost.id not in project.compared(VERSION)


def test_nothing_but_vanished_files_is_told_too(project: Project, tmp_path: Path) -> None:
    (image,) = bring_in(project, tmp_path / "a", {"a.png": original(0)}).values()
    (project.root / image.path).unlink()
    assert len(search(project).failed) == 1


def test_pictures_of_a_single_row_do_not_stop_the_search(project: Project, tmp_path: Path) -> None:
    pictures = {"a.png": Image.new("RGB", (1, 1)), "b.png": Image.new("RGB", (2000, 2), "red")}
    bring_in(project, tmp_path / "a", pictures)
    report = search(project)
    assert (report.compared, report.found, report.failed) == (2, [], [])


def test_pictures_of_one_colour_are_no_copies_of_each_other(
    project: Project, tmp_path: Path
) -> None:
    colours = [(n * 5, 120, 250 - n * 5) for n in range(40)]
    sizes = [(64, 48), (48, 64), (64, 64)]
    pictures = {
        f"{n}.png": Image.new("RGB", sizes[n % 3], colour) for n, colour in enumerate(colours)
    }
    bring_in(project, tmp_path / "a", pictures)
    report = search(project)
    assert not report.found
    assert report.looked_at < 40 * 45


def test_more_than_a_hundred_copies_are_one_group_without_comparing_each_with_each(
    project: Project, tmp_path: Path
) -> None:
    picture, number = draw(0), 120
    pictures = {f"{n}.png": _saved_as(picture, n) for n in range(number)}
    bring_in(project, tmp_path / "a", pictures)
    report = search(project)
    (group,) = project.duplicate_groups()
    assert len(group.ids) == number
    assert report.looked_at < number * 45


def _saved_as(picture: Image.Image, number: int) -> Image.Image:
    """A copy in other bytes: one corner differs."""
    copy = picture.copy()
    copy.putpixel((0, 0), (number, 10, 60))
    return copy


def test_a_pair_that_alone_joins_two_parts_is_looked_at_once_more(
    project: Project, tmp_path: Path
) -> None:
    """Also when the search that found it did not come to that."""
    pictures = {f"{n}.png": original(n // 3) for n in range(6)}
    for n in range(6):
        pictures[f"{n}.png"] = _saved_as(pictures[f"{n}.png"], n)
    images = bring_in(project, tmp_path / "a", pictures)
    search(project)
    assert [len(group.ids) for group in project.duplicate_groups()] == [3, 3]
    one, other = images["2.png"].id, images["3.png"].id
    project.record([Pair(one, other, Kind.EDITED, 0.93)])
    assert len(project.duplicate_groups()) == 1
    search(project)
    assert [len(group.ids) for group in project.duplicate_groups()] == [3, 3]
    assert [pair.key for pair in project.all_pairs([Kind.SHOT])] == [(one, other)]
    assert len(between(project.duplicate_groups()[0].ids)) == 3
