"""What is said about one picture, and about several."""

from __future__ import annotations

from dataclasses import replace

from curator.core.balance import count_groups, plan_of, plan_repeats
from curator.core.edits import add_images, create_set, reject, set_rating
from curator.core.image_facts import facts_of_many, file_facts, source_facts, training_facts
from curator.core.project import Project
from curator.core.records import ImageSet, ImportNote, Rating, RejectReason
from curator.core.settings import ProjectSettings
from curator.core.shares import standing
from tests.helpers.projects import new_image, record

PLAIN = ProjectSettings()
COAT = ImageSet(7, "red coat")


def test_a_file_is_described() -> None:
    facts = dict(file_facts(replace(record(1), width=3000, height=2000, frame=2, frames=12)))
    assert facts["Picture"] == "3,000 x 2,000\n6.0 MP, 3:2"
    assert facts["File"] == "jpeg, 1.0 kB"
    assert facts["Frame"] == "3 of 12"
    assert "Frame" not in dict(file_facts(record(1)))


def test_a_source_tells_only_what_is_known() -> None:
    image = replace(record(1), source="/scraped/a.jpg")
    note = ImportNote(1, 0.0, (), licence="CC0")
    assert source_facts(image, note) == [("From", "/scraped/a.jpg"), ("Licence", "CC0")]
    assert source_facts(image, None) == [("From", "/scraped/a.jpg")]


def test_what_the_training_makes_of_a_picture() -> None:
    image = record(1, rating=Rating.PRIMARY, set_id=7)
    plan = plan_repeats(count_groups([image, record(2, rating=2)], {7: COAT}), PLAIN)
    facts = dict(training_facts(image, COAT, standing(image, COAT, plan, PLAIN)))
    assert facts["Set"] == "red coat"
    assert facts["Shown"] == "5 times an epoch"
    assert facts["Share"] == "71 % of the steps"


def test_why_a_picture_takes_no_part_is_said() -> None:
    image = replace(record(1), rejected=True, reject_reason="blurry")
    facts = training_facts(image, None, standing(image, None, plan_repeats([], PLAIN), PLAIN))
    assert facts == [
        ("Rating", "rejected: blurry"),
        ("Set", "none"),
        ("Trained on", "no. It is rejected (blurry)."),
    ]


def test_several_pictures_are_counted_and_summed_up(project: Project) -> None:
    ids = project.new_image_ids(4)
    odd = {"width": 100, "height": 50, "size_bytes": 2_000_000, "caption": "cat", "format": "png"}
    found = [new_image(ids[0], width=900), *(new_image(id_) for id_ in ids[1:3])]
    project.apply(add_images(ids), [*found, new_image(ids[3], **odd)])
    project.apply(set_rating(project.images(ids[:2]), Rating.PRIMARY))
    project.apply(create_set(COAT, project.images(ids[1:2])))
    project.apply(reject(project.images(ids[2:3]), RejectReason.BLURRY))
    summed = project.summary([*ids, 99])
    assert summed is not None
    sets = {one.id: one for one in project.sets()}
    facts = dict(facts_of_many(summed, sets, plan_of(project), project.settings))
    assert facts["Ratings"] == "2 primary\n1 unrated\n1 rejected"
    assert facts["Sets"] == "3 none\n1 red coat"
    assert facts["Captions"] == "1 of 4"
    assert facts["Share"] == "100 % of the steps"
    assert facts["Formats"] == "3 jpeg\n1 png"
    assert facts["Files"] == "2.0 MB"
    assert (facts["Smallest"], facts["Largest"]) == ("100 x 50", "900 x 480")


def test_of_pictures_that_are_gone_there_is_nothing_to_sum_up(project: Project) -> None:
    assert project.summary([98, 99]) is None
