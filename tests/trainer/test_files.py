"""Files and folders are whole under their name, or not there."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from trainer.errors import TrainerError
from trainer.files import claim_folder, disk_error, replaced, replaced_folder


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "a.txt"
    for text in ("first", "second"):
        with replaced(target) as beside:
            beside.write_text(text)
    assert target.read_text() == "second"
    assert list(target.parent.iterdir()) == [target]


def write_half(target: Path) -> None:
    with replaced(target) as beside:
        beside.write_text("ba")
        raise ValueError("half way")


def fill_half(target: Path) -> None:
    with replaced_folder(target) as new:
        (new / "a").write_text("a")
        raise ValueError("half way")


def test_a_failure_leaves_the_file_as_it_was_and_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("good")
    with pytest.raises(ValueError, match="half"):
        write_half(target)
    assert target.read_text() == "good"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    with pytest.raises(ValueError, match="half"):
        fill_half(target)
    assert list(tmp_path.iterdir()) == []
    with replaced_folder(target) as new:
        (new / "inner").mkdir()
        (new / "inner" / "a").write_text("a")
    assert (target / "inner" / "a").read_text() == "a"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_another_process_made_meanwhile_stays(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    with replaced_folder(target) as new:
        (new / "a").write_text("mine")
        target.mkdir()
        (target / "a").write_text("theirs")
    assert (target / "a").read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_that_refuses_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(TrainerError, match="could not be written"),
        replaced(tmp_path / "file" / "a"),
    ):
        pass


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "not allowed")],
)
def test_the_usual_reasons_have_words_of_their_own(code: int, words: str) -> None:
    assert words in disk_error(Path("a"), OSError(code, "?")).message


def test_a_name_that_is_too_long_for_its_checkpoints_is_told_before_the_work(
    tmp_path: Path,
) -> None:
    claim_folder(tmp_path, "a" * 150)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TrainerError, match="too long"):
        claim_folder(tmp_path, "a" * 215)


def test_a_claim_leaves_alone_what_a_run_of_a_longer_name_is_writing(tmp_path: Path) -> None:
    other = tmp_path / ".freddy-000001.safetensors.12.abc.tmp"
    for path in (other, tmp_path / ".fred.safetensors.12.abc.tmp"):
        path.touch()
    claim_folder(tmp_path, "fred")
    assert list(tmp_path.iterdir()) == [other]
