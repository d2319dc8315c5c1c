"""A project with edited copies of photos in it, and how they lie on each other."""

from __future__ import annotations

from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageOps

from curator.core.duplicates import Kind, Pair
from curator.core.overlay import MIRROR, SAME, Affine
from curator.core.project import Project
from tests.helpers.imported import bring_in
from tests.helpers.pictures import photo

SIZE = (480, 360)
MIDDLE: Affine = (0.5, 0.0, 0.25, 0.0, 0.5, 0.25)
FRAMED: Affine = (1.25, 0.0, -0.125, 0.0, 4 / 3, 0.0 - 1 / 6)


def copies() -> dict[str, Pillow.Image]:
    """By file name: `a` twice more and smaller, once mirrored; `b` cut; `c` framed; `d` alone."""
    a, b, c, d = (photo(n, SIZE, grain=0) for n in range(4))
    return {
        "a-half.png": a.resize((240, 180), Pillow.Resampling.LANCZOS),
        "a-mirrored.png": ImageOps.mirror(a).resize((360, 270), Pillow.Resampling.LANCZOS),
        "a.png": a,
        "b-cut.png": b.crop((120, 90, 360, 270)),
        "b.png": b,
        "c-framed.png": ImageOps.expand(c, 60, "white"),
        "c.png": c,
        "d.png": d,
    }


def make_copies(folder: Path) -> Path:
    """A project of these pictures with three groups found in it, closed again."""
    root = folder / "copies"
    with Project.create(root) as project:
        images = bring_in(project, folder / "scraped", copies())
        found = (
            ("a-half", "a", Kind.REENCODED, SAME, 1.0, 1.0),
            ("a-mirrored", "a", Kind.EDITED, MIRROR, 1.0, 1.0),
            ("b-cut", "b", Kind.EDITED, MIDDLE, 1.0, 0.25),
            ("c-framed", "c", Kind.EDITED, FRAMED, 0.6, 1.0),
        )
        for one, other, kind, matrix, covers_a, covers_b in found:
            ids = images[f"{one}.png"].id, images[f"{other}.png"].id
            shares = {"covers_a": covers_a, "covers_b": covers_b}
            project.record([Pair(*ids, kind, **shares, matrix=matrix)])
    return root
