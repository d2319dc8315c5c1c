"""Faces in a picture, where there is a YuNet model."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from curator.core.errors import UserError
from curator.core.invocation import typed

WHERE = "Download YuNet on the page of models. Until then faces are not counted."
LEAST_SCORE = 0.8
LONG_SIDE_PX = 800  # faces from about a fortieth of the picture are found
_NON_MAXIMUM, _MOST = 0.3, 200


FaceBox = tuple[float, float, float, float]  # left, top, width, height, in shares of the picture


@dataclass(frozen=True, slots=True)
class Faces:
    """How many there are; `largest`: the height of the largest in percent of the picture's."""

    count: int
    largest: float


class FaceFinder:
    """OpenCV's YuNet (W. Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).

    Callable from any thread; each has a network of its own.
    """

    def __init__(self, model: Path) -> None:
        """Raises UserError for a file that is no YuNet model."""
        self._model = model
        self._of_thread = threading.local()
        self.find(np.zeros((64, 64, 3), np.uint8))

    def find(self, rgb: NDArray[np.uint8]) -> Faces:
        """The faces of a picture (height, width, 3), counted."""
        boxes = self.boxes(rgb)
        return Faces(len(boxes), 100 * max((box[3] for box in boxes), default=0.0))

    def boxes(self, rgb: NDArray[np.uint8]) -> list[FaceBox]:
        """Where the faces of a picture (height, width, 3) are, the largest first."""
        scale = min(1.0, LONG_SIDE_PX / max(rgb.shape[:2]))
        size = tuple(max(1, round(side * scale)) for side in (rgb.shape[1], rgb.shape[0]))
        small = cv2.cvtColor(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
        detector = self._detector()
        detector.setInputSize(size)
        try:
            _state, found = detector.detect(small)
        except cv2.error as error:
            raise _broken(self._model) from error
        rows = [] if found is None else [[float(number) for number in row[:4]] for row in found]
        rows.sort(key=lambda row: -row[3])
        wide, high = size
        return [(x / wide, y / high, w / wide, h / high) for x, y, w, h in rows]

    def _detector(self) -> cv2.FaceDetectorYN:
        there = getattr(self._of_thread, "detector", None)
        if there is None:
            try:
                there = cv2.FaceDetectorYN.create(
                    str(self._model), "", (320, 320), LEAST_SCORE, _NON_MAXIMUM, _MOST
                )
            except cv2.error as error:
                raise _broken(self._model) from error
            self._of_thread.detector = there
        return there


def _broken(model: Path) -> UserError:
    return UserError(
        f"{model} is no face detector that can be used.", WHERE, typed("models download yunet")
    )
