"""What the pictures of the user guide show: a practice project, and copies that somebody edited."""

from __future__ import annotations

from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageDraw, ImageOps

from curator.core.caption_edits import change_captions
from curator.core.edits import assign_to_set, create_set
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import ImageSet
from curator.tasks.import_images import import_images
from curator.tasks.make_demo import CLASS_WORD, TRIGGER, caption_drawn, draw_demo, rate_drawn


def practice_project(folder: Path) -> Path:
    """A project of drawn pictures, rated, captioned and partly in a set."""
    root = folder / "tin robot"
    with Project.create(root) as project:
        drawn = draw_demo(Job(), folder / "scraped")
        import_images(Job(), project, [folder / "scraped"])
        images = project.images(project.select(""))
        for edit in [*rate_drawn(images, drawn), caption_drawn(images, drawn)]:
            project.apply(edit)
        hats = ImageSet(project.new_set_id(), "with a hat", "outfit", trigger="t1nh4t")
        project.apply(create_set(hats))
        images = project.images(project.select(""))
        project.apply(assign_to_set(images[3:9], hats))
        project.apply(change_captions("Clear captions", dict.fromkeys(images[-2:], "")))
        project.change_settings({"trigger": TRIGGER, "class": CLASS_WORD, "base": "practice"})
        project.change_settings({"resolution": "128"})
    return root


def draw_edited(folder: Path, edited: Path) -> None:
    """Copies of drawn pictures: one saved again and smaller, mirrored, with words upon it."""
    edited.mkdir()
    drawn = {path.stem: path for path in (folder / "scraped").iterdir()}
    with Pillow.open(drawn["robot-4"]) as first, Pillow.open(drawn["robot-6"]) as second:
        small = first.convert("RGB").resize((first.width * 3 // 4, first.height * 3 // 4))
        small.save(edited / "reposted.jpg", quality=60)
        ImageOps.mirror(second.convert("RGB")).save(edited / "mirrored.jpg", quality=90)
        marked = first.convert("RGB")
        ImageDraw.Draw(marked).text((20, 20), "example.org", fill="white", font_size=24)
        marked.save(edited / "marked.jpg", quality=90)
