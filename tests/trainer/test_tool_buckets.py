"""`python -m trainer buckets` tells what sd-scripts would do with pictures of given sizes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from trainer.__main__ import main
from trainer.perform import EXIT_USER

VECTORS = json.loads((Path(__file__).parent / "data" / "buckets.json").read_text())["select"]
USUAL = ("--resolution", "512", "--min", "256", "--max", "1024", "--step", "64")


@pytest.mark.parametrize("mode", ["upscale", "no_upscale"])
def test_all_sizes_of_the_reference_are_told(
    mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sizes"
    path.write_text("".join("{} {}\n".format(*row["image"]) for row in VECTORS))
    more = ["--no-upscale"] if mode == "no_upscale" else []
    assert main(["buckets", *USUAL, *more, "--sizes", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["size"] for row in told] == [row["image"] for row in VECTORS]
    for row, expected in zip(told, VECTORS, strict=True):
        bucket, resized = expected[mode]["bucket"], expected[mode]["resized"]
        assert (row["bucket"], row["scaled_to"]) == (bucket, resized)
        loss = 1 - bucket[0] * bucket[1] / (resized[0] * resized[1])
        assert row["crop_loss"] == pytest.approx(loss, abs=1e-12)


def test_people_read_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("512 768\n\n"))
    assert main(["buckets", *USUAL, "--sizes", "-"]) == 0
    assert capsys.readouterr().out == "512x768 -> 384x640, scaled to 427x640, 10.1% cropped\n"


@pytest.mark.parametrize(
    ("arguments", "text", "words"),
    [
        ((), "5 x", "Line 1 of the sizes is '5 x'"),
        ((), "5 0", "Line 1"),
        (("--max", "256"), "5 5", "max_bucket_reso is 256"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(
    arguments: tuple[str, ...],
    text: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(["buckets", *arguments, "--sizes", "-"]) == EXIT_USER
    assert words in capsys.readouterr().err
    assert main(["buckets", "--sizes", "/nowhere"]) == EXIT_USER
