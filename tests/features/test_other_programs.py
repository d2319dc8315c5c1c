"""Ratings between this program and others: exiftool reads and writes, and knows nothing of us."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from curator.core.edits import judge_images, rate_as_found, reject, set_rating
from curator.core.import_options import ImportOptions
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.ratings import JUDGEMENTS, judged, meaning_of, word
from curator.core.records import Image, Rating
from curator.tasks.import_images import import_images
from curator.tasks.mirror_captions import accept_outside, mirror_captions, outside_changes
from curator.tasks.read_ratings import read_ratings
from tests.helpers.pictures import draw, write

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="set-up brings exiftool on Linux alone"
)
CUSTOM = {"xmp_primary": "5", "xmp_supporting": "3", "xmp_rejected": "1"}
# As digiKam writes it: lists twice, a rating of its own kinds, and what nobody else knows.
DIGIKAM = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:acdsee="http://ns.acdsee.com/iptc/1.0/"
    xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"
    xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:odd="https://example.org/odd/1.0/"
   xmp:Rating="4" acdsee:rating="4" MicrosoftPhoto:Rating="75" digiKam:PickLabel="3"
   digiKam:ColorLabel="2" odd:Mood="a &quot;calm&quot; &gt; one">
   <digiKam:TagsList><rdf:Seq><rdf:li>People/Réne</rdf:li></rdf:Seq></digiKam:TagsList>
   <lr:hierarchicalSubject><rdf:Bag><rdf:li>People|Réne</rdf:li></rdf:Bag></lr:hierarchicalSubject>
   <dc:subject><rdf:Bag><rdf:li>Réne</rdf:li><rdf:li>hat</rdf:li></rdf:Bag></dc:subject>
   <odd:Steps rdf:parseType="Resource"><odd:First>one</odd:First></odd:Steps>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def exiftool(*arguments: object) -> str:
    """What exiftool prints."""
    assert shutil.which("exiftool"), "Install exiftool: apt-get install libimage-exiftool-perl"
    command = ["exiftool", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=True, timeout=300).stdout.decode()


def rating_beside(picture: Path) -> int | None:
    """The rating that a reader finds who looks for photo.jpg.xmp beside photo.jpg."""
    found = json.loads(exiftool("-j", "-n", "-XMP:Rating", "-srcfile", "%d%F.xmp", picture))
    assert Path(found[0]["SourceFile"]).name == f"{picture.name}.xmp"
    return found[0].get("Rating")


def all_but_the_rating(sidecar: Path) -> dict[str, Any]:
    """Every property in it with its group, each as often as it stands there."""
    (found,) = json.loads(exiftool("-j", "-n", "-G1", "-a", "-struct", "-XMP:all", sidecar))
    assert len(found) > 3
    return {name: value for name, value in found.items() if name != "XMP-xmp:Rating"}


def write_rating(path: Path, rating: int, *more: str) -> None:
    exiftool("-q", "-overwrite_original", "-n", f"-XMP-xmp:Rating={rating}", *more, path)


def mirror(project: Project) -> None:
    assert mirror_captions(Job(), project).outside == []


@pytest.fixture
def image(project: Project, tmp_path: Path) -> Image:
    """A picture in the project, neither rated nor captioned."""
    write(tmp_path / "mine" / "photo.jpg", draw(1))
    return bring_in(project, tmp_path / "mine")


def bring_in(project: Project, folder: Path, **options: Any) -> Image:
    """The first picture that an import brings."""
    report = import_images(Job(), project, [folder], ImportOptions(**options))
    return project.image(report.accepted[0].id)


@pytest.mark.parametrize("settings", [{}, CUSTOM])
def test_other_programs_read_the_rating_that_i_gave(
    project: Project, image: Image, settings: dict[str, str]
):
    if settings:
        project.change_settings(settings)
    picture = project.root / image.path
    for name in ("primary", "supporting", "rejected", "primary"):
        project.apply(judge_images([project.image(image.id)], {image.id: JUDGEMENTS[name]}))
        mirror(project)
        key = f"xmp_{name}"
        expected = settings.get(
            key, {"xmp_primary": 1, "xmp_supporting": 2, "xmp_rejected": -1}[key]
        )
        assert rating_beside(picture) == int(expected), name
    project.change_settings({"xmp_primary": "4"})
    mirror(project)
    assert rating_beside(picture) == 4
    project.apply(set_rating([project.image(image.id)], Rating.UNRATED))
    mirror(project)
    assert not Path(f"{picture}.xmp").exists()


@pytest.mark.parametrize("settings", [{}, CUSTOM])
def test_a_sidecar_of_digikams_keeps_all_else_when_i_rate(
    project: Project, image: Image, settings: dict[str, str]
):
    if settings:
        project.change_settings(settings)
    picture = project.root / image.path
    sidecar = Path(f"{picture}.xmp")
    sidecar.write_text(DIGIKAM, "utf-8")
    before = all_but_the_rating(sidecar)
    assert {"XMP-digiKam:TagsList", "XMP-lr:HierarchicalSubject", "XMP-odd:Mood"} <= set(before)
    accept_outside(project, outside_changes(project))
    assert project.image(image.id).rating == Rating.SUPPORTING
    for rejected in (True, False):
        now = [project.image(image.id)]
        project.apply(reject(now) if rejected else set_rating(now, Rating.UNRATED))
        mirror(project)
        assert all_but_the_rating(sidecar) == before
        assert rating_beside(picture) == (int(settings.get("xmp_rejected", -1)) if rejected else 0)


@pytest.mark.parametrize("number", [-1, 1, 2, 3, 4, 5])
def test_a_sidecar_that_another_program_made_is_shown_and_then_merged(
    project: Project, image: Image, number: int
):
    picture = project.root / image.path
    sidecar = Path(f"{picture}.xmp")
    write_rating(
        sidecar, number, "-XMP-dc:Subject=hat", "-XMP-dc:Subject=snow", "-XMP-xmp:Label=Red"
    )
    before = all_but_the_rating(sidecar)
    becomes = word(project.settings.rating_numbers.judgement(number))
    changes = outside_changes(project)
    if becomes != "unrated":
        assert [(change.old, change.new) for change in changes] == [("unrated", becomes)]
    accept_outside(project, changes)
    mirror(project)
    assert rating_beside(picture) == number
    project.apply(set_rating([project.image(image.id)], Rating.UNRATED))
    project.apply(set_rating([project.image(image.id)], Rating.PRIMARY))
    mirror(project)
    assert rating_beside(picture) == 1
    assert all_but_the_rating(sidecar) == before


@pytest.mark.parametrize("settings", [{}, CUSTOM])
def test_what_another_program_writes_into_our_sidecar_is_shown_and_taken_over(
    project: Project, image: Image, settings: dict[str, str]
):
    if settings:
        project.change_settings(settings)
    project.apply(set_rating([image], Rating.PRIMARY))
    mirror(project)
    sidecar = Path(f"{project.root / image.path}.xmp")
    write_rating(sidecar, project.settings.xmp_rejected, "-XMP-dc:Subject=hat")
    (change,) = outside_changes(project)
    assert (change.old, change.new) == ("primary", "rejected")
    assert read_ratings(Job(), project, [image]).mirrored == {image.id: JUDGEMENTS["rejected"]}
    accept_outside(project, [change])
    assert project.image(image.id).rejected
    project.undo()
    mirror(project)
    assert rating_beside(project.root / image.path) == project.settings.xmp_primary
    assert all_but_the_rating(sidecar)["XMP-dc:Subject"] == ["hat"]


def test_ratings_and_keywords_that_another_program_wrote_into_a_jpeg_come_along(
    project: Project, tmp_path: Path
):
    path = write(tmp_path / "mine" / "photo.jpg", draw(1))
    write_rating(path, 4, "-XMP-dc:Subject=hat", "-XMP-dc:Subject=snow")
    image = bring_in(project, tmp_path / "mine", in_place=True)
    assert (image.rating, image.caption) == (Rating.SUPPORTING, "hat, snow")
    write_rating(path, 5)
    write_rating(tmp_path / "mine" / "photo.jpg.xmp", 2)
    before = {p: p.read_bytes() for p in path.parent.iterdir()}
    found = read_ratings(Job(), project, [image])
    assert found.found == {image.id: 2}
    meaning = meaning_of("2=reject", found.counts)
    project.apply(rate_as_found([image], found.found, meaning))
    assert judged(project.image(image.id)) == JUDGEMENTS["rejected"]
    mirror(project)
    assert {p: p.read_bytes() for p in path.parent.iterdir()} == before
