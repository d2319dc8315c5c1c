"""The product's main job in a user's words: a folder of photos becomes a trained LoRA."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors import safe_open

from tests.helpers.commands import CommandLine
from tests.helpers.pictures import draw, encode, exif, stored_for, write

TRAINING = (
    "--base", "practice", "--set", "resolution=64", "--set", "max_train_epochs=2",
    "--set", "network_dim=4", "--set", "learning_rate=1e-3", "--set", "torch_threads=1",
    "--set", "max_validation_steps=1", "--set", "sample_prompts=a dog --s 2",
)  # fmt: skip


@pytest.fixture
def curator(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture
def scraped(tmp_path: Path) -> Path:
    """What a scraper left: several formats, one turned, one captioned, one that is no picture."""
    folder = tmp_path / "scraped"
    for number in range(3):
        write(folder / f"dog {number}.jpg", draw(number, (96, 64)))
    (folder / "turned.jpg").write_bytes(encode(stored_for(draw(5, (64, 96)), 6), exif=exif(6)))
    write(folder / "sub" / "cut out.png", draw(6, (80, 80), alpha=True))
    write(folder / "sub" / "dog 0.webp", draw(7, (64, 64)))
    write(folder / "blurry.jpg", draw(8, (64, 64)))
    (folder / "dog 0.txt").write_text("fr3dd1e, on grass", "utf-8")
    (folder / "expired.jpg").write_text("<html>This picture is gone</html>", "utf-8")
    return folder


def test_from_a_folder_of_photos_to_a_checkpoint_per_epoch(
    curator: CommandLine, tmp_path: Path, scraped: Path
) -> None:
    # I make a project and drop the folder on it.
    project = tmp_path / "fred"
    curator("new", project)
    imported = curator.ask("import", project, scraped)
    assert len(imported["accepted"]) == 7
    assert [Path(row["source"]).name for row in imported["rejected"]] == ["expired.jpg"]

    # I cull and rate.
    curator("rate", project, "reject:blurry", "name:blurry*")
    curator("rate", project, "primary", "name:dog*")
    curator("rate", project, "supporting", "rating:0 -is:rejected")
    curator("rate", project, "supporting", "name:*.webp")

    # I thought better of the last one.
    curator("undo", project)
    assert len(curator.ask("list", project, "rating:1")) == 4

    # I caption what has none, and name the subject.
    curator("caption", project, "is:uncaptioned rating:1", "fr3dd1e, sitting")
    curator("set", project, "trigger=fr3dd1e", "class=dog", "repeats=3,1")

    # I look at what the trainer would get.
    exported = curator.ask("export", project, tmp_path / "dataset")
    assert {row["path"]: row["images"] for row in exported["folders"]} == {
        "img/3_fr3dd1e dog": 4,
        "img/1_fr3dd1e dog": 2,
    }

    # I train, and find a checkpoint per epoch and a picture for each in the project.
    trained = curator.ask("train", project, *TRAINING)
    checkpoints = [Path(path) for path in trained["checkpoints"]]
    assert [path.relative_to(project).as_posix() for path in checkpoints] == [
        "checkpoints/fr3dd1e-001/fr3dd1e-000001.safetensors",
        "checkpoints/fr3dd1e-001/fr3dd1e.safetensors",
    ]
    assert len(list((project / "samples" / "fr3dd1e-001").glob("*.png"))) == 2

    # The checkpoint says in other programs what it was trained on.
    with safe_open(checkpoints[-1], "pt") as file:
        told = file.metadata() or {}
    assert told["ss_training_comment"] == "fr3dd1e"
    folders = json.loads(told["ss_dataset_dirs"])
    assert folders["3_fr3dd1e dog"] == {"n_repeats": 3, "img_count": 4}

    # It was undercooked, so I go on from the last one.
    again = curator.ask("train", project, *TRAINING, "--from", checkpoints[-1])
    assert again["run"] == "fr3dd1e-002"
    assert checkpoints[-1].read_bytes() != Path(again["checkpoints"][-1]).read_bytes()

    # Nothing of mine was touched.
    assert (scraped / "dog 0.txt").read_text("utf-8") == "fr3dd1e, on grass"
    assert len([path for path in scraped.rglob("*") if path.is_file()]) == 9
