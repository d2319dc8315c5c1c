"""Pictures written as the project shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as Pillow

from curator.core.edits import turn_images
from curator.core.errors import UserError
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.recipe import Turn
from curator.tasks.render_images import RenderReport, render_images
from tests.helpers.imported import bring_in
from tests.helpers.pictures import difference, draw, encode, exif, stored_for


def render(project: Project, dest: Path, suffix: str = ".png") -> RenderReport:
    images = project.images(project.select())
    return render_images(Job(), project, images, dest, suffix)


def test_pictures_come_upright_with_their_alpha_named_by_id(
    project: Project, tmp_path: Path
) -> None:
    turned = encode(stored_for(draw(1), 6), exif=exif(6), quality=95)
    clear = draw(2, alpha=True)
    images = bring_in(project, tmp_path / "in", {"turned.jpg": turned, "clear.png": clear})
    report = render(project, tmp_path / "out")
    assert {path.name for _id, path in report.written} == {f"{i.id}.png" for i in images.values()}
    with Pillow.open(tmp_path / "out" / f"{images['turned.jpg'].id}.png") as picture:
        assert picture.mode == "RGB"
        assert difference(picture.convert("RGB"), draw(1)) < 4
    with Pillow.open(tmp_path / "out" / f"{images['clear.png'].id}.png") as picture:
        assert picture.mode == "RGBA"
        assert picture.tobytes() == clear.tobytes()


def test_the_recipe_is_applied(project: Project, tmp_path: Path) -> None:
    images = bring_in(project, tmp_path / "in", {"a.png": draw(1)})
    project.apply(turn_images(list(images.values()), Turn(1)))
    render(project, tmp_path / "out")
    with Pillow.open(tmp_path / "out" / f"{images['a.png'].id}.png") as picture:
        expected = draw(1).transpose(Pillow.Transpose.ROTATE_270)
        assert picture.tobytes() == expected.tobytes()


def test_what_can_not_be_read_is_reported(project: Project, tmp_path: Path) -> None:
    images = bring_in(project, tmp_path / "in", {"a.png": draw(1), "b.png": draw(2)})
    (project.root / images["a.png"].path).write_bytes(b"no longer a picture")
    report = render(project, tmp_path / "out")
    assert [(id_, source) for id_, source, _why in report.failed] == [
        (images["a.png"].id, images["a.png"].source)
    ]
    assert [id_ for id_, _path in report.written] == [images["b.png"].id]


def test_it_can_be_cancelled(project: Project, tmp_path: Path) -> None:
    bring_in(project, tmp_path / "in", {f"{n}.png": draw(n) for n in range(9)})
    job = Job()
    job.cancel()
    images = project.images(project.select())
    with pytest.raises(Cancelled):
        render_images(job, project, images, tmp_path / "out")


def test_a_file_where_the_folder_should_be_is_a_sentence(project: Project, tmp_path: Path) -> None:
    bring_in(project, tmp_path / "in", {"a.png": draw(1)})
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(UserError, match="could not be written"):
        render(project, tmp_path / "out")
