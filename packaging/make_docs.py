"""Makes the pictures and tables of the user guide from the running program: `./run.sh docs`.

Draws a practice project, opens the real window on it, goes through the tasks of the guide as a
person would, and takes a picture at each. Photos of other people are never part of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
KEYS = ROOT / "docs" / "keyboard.md"
HIGH_DENSITY = (1280, 720)  # at scale 2 on a screen of 2560 x 1440
PREPARED_FOR = "512"  # the practice model trains at less
EPOCHS = 4  # of the short training, until its picture is taken

from docs_project import draw_edited, practice_project  # noqa: E402
from docs_window import PICTURES, Photographer, rest, say, wait_for  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from curator.core.line_rules import Front  # noqa: E402
from curator.core.tag_rules import Replace  # noqa: E402
from curator.ui.action_rows import MENUS  # noqa: E402
from curator.ui.actions import ACTIONS  # noqa: E402
from curator.ui.chooser import Chooser  # noqa: E402
from curator.ui.dialogs.decide_many import DecideManyDialog  # noqa: E402


def keyboard_page() -> str:
    """The page of all keys, from the action table."""
    lines = ["# Keyboard", "", "Every action, as it is at first; *File > Keyboard* changes keys."]
    for menu in MENUS:
        lines += ["", f"## {menu.replace('&', '')}", "", "| action | keys |", "|---|---|"]
        for row in ACTIONS:
            if row.menu == menu:
                keys = ", ".join(f"`{key}`" for key in row.keys)
                lines.append(f"| {row.title.rstrip('…')} | {keys} |")
    return "\n".join(lines) + "\n"


def cull(at: Photographer) -> None:
    """The pictures about culling."""
    context = at.session.context
    context.go_to_row(4)
    at.take("grid")
    at.do("loupe")
    at.take("loupe")
    at.do("grid")
    context.selection.choose(context.model.ids[2:5], context.model.ids[3])
    at.do("compare")
    at.take("compare")
    at.do("grid")
    context.go_to_row(4)
    at.do("palette")
    palette = at.window.findChildren(Chooser)[-1]
    QTest.keyClicks(palette.edit, "re")
    at.take("palette", palette)
    palette.close()


def measured(at: Photographer) -> None:
    """The picture about quality."""
    at.do("measure_quality")
    wait_for(lambda: not at.session.context.jobs.running, "the measures")
    at.session.finder.ask("sort:sharp")
    rest(600)
    at.session.context.go_to_row(0)
    at.take("quality")
    at.session.finder.ask("")
    rest(600)


def balance(at: Photographer) -> None:
    """The picture about balance."""
    at.do("balance")
    at.take("balance")
    at.do("balance")


def prepare(at: Photographer) -> None:
    """The pictures about preparing."""
    context = at.session.context
    at.do("workspace_prepare")
    context.change_settings({"resolution": PREPARED_FOR})
    at.do("trainers_eye")
    context.go_to_row(1)
    at.take("buckets")
    at.do("trainers_eye")
    at.do("crop")
    bench = at.session.pictures.tools.bench
    wait_for(lambda: bench.tool and bench.stage.isVisible(), "the crop tool")
    at.take("prepare")
    at.do("tool_cancel")
    context.undo()
    at.do("grid")
    at.do("workspace_cull")


def caption(at: Photographer) -> None:
    """The pictures about captions."""
    context = at.session.context
    at.do("workspace_caption")
    context.go_to_row(4)
    at.do("loupe")
    at.do("edit_caption")
    at.take("caption")
    at.do("grid")
    context.selection.choose(context.model.ids[2:12], context.model.ids[4])
    at.take("caption-many")
    at.do("workspace_cull")


def bulk_captions(at: Photographer) -> None:
    """The pictures about captions of the whole set."""
    at.do("workspace_caption")
    parts = at.session.caption_parts.tags
    parts.panel.grouped.click()
    wait_for(lambda: parts.panel.list.tags.lines, "the tags")
    parts.panel.list.go_to("full body")
    at.take("tags")
    parts.panel.grouped.click()
    parts.edit_many([Replace(old="leaning", new="leaning to one side"), Front(tags="close-up")])
    assert parts.bulk is not None
    wait_for(lambda: parts.bulk and parts.bulk.diffs.diffs.images, "what would change")
    rest(1500)
    parts.bulk.grab().save(str(PICTURES / "bulk-captions.png"))
    parts.bulk.close()
    at.do("workspace_cull")


def train(at: Photographer) -> None:
    """The pictures about training, with a short real one."""
    at.do("workspace_train")
    rest(1500)
    at.take("train")
    at.do("start_training")
    status = at.session.training_parts.training
    wait_for(lambda: status.status.epoch >= EPOCHS, "some epochs")
    at.take("train-run")
    at.do("stop_training")
    wait_for(lambda: not status.status.is_running, "the end of the run")


def duplicates(at: Photographer, folder: Path) -> None:
    """The pictures about duplicates, of copies that somebody edited."""
    draw_edited(folder, folder / "edited")
    at.session.imports.start([folder / "edited"])
    wait_for(lambda: at.session.context.project.select("name:marked*"), "the copies")
    rest(1500)
    at.do("find_duplicates")
    wait_for(lambda: not at.session.context.jobs.running, "the duplicates")
    at.session.notices.clear()
    at.do("duplicates")
    deciding = at.session.pictures.duplicates.deciding
    wait_for(lambda: deciding.cases, "the groups")
    marked = at.session.context.project.select("name:marked*")[0]
    deciding.go_to(next(n for n, case in enumerate(deciding.cases) if marked in case.ids))
    deciding.choose(marked)
    at.take("duplicates")
    at.do("difference")
    at.take("duplicates-difference")
    at.do("decide_many")
    wait_for(lambda: at.window.findChildren(DecideManyDialog), "the dialog")
    dialog = at.window.findChildren(DecideManyDialog)[-1]
    for box in dialog.choices.values():
        box.setCurrentIndex(0)
    at.take("duplicates-many", dialog)
    dialog.close()


def themes(folder: Path, root: Path) -> None:
    """The same window in the light theme."""
    at = Photographer(folder, "light")
    at.open(root)
    at.session.context.go_to_row(4)
    at.take("grid-light")
    at.leave()


def usual(folder: Path) -> None:
    """All pictures at the usual size."""
    first = Photographer(folder, "dark")
    first.take("start")
    root = practice_project(folder)
    first.open(root)
    cull(first)
    measured(first)
    balance(first)
    prepare(first)
    caption(first)
    bulk_captions(first)
    train(first)
    first.do("workspace_cull")
    duplicates(first, folder)
    first.leave()
    themes(folder, root)


def large(folder: Path) -> None:
    """One at twice the size, for screens of high density."""
    at = Photographer(folder, "dark")
    at.window.resize(*HIGH_DENSITY)
    at.open(practice_project(folder))
    at.session.context.go_to_row(4)
    at.take("grid-2x")
    at.leave()


def main(arguments: list[str]) -> int:
    """Make everything; `large` is how the second process is called."""
    application = QApplication(["docs"])
    with tempfile.TemporaryDirectory() as name:
        (large if arguments else usual)(Path(name))
    del application
    if not arguments:
        KEYS.write_text(keyboard_page(), encoding="utf-8")
        say(f"  {KEYS.name}")
        environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
        return subprocess.call([sys.executable, __file__, "large"], env=environment)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
