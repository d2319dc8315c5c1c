"""The sentences for files that give no picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from curator.imaging.bad_image import (
    BadImage,
    claims,
    decoding,
    not_a_picture,
    raw_photo,
    shown,
    too_big,
)


def test_only_names_of_pictures_and_videos_claim_to_be_one() -> None:
    assert [claims(Path(n)) for n in ("a.JPG", "a.webm", "a.nef", "a.svg")] == [True] * 4
    assert [claims(Path(n)) for n in ("a.txt", "a.json", "README", "a.html")] == [False] * 4


@pytest.mark.parametrize(
    ("name", "head", "sentence", "promised"),
    [
        ("a.jpg", b"", "a.jpg is empty.", True),
        ("a.txt", b"", "a.txt is empty.", False),
        ("a.jpg", b" \n<!doctype HTML>", "a.jpg is a web page, not a picture.", True),
        ("a.html", b"<html>", "a.html is a web page, not a picture.", False),
        ("a.cr2", b"??", "a.cr2 is a camera's raw file, which is not supported.", True),
        ("a.svg", b"<svg/>", "a.svg is not a picture or video that can be read.", True),
        ("a.pdf", b"%PDF", "a.pdf is not a picture.", False),
    ],
)
def test_a_file_that_is_no_picture_is_said_what_it_is(
    name: str, head: bytes, sentence: str, promised: bool
) -> None:
    error = not_a_picture(Path("folder") / name, head)
    assert (error.message, error.claims) == (sentence, promised)


def test_a_refusal_says_how_large_the_picture_is_and_what_to_do() -> None:
    error = too_big(Path("a.png"), 300_000_000, (40_000, 30_000))
    assert error.message == "a.png has 1,200 megapixels; the limit is 300 megapixels."
    assert "max_megapixels" in error.hint
    assert too_big(Path("a.png"), 2_500_000).message.endswith("the limit is 2.5 megapixels.")


def test_decoders_errors_become_refusals_and_refusals_stay() -> None:
    path = Path("a.gif")
    for error in (OSError("x"), SyntaxError("x"), IndexError(1), ZeroDivisionError()):
        with pytest.raises(BadImage, match=r"a\.gif is damaged"), decoding(path, 1):
            raise error
    with pytest.raises(BadImage, match="is too large"), decoding(path, 1):
        raise Image.DecompressionBombError
    with pytest.raises(BadImage, match="raw file"), decoding(path, 1):
        raise raw_photo(path)
    with pytest.raises(KeyboardInterrupt), decoding(path, 1):
        raise KeyboardInterrupt


def test_a_name_is_shown_without_line_breaks_and_broken_bytes() -> None:
    assert shown(Path("a\nb\udcff🐱.jpg")) == "a?b?🐱.jpg"
