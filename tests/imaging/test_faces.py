"""The face detector: where its file lies, and what is said of one that can't be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curator.core.errors import UserError
from curator.imaging.faces import FaceFinder, Faces
from tests.helpers.onnx_files import write_white_finder


def test_faces_are_counted_and_the_largest_is_told(tmp_path: Path) -> None:
    finder = FaceFinder(write_white_finder(tmp_path / "face_detection_yunet_white.onnx"))
    picture = np.zeros((640, 480, 3), np.uint8)
    assert finder.find(picture) == Faces(0, 0.0)
    picture[64:96, 64:96] = picture[320:352, 128:160] = 255
    assert finder.find(picture) == Faces(2, 5.0)
    twice = picture.repeat(2, axis=0).repeat(2, axis=1)  # of which it looks at 800 pixels
    twice[128:512, 128:512] = 255
    assert finder.find(twice).count > 2


@pytest.mark.parametrize("content", [b"", b"no model at all", None])
def test_a_file_that_is_no_model_is_a_sentence_that_says_where_to_get_one(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "face_detection_yunet.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match="no face detector") as refused:
        FaceFinder(path)
    assert "Download YuNet" in refused.value.hint
    assert "models download yunet" in refused.value.command


def test_the_place_of_each_face_is_told_in_shares_of_the_picture(tmp_path: Path) -> None:
    finder = FaceFinder(write_white_finder(tmp_path / "face_detection_yunet_white.onnx"))
    picture = np.zeros((640, 480, 3), np.uint8)
    picture[64:96, 64:96] = 255
    ((left, top, width, height),) = finder.boxes(picture)
    assert (width, height) == (pytest.approx(32 / 480), pytest.approx(32 / 640))
    assert abs(left - 64 / 480) < 0.05
    assert abs(top - 64 / 640) < 0.05
