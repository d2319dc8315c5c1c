"""Kill -9 at random moments during import, editing, export and training, and look at what is left.

Run: python bench/kill.py [--import N] [--edit N] [--export N] [--train N] [--seed N]; by default a
hundred kills, a few minutes. After each: the project opens, SQLite's integrity check passes,
everything that was acknowledged is there, and no file bears its final name half-written. In the end
the training that was killed again and again has the very weights of one that ran undisturbed.
Exits 1 at the first thing that is lost.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image as Pillow
from survivors import (
    ENDED,
    check_captions,
    check_copies,
    check_database,
    check_pictures,
    contents,
    demand,
    weights,
)

from curator.core.jobs import Job
from curator.core.project import Project
from curator.imaging.demo_pictures import draw, scenes
from curator.tasks.import_images import import_images

MAIN = Path(__file__).resolve().parents[1] / "main.py"
PICTURES = 400
IMPORT = """
import json, sys
from pathlib import Path
from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks.import_images import import_images
with Project.open(Path(sys.argv[1])) as project:
    def tell(edit):
        print(json.dumps([c.id for c in edit.changes if c.field == "removed"]), flush=True)
    project.subscribe(tell)
    print("[]", flush=True)
    import_images(Job(), project, [Path(sys.argv[2])])
"""
EDIT = f"""
import sys
from pathlib import Path
from curator.core import caption_edits, edits
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Rating
from curator.tasks.mirror_captions import mirror_captions
with Project.open(Path(sys.argv[1])) as project:
    ids = project.select()
    print(0, flush=True)
    for number in range(int(sys.argv[2]), 10**9):
        image = project.image(ids[number % len(ids)])
        project.apply(caption_edits.change_captions("x", {{image: f"number {{number}}{ENDED}"}}))
        project.apply(edits.set_rating([image], Rating(number % 3)))
        print(number, flush=True)
        if number % 7 == 0:
            mirror_captions(Job(), project)
        if number % 11 == 0:
            project.undo()
            project.redo()
"""
RUN_OPTIONS = ("max_train_epochs=6", "sample_every_n_epochs=0", "seed=3")


@contextmanager
def child(*command: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def kill_after(process: subprocess.Popen[str], wait_s: float) -> tuple[bool, list[str]]:
    """Whether it was still running when killed, and what it had said by then."""
    time.sleep(wait_s)
    process.kill()
    said, complaint = process.communicate()
    killed = process.returncode == -signal.SIGKILL
    demand(killed or process.returncode == 0, f"the command failed by itself: {complaint[-2000:]}")
    lines = said.splitlines(keepends=True)
    return killed, [line for line in lines if line.endswith("\n")]


def scraped(source: Path, dice: random.Random) -> None:
    source.mkdir()
    for number in range(PICTURES):
        noise = dice.randbytes(64 * 48 * 3)
        picture = Pillow.frombytes("RGB", (64, 48), noise).resize((800, 600))
        picture.save(source / f"photo {number}.jpg", quality=90)


def during_import(folder: Path, kills: int, dice: random.Random) -> Iterator[str]:
    source = folder / "scraped"
    scraped(source, dice)
    root, round_ = folder / "import-0", 0
    Project.create(root).close()
    started = time.monotonic()
    with Project.create(folder / "whole") as project:
        import_images(Job(), project, [source])
    whole_s = time.monotonic() - started
    acknowledged: list[int] = []
    done = 0
    while done < kills:
        with child("-c", IMPORT, str(root), str(source)) as process:
            first = process.stdout.readline() if process.stdout else ""
            demand(first == "[]\n", "the import did not start")
            killed, said = kill_after(process, dice.uniform(0, 1.2 * whole_s))
        acknowledged += [id_ for line in said for id_ in json.loads(line)]
        check_database(root)
        check_pictures(root / "images")
        check_pictures(root / "cache")
        count = check_copies(root, acknowledged)
        done += killed
        yield f"import {done}/{kills}: {count} of {PICTURES} in, {len(acknowledged)} acknowledged"
        if not killed or count == PICTURES:
            with Project.open(root) as project:
                import_images(Job(), project, [source])
                demand(len(project.select()) == PICTURES, "a picture, after importing again")
            shutil.rmtree(root)
            round_ += 1
            root, acknowledged = folder / f"import-{round_}", []
            Project.create(root).close()


def demo_project(folder: Path) -> Path:
    """A small project with pictures to edit, export and train on."""
    source, root = folder / "drawn", folder / "project"
    source.mkdir()
    for scene in scenes():
        draw(scene).resize((128, 128)).save(source / f"{scene.number}.png")
    with Project.create(root) as project:
        import_images(Job(), project, [source])
        project.change_settings({"trigger": "t1nb0t", "class": "robot", "resolution": "128"})
    run("rate", str(root), "1", "id:1..12")
    run("rate", str(root), "2", "id:13..28")
    return root


def run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, str(MAIN), *command], capture_output=True, text=True, check=False
    )
    demand(done.returncode == 0, f"{' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout


def during_editing(root: Path, kills: int, dice: random.Random) -> Iterator[str]:
    number = 1
    for done in range(1, kills + 1):
        with child("-c", EDIT, str(root), str(number)) as process:
            first = process.stdout.readline() if process.stdout else ""
            demand(first == "0\n", "the editing did not start")
            _killed, said = kill_after(process, dice.uniform(0, 0.7))
        last = int(said[-1]) if said else number - 1
        check_database(root)
        check_pictures(root / "images")
        check_pictures(root / "cache")
        check_captions(root, last)
        number = last + 1
        yield f"edit {done}/{kills}: {last} edits acknowledged"


def during_export(root: Path, kills: int, dice: random.Random) -> Iterator[str]:
    dest = root.parent / "dataset"
    started = time.monotonic()
    run("export", str(root), str(dest))
    whole_s = time.monotonic() - started
    wanted = contents(dest)
    done = 0
    while done < kills:
        if dice.random() < 0.5:
            shutil.rmtree(dest)
        else:  # some of it is out of date
            run("caption", str(root), "id:1..9", f"written anew {done}")
            wanted = {}
        with child(str(MAIN), "export", str(root), str(dest)) as process:
            killed, _said = kill_after(process, dice.uniform(0.3 * whole_s, whole_s))
        done += killed
        check_pictures(dest)
        if (dest / "dataset.toml").exists():
            tomllib.loads((dest / "dataset.toml").read_text("utf-8"))
        run("export", str(root), str(dest))
        demand(not wanted or contents(dest) == wanted, "the export differs after a kill")
        wanted = contents(dest)
        yield f"export {done}/{kills}: {len(wanted)} files as they should be"


def during_training(root: Path, kills: int, dice: random.Random) -> Iterator[str]:
    train = ["train", str(root), "--base", "practice", "--json"]
    train += [part for option in RUN_OPTIONS for part in ("--set", option)]
    started = time.monotonic()
    whole = json.loads(run(*train))["checkpoints"]
    whole_s = time.monotonic() - started
    wanted = weights(Path(whole[-1]))
    final = Path(whole[-1]).name
    command, done = train, 0
    while done < kills:
        with child(str(MAIN), *command) as process:
            killed, _said = kill_after(process, dice.uniform(0.4 * whole_s, whole_s))
        done += killed
        check_database(root)
        newest = max((root / "runs").iterdir(), key=lambda path: path.stat().st_mtime)
        saved = sorted((root / "checkpoints" / newest.name).glob("*.safetensors"))
        for path in saved:
            weights(path)
        yield f"train {done}/{kills}: {newest.name}, {len(saved)} whole checkpoints"
        if not killed:
            check_same(root, newest.name, final, wanted)
        left = killed and any(newest.rglob("state.safetensors"))
        command = [*train[:2], "--resume"] if left else train
    run(*command)
    newest = max((root / "runs").iterdir(), key=lambda path: path.stat().st_mtime)
    check_same(root, newest.name, final, wanted)
    yield f"train: {newest.name} ended with the very weights of the undisturbed run"


def check_same(root: Path, name: str, final: str, wanted: dict[str, str]) -> None:
    found = weights(root / "checkpoints" / name / final)
    demand(found == wanted, f"{name}: its weights differ from the undisturbed run's")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, kills in (("import", 40), ("edit", 35), ("export", 15), ("train", 10)):
        parser.add_argument(f"--{name}", type=int, default=kills)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    wanted = vars(parser.parse_args())
    dice = random.Random(wanted["seed"])
    print(f"seed {wanted['seed']}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report(during_import(folder, wanted["import"], dice))
        root = demo_project(folder)
        report(during_editing(root, wanted["edit"], dice))
        report(during_export(root, wanted["export"], dice))
        report(during_training(root, wanted["train"], dice))
    total = sum(wanted[name] for name in ("import", "edit", "export", "train"))
    print(f"{total} kills, nothing lost")


def report(lines: Iterator[str]) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
