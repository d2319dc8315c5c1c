"""The kinds of steps that a recipe may hold; each tells the size of what it makes.

A new kind is a frozen dataclass with a `kind`, a row in `STEPS`, and a row in
`curator.imaging.render.STEPS` that says what it does to pixels. A step that is `off` does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from curator.core.geometry import Box, Size, rounded, scaled, smallest_around, upright_inside
from curator.core.regions import Region

LANCZOS = "lanczos"  # the "model" of an upscale that needs none
HAND = "hand"  # the "model" of a cut-out by strokes
PICTURE = "picture:"  # before the sha256 of the picture that takes the background's place


@dataclass(frozen=True, slots=True)
class Turn:
    """Turn clockwise by `quarters` x 90 degrees, after mirroring left to right when `mirrored`."""

    kind: ClassVar[str] = "turn"
    quarters: int
    mirrored: bool = False
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The size in pixels of what becomes of a picture of this size."""
        return size if self.quarters % 2 == 0 else (size[1], size[0])

    def then(self, other: Turn) -> Turn:
        """The one turn that equals this one followed by `other`.

        A mirror after a turn equals the mirror before the opposite turn: R(q) M = M R(-q).
        """
        quarters = -self.quarters if other.mirrored else self.quarters
        return Turn((quarters + other.quarters) % 4, self.mirrored != other.mirrored)


@dataclass(frozen=True, slots=True)
class Straighten:
    """Turn clockwise by some degrees (-45 to 45), and crop to the largest full rectangle."""

    kind: ClassVar[str] = "straighten"
    degrees: float
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """See `geometry.upright_inside`."""
        return upright_inside(size, self.degrees)


@dataclass(frozen=True, slots=True)
class Crop:
    """Keep a box in pixels, drawn on a picture of `of_width` x `of_height`; it scales to others."""

    kind: ClassVar[str] = "crop"
    left: int
    top: int
    right: int
    bottom: int
    of_width: int
    of_height: int
    off: bool = False

    def box(self, size: Size) -> Box:
        """The box on a picture of this size."""
        drawn = Box(self.left, self.top, self.right, self.bottom)
        return scaled(drawn, (self.of_width, self.of_height), size)

    def size_after(self, size: Size) -> Size:
        """The size of the box."""
        return self.box(size).size


@dataclass(frozen=True, slots=True)
class Resize:
    """Scale to a size in pixels; with 0 for one side the ratio is kept."""

    kind: ClassVar[str] = "resize"
    width: int
    height: int = 0
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The size that is asked for."""
        width, height = size
        wide = self.width or max(round(width * self.height / height), 1)
        return wide, self.height or max(round(height * wide / width), 1)


@dataclass(frozen=True, slots=True)
class Pad:
    """Add borders until the picture has the ratio `width`:`height`.

    `fill`: a colour (CSS name or #rrggbb), "edge" (its outermost pixels go on) or "blur" (the
    picture itself, enlarged and blurred). `x`, `y`: where it stands, 0.5 in the middle.
    """

    kind: ClassVar[str] = "pad"
    width: int
    height: int
    fill: str = "white"
    x: float = 0.5
    y: float = 0.5
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The smallest size of the ratio that holds the picture."""
        return smallest_around(size, (self.width, self.height))


@dataclass(frozen=True, slots=True)
class Adjust:
    """Exposure in stops (-3 to 3); contrast and saturation from -1 to 1; denoise from 0 to 1."""

    kind: ClassVar[str] = "adjust"
    exposure: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    denoise: float = 0.0
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The same."""
        return size


@dataclass(frozen=True, slots=True)
class Heal:
    """Fill a region from what surrounds it, as for a watermark."""

    kind: ClassVar[str] = "heal"
    region: Region
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The same."""
        return size


@dataclass(frozen=True, slots=True)
class Blur:
    """Blur a region, or make it coarse with `pixelate`; `strength` as a share of the long side."""

    kind: ClassVar[str] = "blur"
    region: Region
    strength: float = 0.02
    pixelate: bool = False
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The same."""
        return size


@dataclass(frozen=True, slots=True)
class Paint:
    """Fill a region with a colour (CSS name or #rrggbb)."""

    kind: ClassVar[str] = "paint"
    region: Region
    colour: str = "white"
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The same."""
        return size


@dataclass(frozen=True, slots=True)
class CutOut:
    """Replace the background.

    `model`: whose mask tells it, "hand" for GrabCut by strokes: those of `kept` are the subject,
    those of `dropped` the background. `fill`: a colour, "blur", "transparent", or the sha256 of
    another picture of the project as "picture:...".
    """

    kind: ClassVar[str] = "cutout"
    model: str
    fill: str = "white"
    kept: Region = ()
    dropped: Region = ()
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """The same."""
        return size


@dataclass(frozen=True, slots=True)
class Upscale:
    """Enlarge by a factor with a model, "lanczos" for none; a factor of 1 is a filter model's."""

    kind: ClassVar[str] = "upscale"
    factor: float
    model: str = LANCZOS
    off: bool = False

    def size_after(self, size: Size) -> Size:
        """Both sides times the factor."""
        return max(rounded(size[0] * self.factor), 1), max(rounded(size[1] * self.factor), 1)


Step = Turn | Straighten | Crop | Resize | Pad | Adjust | Heal | Blur | Paint | CutOut | Upscale
_KINDS: tuple[type[Step], ...] = (
    Turn,
    Straighten,
    Crop,
    Resize,
    Pad,
    Adjust,
    Heal,
    Blur,
    Paint,
    CutOut,
    Upscale,
)
STEPS: Mapping[str, type[Step]] = {step.kind: step for step in _KINDS}
REGIONS = ("region", "kept", "dropped")  # the fields that hold one


def is_heavy(step: Step) -> bool:
    """Whether a step takes a model or seconds, so that what it gives is made once and kept."""
    return isinstance(step, CutOut) or (isinstance(step, Upscale) and step.model != LANCZOS)
