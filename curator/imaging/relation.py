"""How two pictures are related, from how one lies on the other."""

from __future__ import annotations

import numpy as np

from curator.core.duplicates import Kind
from curator.imaging.alignment import Alignment
from curator.imaging.fingerprints import Fingerprint

# Chosen on copies made by bench/duplicate_pictures.py, see docs/duplicates.md.
COPY = 0.925  # median correlation of the tiles of a copy
FEW_INLIERS = 20  # below which a copy must be surer
SURER = 0.95
FEW_CHANGED, MANY_CHANGED = 0.2, 0.45  # of the tiles of a copy
HARDLY_CHANGED = 0.1
SHINES_THROUGH = 0.35  # correlation of tiles under a watermark
WHOLE_BITS, FRAME_BITS = 14, 20  # of 64 in which pHashes differ; different pictures: 18 and more
MOST_AGREE = 0.6  # of the features, which then outweigh many changed tiles
MANY_AGREE = 0.4  # the same, where hardly any tile changed
SOME_AGREE = 0.2  # the same, where they lie in another place
EVEN, EVEN_WORST, EVEN_REMAINS, EVEN_BITS = 0.8, 0.5, 0.5, 4  # of a copy a little off all over
SHOT, SHOT_INLIERS, SHOT_COVERS = 0.6, 20, 0.5
SCENE_INLIERS, SCENE_SUPPORT = 30, 0.12
SAME_FRAME = 0.97  # of both, that the other shows
SAME_LEAST = 0.9  # correlation of every tile of one that was only saved again
SAME_TURN_DEG, SAME_STRETCH = 0.6, 1.04
SAME_GRAY, SAME_COLOUR = 8.0, 4.0  # levels of 255 by which gray and colour may differ on average


def kind_of(found: Alignment, a: Fingerprint, b: Fingerprint) -> Kind | None:
    """REENCODED, EDITED, SHOT or SCENE; None where they have nothing to do with each other."""
    if _is_copy(found):
        return Kind.REENCODED if _is_unedited(found, a, b) else Kind.EDITED
    is_shot = (
        found.likeness >= SHOT
        and found.inliers >= SHOT_INLIERS
        and min(found.covers_a, found.covers_b) >= SHOT_COVERS
        and not found.is_mirrored
    )
    if is_shot:
        return Kind.SHOT
    is_scene = (
        found.inliers >= SCENE_INLIERS
        and found.support >= SCENE_SUPPORT
        and not found.is_in_place
        and not found.is_mirrored
    )
    return Kind.SCENE if is_scene else None


def _is_copy(found: Alignment) -> bool:
    """Whether the pixels are the same.

    Screenshots of one app share its frame around different pictures, which lie in the same place.
    Taken as a whole they differ, which their pHashes tell, and most features don't agree.
    """
    if found.changed > MANY_CHANGED:
        return False
    is_alike = found.inliers >= FEW_INLIERS or found.bits <= WHOLE_BITS
    needed = COPY if is_alike else SURER
    if found.likeness < needed:
        return _is_evenly_off(found)
    if found.support >= MOST_AGREE:
        return True
    if not found.is_in_place and found.inliers:
        return found.changed <= HARDLY_CHANGED or found.support >= SOME_AGREE
    if found.changed <= HARDLY_CHANGED:
        return found.bits <= FRAME_BITS or found.support >= MANY_AGREE
    shines_through = found.changed <= FEW_CHANGED or found.remains >= SHINES_THROUGH
    return found.bits <= WHOLE_BITS and shines_through


def _is_evenly_off(found: Alignment) -> bool:
    """Whether it is no tile that differs but all of them a little, as under noise and fine print.

    The next picture of a burst differs much in some places and hardly at all in others.
    """
    return (
        found.is_in_place
        and found.bits <= EVEN_BITS
        and found.likeness >= EVEN
        and found.worst >= EVEN_WORST
        and found.remains >= EVEN_REMAINS
    )


def _is_unedited(found: Alignment, a: Fingerprint, b: Fingerprint) -> bool:
    colour = float(np.abs(np.subtract(a.colour, b.colour)).max())
    return (
        not found.is_mirrored
        and min(found.covers_a, found.covers_b) >= SAME_FRAME
        and abs(found.turn_deg) <= SAME_TURN_DEG
        and found.stretch <= SAME_STRETCH
        and found.least >= SAME_LEAST
        and found.differs <= SAME_GRAY
        and colour <= SAME_COLOUR
    )
