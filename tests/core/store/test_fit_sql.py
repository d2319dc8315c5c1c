"""Asking a real project how its pictures train."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from curator.core import edits
from curator.core.crops import add_crops
from curator.core.edits import Edit
from curator.core.project import Project
from curator.core.recipe import Recipe, Turn
from curator.core.recipe_edits import change_recipes, clear_recipes
from curator.core.records import Image
from curator.core.shown_size import shown_size
from curator.core.steps import Crop
from curator.core.store import schema
from curator.core.store.connection import open_writer
from curator.core.store.query_sql import compile_query
from curator.core.training_fit import Fit, fit_of
from curator.core.training_rule import rule_of
from tests.helpers.older import insert
from tests.helpers.projects import new_image

SIZES = [(512, 768), (1920, 1080), (512, 512), (300, 400), (2000, 2000), (640, 384), (100, 4000)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        ids = made.new_image_ids(len(SIZES))
        found = [
            new_image(id_, width=width, height=height)
            for id_, (width, height) in zip(ids, SIZES, strict=True)
        ]
        made.apply(edits.add_images(ids), facts=found)
        yield made


def fits(project: Project) -> dict[int, Fit]:
    """By a plain reading of the records."""
    rule = rule_of(project.settings)
    images = project.images(project.select())
    return {image.id: fit_of(shown_size(image), rule) for image in images}


def turn(images: list[Image]) -> Edit:
    return change_recipes("Turn", images, lambda recipe: recipe.turned(Turn(1)))


def check(project: Project) -> None:
    known = fits(project)
    for bucket in {fit.bucket for fit in known.values()}:
        found = list(project.select("bucket:{}x{}".format(*bucket)))
        assert found == [id_ for id_, fit in known.items() if fit.bucket == bucket]
    lost = [id_ for id_, fit in known.items() if fit.loss > 0.05]
    assert list(project.select("crop_loss:>5%")) == list(project.select("crop_loss:>.05")) == lost
    enlarged = [id_ for id_, fit in known.items() if fit.scale > 1.25]
    assert list(project.select("upscale:>1.25")) == enlarged
    by_loss = sorted(known, key=lambda id_: (-known[id_].loss, id_))
    assert list(project.select("sort:-crop_loss")) == by_loss
    assert list(project.select("sort:upscale")) == sorted(known, key=lambda i: known[i].scale)
    shapes = [known[id_].bucket for id_ in project.select("sort:bucket")]
    assert shapes == sorted(shapes, key=lambda bucket: (bucket[0] / bucket[1], bucket))


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"resolution": "1024"},
        {"options": "bucket_no_upscale=yes"},
        {"options": "resolution=512,768 bucket_reso_steps=32"},
        {"options": "enable_bucket=no", "trigger": "fr3dd1e"},
        {"options": "min_bucket_reso=2000"},  # which does not fit
    ],
)
def test_queries_find_what_the_trainer_would_do_whatever_the_settings(
    project: Project, changed: dict[str, str]
) -> None:
    check(project)
    project.change_settings(changed)
    check(project)


def test_what_a_recipe_makes_of_a_picture_counts_and_undo_takes_it_back(project: Project) -> None:
    assert list(project.select("bucket:384x640")) == [1]
    project.apply(turn(project.images([1, 6])))
    assert list(project.select("bucket:640x384")) == [1, 2]
    assert list(project.select("bucket:384x640")) == [6]
    assert list(project.select("width:512")) == [1, 3]  # of the file
    assert project.shown_sizes("id:1") == Counter({(768, 512): 1})
    check(project)
    project.undo()
    assert list(project.select("bucket:384x640")) == [1]
    project.redo()
    project.apply(clear_recipes(project.images([1])))
    assert project.shown_sizes("id:1,6") == Counter({(512, 768): 1, (384, 640): 1})


def test_a_crop_counts_as_large_as_it_is_from_the_start(project: Project) -> None:
    recipe = Recipe((Crop(0, 0, 300, 400, 512, 768),))
    edit, made = add_crops(
        project, project.images([1]), project.new_image_ids, 5.0, recipes={1: recipe}
    )
    project.apply(edit, made)
    assert project.shown_sizes("is:crop") == Counter({(300, 400): 1})
    project.apply(turn(project.images([made[0].id])))
    assert project.shown_sizes("is:crop") == Counter({(400, 300): 1})
    project.undo()
    assert project.shown_sizes("is:crop") == Counter({(300, 400): 1})


def test_losses_and_scales_are_found_as_they_are_shown(project: Project) -> None:
    assert list(project.select("crop_loss:10%")) == [1]
    assert list(project.select("crop_loss:0")) == [3, 5, 6]
    assert list(project.select("upscale:1")) == [3, 6]
    assert list(project.select("upscale:<1 crop_loss:0..2%")) == [5]
    assert list(project.select("bucket:512x*")) == [3, 5]


def test_facets_of_a_bucket_are_counted(project: Project) -> None:
    assert project.facets("bucket:512x512").total == 2


def test_the_buckets_there_are_stand_in_the_vocabulary(project: Project) -> None:
    assert project.vocabulary().buckets == (
        *(("512x512", 2), ("640x384", 2)),
        *(("256x1024", 1), ("384x640", 1), ("448x576", 1)),
    )


def test_filters_read_an_index_alone(project: Project) -> None:
    db = open_writer(project.root / "project.db")
    compiled = compile_query("bucket:512x512 upscale:>1 sort:crop_loss")
    plan = db.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.params).fetchall()
    db.close()
    assert "USING COVERING INDEX images_measured" in str(plan)


def test_older_projects_learn_the_sizes_after_their_recipes(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "project.db")
    schema.migrate(db, schema.MIGRATIONS[:7])
    newer = json.dumps([{"kind": "of a newer version"}])
    for id_, recipe in enumerate(["", Recipe((Turn(1),)).to_json(), newer]):
        insert(db, "images", id=id_, frame=id_, width=300, height=200, recipe=recipe)
    schema.migrate(db)
    shown = db.execute("SELECT shown_width, shown_height FROM images ORDER BY id").fetchall()
    db.close()
    assert shown == [(300, 200), (200, 300), (300, 200)]
