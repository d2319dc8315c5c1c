"""Cutting a subject out: GrabCut by strokes, and what takes the background's place."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageColor

from curator.core.geometry import Size, covering, placed
from curator.core.steps import PICTURE, CutOut
from curator.imaging.reshape import BLUR, TRANSPARENT, blurred_cover, resized
from curator.imaging.retouch import Mask, mask_of

_COARSE_PX, _FINE_PX = 320, 640  # the longer side of what GrabCut sees; its time grows with area
_ROUNDS = 4
_MARGIN = 0.03  # without strokes of background, a rim of this share is taken for it
_BAND = 3  # coarse pixels on both sides of the edge that is found again on the fine picture
Known = NDArray[np.uint8]  # (height, width), of GrabCut's four words


def grab(step: CutOut, picture: Pillow.Image) -> Mask:
    """The subject by GrabCut (Rother et al., 2004), of shape (height, width), from 0 to 1.

    Strokes of `kept` are subject for sure, those of `dropped` background. The subject is found on
    a coarse picture, its edge again on a finer one.
    """
    coarse, fine = (_within(picture.size, side) for side in (_COARSE_PX, _FINE_PX))
    known = _cut(picture, _told(step, coarse), _ROUNDS)
    if fine != coarse:
        known = _cut(picture, _with_edge(_told(step, fine), _subject(known)), 1)
    whole = cv2.resize(_subject(known), picture.size, interpolation=cv2.INTER_CUBIC)
    return np.clip(whole, 0, 1).astype(np.float32)


def _within(size: Size, side: int) -> Size:
    factor = min(1.0, side / max(size))
    return max(round(size[0] * factor), 3), max(round(size[1] * factor), 3)


def _told(step: CutOut, size: Size) -> Known:
    """What the strokes say; all else is probably subject."""
    known = np.full((size[1], size[0]), cv2.GC_PR_FGD, np.uint8)
    if not step.dropped:
        rim_x, rim_y = max(round(size[0] * _MARGIN), 1), max(round(size[1] * _MARGIN), 1)
        known[:rim_y], known[-rim_y:], known[:, :rim_x], known[:, -rim_x:] = (cv2.GC_BGD,) * 4
    known[mask_of(step.dropped, size) > 0.5] = cv2.GC_BGD
    known[mask_of(step.kept, size) > 0.5] = cv2.GC_FGD
    return known


def _with_edge(told: Known, subject: Mask) -> Known:
    """What is told, where nothing is told what a coarse subject says, with doubt about its edge."""
    height, width = told.shape
    coarse = cv2.resize(subject, (width, height), interpolation=cv2.INTER_NEAREST)
    side = 2 * math.ceil(_BAND * width / subject.shape[1]) + 1
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    known = np.where(coarse > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    known[cv2.erode(coarse, near) > 0] = cv2.GC_FGD
    known[cv2.dilate(coarse, near) == 0] = cv2.GC_BGD
    is_told = told != cv2.GC_PR_FGD
    known[is_told] = told[is_told]
    return known


def _cut(picture: Pillow.Image, known: Known, rounds: int) -> Known:
    """What GrabCut makes of it; the same where there is nothing to be told apart."""
    if not 0 < _subject(known).mean() < 1:
        return known
    small = picture.convert("RGB").resize(known.shape[::-1])
    pixels = np.ascontiguousarray(np.asarray(small)[..., ::-1])
    cv2.setRNGSeed(0)  # the same strokes cut the same, everywhere
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    nothing = (0, 0, 1, 1)  # the strokes say it all
    mode = cv2.GC_INIT_WITH_MASK
    cv2.grabCut(pixels, known, nothing, background, foreground, rounds, mode)
    return known


def _subject(known: Known) -> Mask:
    mask: Mask = np.isin(known, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    return mask


def replace_background(
    step: CutOut,
    picture: Pillow.Image,
    mask: Mask,
    other: Callable[[str], Pillow.Image] | None = None,
) -> Pillow.Image:
    """The picture with `step.fill` where the mask is 0.

    `other`: gives another picture by its sha256.
    """
    alpha = Pillow.fromarray((np.clip(mask, 0, 1) * 255 + 0.5).astype(np.uint8))
    if picture.mode == "RGBA":
        own = np.asarray(picture.getchannel("A"), np.float32)
        alpha = Pillow.fromarray((np.asarray(alpha) * own / 255 + 0.5).astype(np.uint8))
    subject = picture.convert("RGB")
    if step.fill == TRANSPARENT:
        subject.putalpha(alpha)
        return subject
    return Pillow.composite(subject, _ground(step, subject, other), alpha)


def _ground(
    step: CutOut, subject: Pillow.Image, other: Callable[[str], Pillow.Image] | None
) -> Pillow.Image:
    if step.fill == BLUR:
        return blurred_cover(subject, subject.size)
    if step.fill.startswith(PICTURE) and other is not None:
        behind = other(step.fill.removeprefix(PICTURE)).convert("RGB")
        cover = covering(behind.size, subject.size)
        return resized(behind, cover).crop(placed(subject.size, cover))
    return Pillow.new("RGB", subject.size, ImageColor.getrgb(step.fill)[:3])
