"""What the details say about quality."""

from __future__ import annotations

from curator.core.edits import reject
from curator.core.measures import Measures
from curator.core.project import Project
from curator.core.quality_facts import NOT_MEASURED, guess_facts, quality_facts
from curator.core.records import Measured, RejectGuess, RejectGuesses
from tests.helpers.projects import fill


def test_measures_and_size_are_told(project: Project) -> None:
    (image,) = fill(project, 1)
    assert quality_facts(project, image, 512) == [
        ("Size", "108 % of 512 px"),
        ("Measures", NOT_MEASURED),
    ]
    project.record([Measured(image.id, Measures(sharpness=12.2), 0.0, bytes(224))])
    assert quality_facts(project, image, 512)[1:] == [("Sharpness", "12")]


def test_a_guess_is_told_with_its_reasons_while_the_picture_is_undecided(project: Project) -> None:
    (image,) = fill(project, 1)
    assert guess_facts(project, image) == []
    project.record([RejectGuesses((RejectGuess(image.id, 0.91, ("soft", "small")),))])
    (_guess, share), (_because, reasons) = guess_facts(project, image)
    assert share.startswith("91 %")
    assert reasons == "• soft\n• small"
    project.apply(reject([image]))
    assert guess_facts(project, project.image(image.id)) == []
