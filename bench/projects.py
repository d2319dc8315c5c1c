"""Large projects without pictures, for the benchmarks."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

from curator.core.edits import add_images
from curator.core.project import Project
from curator.core.records import NewImage

CHUNK = 10_000
TAGS_EACH = 30


def filled(root: Path, rows: int, tags_each: int = TAGS_EACH) -> Project:
    """A new project of `rows` records with captions and mixed ratings, open."""
    project = Project.create(root)
    rng = random.Random(rows)
    vocabulary = [f"tag{n}" for n in range(2000)]
    for start in range(0, rows, CHUNK):
        ids = project.new_image_ids(min(CHUNK, rows - start))
        found = [_record(id_, rng, vocabulary, tags_each) for id_ in ids]
        project.apply(add_images(ids, group="fill"), facts=found)
    return project


def _record(id_: int, rng: random.Random, vocabulary: list[str], tags_each: int) -> NewImage:
    tags = rng.choices(vocabulary, k=tags_each)
    return NewImage(
        id=id_,
        path=f"images/photo-{id_}.jpg",
        name=f"photo {id_}.jpg",
        source=f"/photos/scraped {id_ % 100}/photo {id_}.jpg",
        sha256=hashlib.sha256(str(id_).encode()).hexdigest(),
        frame=0,
        frames=1,
        format="jpeg",
        width=rng.randrange(200, 4000),
        height=rng.randrange(200, 4000),
        size_bytes=rng.randrange(50_000, 5_000_000),
        added=1_700_000_000 + id_,
        taken=1_600_000_000 + id_ * 1000,
        caption=", ".join(tags),
        rating=rng.choices((0, 1, 2), (5, 1, 3))[0],
    )
