"""What stands beside the project's pictures after a command."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.commands import CommandLine


def caption_file(root: Path) -> Path:
    return root / "images" / "photo 0.txt"


def test_captions_and_ratings_stand_beside_the_pictures_after_every_command(
    curator: CommandLine, root: Path
) -> None:
    assert caption_file(root).read_text("utf-8").strip() == "fr3dd1e, on grass"
    curator("caption", root, "tag:fr3dd1e", "fr3dd1e, in snow")
    assert caption_file(root).read_text("utf-8").strip() == "fr3dd1e, in snow"
    curator("undo", root)
    assert caption_file(root).read_text("utf-8").strip() == "fr3dd1e, on grass"
    curator("rate", root, "1", "tag:fr3dd1e")
    assert "Rating" in (root / "images" / "photo 0.jpg.xmp").read_text("utf-8")


def test_an_outside_change_stays_until_it_is_settled(curator: CommandLine, root: Path) -> None:
    caption_file(root).write_text("changed outside", "utf-8")
    said = curator("caption", root, "tag:fr3dd1e", "changed inside")
    assert "1 file beside the pictures changed outside and stayed" in said.err
    shown = curator("mirror", root).out
    assert "- changed inside" in shown
    assert "+ changed outside" in shown
    assert caption_file(root).read_text("utf-8") == "changed outside"


def test_an_outside_change_is_taken_over_and_can_be_undone(
    curator: CommandLine, root: Path
) -> None:
    caption_file(root).write_text("changed outside", "utf-8")
    assert curator.ask("mirror", root, "--accept")["outside"] == []
    assert [row["caption"] for row in curator.ask("list", root, "outside")] == ["changed outside"]
    curator("undo", root)
    assert curator.ask("list", root, "outside") == []


def test_ours_is_written_over_an_outside_change_only_when_asked_to(
    curator: CommandLine, root: Path
) -> None:
    caption_file(root).write_text("changed outside", "utf-8")
    curator("mirror", root, "--keep")
    assert caption_file(root).read_text("utf-8").strip() == "fr3dd1e, on grass"


def test_both_at_once_is_wrong_usage(curator: CommandLine, root: Path) -> None:
    curator("mirror", root, "--keep", "--accept", code=2)


def test_a_file_that_was_deleted_outside_is_written_again(curator: CommandLine, root: Path) -> None:
    curator("rate", root, "1", "tag:fr3dd1e")
    sidecar = root / "images" / "photo 0.jpg.xmp"
    caption_file(root).unlink()
    sidecar.unlink()
    said = curator.ask("mirror", root)
    assert (said["written"], said["outside"]) == (2, [])
    assert caption_file(root).read_text("utf-8") == "fr3dd1e, on grass"
    assert sidecar.exists()
    assert curator.ask("mirror", root)["written"] == 0


def test_an_outside_change_is_told_by_the_next_command_whatever_it_is_about(
    curator: CommandLine, root: Path
) -> None:
    caption_file(root).write_text("changed outside", "utf-8")
    said = curator("rate", root, "1", "-tag:fr3dd1e")
    assert "1 file beside the pictures changed outside and stayed" in said.err
    assert caption_file(root).read_text("utf-8") == "changed outside"
    assert curator("rate", root, "2", "-tag:fr3dd1e").err == ""


def test_the_numbers_of_ratings_follow_the_setting_at_once(
    curator: CommandLine, root: Path
) -> None:
    curator("rate", root, "1", "tag:fr3dd1e")
    curator("set", root, "xmp_primary=5", "xmp_supporting=1")
    sidecar = root / "images" / "photo 0.jpg.xmp"
    assert 'xmp:Rating="5"' in sidecar.read_text("utf-8")
    assert "three different numbers" in curator("set", root, "xmp_rejected=1", code=1).err
    curator("undo", root)
    assert 'xmp:Rating="1"' in sidecar.read_text("utf-8")


def test_switched_off_nothing_is_written_until_it_is_on_again(
    curator: CommandLine, root: Path
) -> None:
    curator("set", root, "sidecars=no")
    curator("caption", root, "tag:fr3dd1e", "fr3dd1e, in snow")
    assert caption_file(root).read_text("utf-8") == "fr3dd1e, on grass"
    assert "sidecars=yes switches that on" in curator("mirror", root, code=1).err
    curator("set", root, "sidecars=yes")
    assert caption_file(root).read_text("utf-8") == "fr3dd1e, in snow"
