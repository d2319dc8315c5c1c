"""What of other places a project has already."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from curator.core.duplicates import COPIES, Kind
from curator.core.edits import remove_images
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks.find_known import KnownReport, find_known
from tests.helpers.copied import WAYS, original, scraped
from tests.helpers.imported import bring_in, files
from tests.helpers.pictures import write


@pytest.fixture
def mine(project: Project, tmp_path: Path) -> dict[str, int]:
    """The ids of the originals in the project, by name."""
    pictures = {f"{seed}.png": original(seed) for seed in range(len(WAYS))}
    return {name: i.id for name, i in bring_in(project, tmp_path / "mine", pictures).items()}


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with the originals, a copy of each, a stranger and some that is no picture."""
    scraped(tmp_path / "there")
    (tmp_path / "there" / "notes.txt").write_text("nothing")
    return tmp_path / "there"


def known(report: KnownReport) -> dict[str, tuple[str, int]]:
    return {Path(one.path).name: (one.kind.value, one.of) for one in report.known}


def expected(mine: dict[str, int]) -> dict[str, tuple[str, int]]:
    whole = {name: ("bytes", id_) for name, id_ in mine.items()}
    return whole | {
        f"{seed} {name}": (kind, mine[f"{seed}.png"])
        for seed, (name, (_edit, kind)) in enumerate(WAYS.items())
    }


def test_the_pictures_of_a_folder_are_known_as_they_are_and_as_copies(
    project: Project, mine: dict[str, int], there: Path
) -> None:
    before = files(there)
    report = find_known(Job(), project, there)
    assert known(report) == expected(mine)
    assert report.new == [str(there / "4.png")]
    assert report.failed == []
    assert files(there) == before
    row = {"path": str(there / "0.png"), "kind": "bytes", "of": mine["0.png"], "name": "0.png"}
    assert row in report.as_json()
    assert known(find_known(Job(), project, there)) == expected(mine)


def test_several_copies_of_one_are_all_known(
    project: Project, mine: dict[str, int], tmp_path: Path
) -> None:
    for quality in (60, 70, 80):
        write(tmp_path / "there" / f"{quality}.jpg", original(0), quality=quality)
    report = find_known(Job(), project, tmp_path / "there")
    assert set(known(report).values()) == {("reencoded", mine["0.png"])}
    assert len(report.known) == 3


def test_archives_are_looked_into(
    project: Project, mine: dict[str, int], there: Path, tmp_path: Path
) -> None:
    shutil.make_archive(str(tmp_path / "packed"), "zip", there)
    report = find_known(Job(), project, tmp_path / "packed.zip")
    assert known(report) == expected(mine)
    assert report.new == [f"{tmp_path / 'packed.zip'}!/4.png"]


def test_another_project_is_read_and_not_touched(
    project: Project, mine: dict[str, int], there: Path, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "other") as other:
        bring_in(other, tmp_path / "more", {"5.png": original(5)})
        bring_in(other, there, {})
        find_known(Job(), project, other.root)  # while it is open
    before = files(tmp_path / "other")
    report = find_known(Job(), project, tmp_path / "other")
    assert known(report) == expected(mine)
    assert sorted(Path(path).name for path in report.new) == ["4.png", "5.png"]
    assert files(tmp_path / "other") == before


def test_kinds_are_chosen(project: Project, mine: dict[str, int], there: Path) -> None:
    report = find_known(Job(), project, there, [Kind.PIXELS])
    assert {kind for kind, _of in known(report).values()} == {"pixels"}
    assert len(report.known) == len(mine) + 1


def test_what_was_removed_is_new(project: Project, mine: dict[str, int], there: Path) -> None:
    project.apply(remove_images(project.images([mine["0.png"]])))
    report = find_known(Job(), project, there)
    assert {Path(path).name for path in report.new} == {"0.png", "0 same.bmp", "4.png"}


def test_an_empty_project_knows_nothing(project: Project, there: Path) -> None:
    report = find_known(Job(), project, there)
    assert report.known == []
    assert len(report.new) == 2 * len(WAYS) + 1


def test_what_can_not_be_read_is_told(project: Project, mine: dict[str, int], there: Path) -> None:
    (there / "9.jpg").write_bytes(b"spoilt")
    (project.root / project.image(mine["3.png"]).path).unlink()
    report = find_known(Job(), project, there)
    assert [path for path, _reason in report.failed] == [str(there / "9.jpg")]
    assert known(report)["3.png"] == ("bytes", mine["3.png"])


def test_places_that_make_no_sense_are_a_sentence(
    project: Project, mine: dict[str, int], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="no file or folder"):
        find_known(Job(), project, tmp_path / "nowhere")
    with pytest.raises(UserError, match="this project itself"):
        find_known(Job(), project, project.root, COPIES)
    assert find_known(Job(), project, project.images_dir) == KnownReport()
