"""What a tool is: it draws one step of a recipe on the picture as it is before that step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from curator.core.crop_frame import Subject
from curator.core.edits import Edit
from curator.core.geometry import Size
from curator.core.recipe import Recipe
from curator.core.recipe_edits import change_shown
from curator.core.records import Image
from curator.core.steps import Step
from curator.ui.theme import STEP_PX, Colours
from curator.ui.view_state import Pair, Place
from trainer.buckets import BucketRule

if TYPE_CHECKING:
    from curator.imaging.faces import FaceBox

Keys = Qt.KeyboardModifier
Builder = Callable[[Sequence[Image]], Edit]


@dataclass(frozen=True, slots=True)
class Ground:
    """The picture that a tool works on, and where among its steps the tool's one stands.

    `rule`: how the project's buckets are made.
    """

    image: Image
    recipe: Recipe
    place: int
    rule: BucketRule

    @classmethod
    def of(
        cls, image: Image, rule: BucketRule, tool: type[Tool], place: int | None = None
    ) -> Ground:
        """For a step at a place; None for the one that the tool goes on with, or for a new one.

        Raises UserError for steps that a newer version wrote.
        """
        recipe = Recipe.from_json(image.recipe)
        if place is None:
            steps = recipe.steps
            found = [n for n, one in enumerate(steps) if tool.takes(one) and not one.off]
            if tool.adds:
                found = [n for n in found if n == len(steps) - 1]
            place = found[-1] if found else len(steps)
        return cls(image, recipe, place, rule)

    @property
    def step(self) -> Step | None:
        """The step as it is so far."""
        steps = self.recipe.steps
        return steps[self.place] if self.place < len(steps) else None

    @property
    def size(self) -> Size:
        """Of the picture before the step, in pixels."""
        return self.recipe.size_before(self.place, (self.image.width, self.image.height))

    @property
    def before(self) -> Image:
        """The record of the picture before the step, without the veil of its mask."""
        recipe = Recipe(self.recipe.steps[: self.place])
        return replace(self.image, recipe=recipe.to_json(), mask="")

    def size_after(self, step: Step | None) -> Size:
        """Of what all steps make, with another one here."""
        made = self.recipe.with_step(self.place, step)
        return made.size_after((self.image.width, self.image.height))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a tool draws: the picture's place, device pixels for one of the window's, colours."""

    place: Place
    density: float
    colours: Colours


@dataclass(frozen=True, slots=True)
class ToolWords:
    """What a tool says of what it would do; `warning`: what is wrong with that."""

    text: str = ""
    warning: str = ""


class Tool(QObject):
    """Points are in pixels of the picture before the step.

    `bar` holds its options. `adds`: it goes on with a step only where that is the last one.
    `is_shown_after`: what it makes has another frame and is shown by itself. `has_preview`: what it
    makes is shown in place of the picture. Each has a `step`; Qt's own metaclass rules out that of
    abstract classes.
    """

    changed = Signal()  # what it would make
    moved = Signal()  # what it draws, and nothing else

    kind: ClassVar[type[Step]]
    title: ClassVar[str]
    hint: ClassVar[str] = ""
    adds: ClassVar[bool] = False
    is_shown_after: ClassVar[bool] = False
    has_preview: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.ground: Ground | None = None
        self.is_touched = False
        self.faces: Sequence[FaceBox] = ()
        self.subject: Subject | None = None
        self.bar = QWidget()
        self.row = QHBoxLayout(self.bar)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(2 * STEP_PX)

    @classmethod
    def takes(cls, step: Step) -> bool:
        """Whether it is a step that this tool draws."""
        return isinstance(step, cls.kind)

    def begin(self, ground: Ground) -> None:
        """Work on another picture, from the step that it has."""
        self.ground, self.is_touched, self.faces, self.subject = ground, False, (), None

    def see_faces(self, faces: Sequence[FaceBox]) -> None:
        """Know where the faces are."""
        self.faces = faces
        self.moved.emit()

    def see_subject(self, subject: Subject) -> None:
        """Know where that is which a mask or a cut-out keeps."""
        self.subject = subject
        self.moved.emit()

    def step(self) -> Step | None:
        """What it would do; None for nothing."""
        raise NotImplementedError  # a QObject can't be an ABC as well: two metaclasses

    def builder(self) -> Builder | None:
        """What accepting it does to the picture; None for nothing."""
        ground, step = self.ground, self.step()
        if ground is None or step == ground.step:
            return None
        if ground.step is not None and not self.is_touched:
            return None  # a step is not rounded by being looked at
        label, shown = f"{self.title} 1 image", ground.image.recipe
        made = ground.recipe.with_step(ground.place, step)
        return lambda images: change_shown(label, images, shown, lambda _old: made)

    def words(self) -> ToolWords:
        """What it says of that."""
        return ToolWords()

    def touch(self) -> None:
        """Something was done with it."""
        self.is_touched = True
        self.changed.emit()

    # -- what a person does with it

    def press(self, at: Pair, keys: Keys, button: Qt.MouseButton, scale: float) -> None:
        """The mouse goes down; `scale`: pixels of the window for one of the picture's."""

    def drag(self, at: Pair, keys: Keys) -> None:
        """The mouse moves while it is down."""

    def release(self) -> None:
        """The mouse goes up."""

    def hover(self, at: Pair | None, scale: float) -> Qt.CursorShape:
        """The mouse moves, or is gone; the cursor that belongs there."""
        return Qt.CursorShape.ArrowCursor

    def nudge(self, across: int, down: int, keys: Keys) -> bool:
        """An arrow key; whether it means something here."""
        return False

    def wheel(self, notches: float, keys: Keys) -> bool:
        """The wheel; whether it means something here, else it zooms."""
        return False

    @property
    def can_take_back(self) -> bool:
        """Whether there is a stroke to take back."""
        return False

    @property
    def can_put_back(self) -> bool:
        """Whether a stroke was taken back."""
        return False

    def take_back(self) -> bool:
        """Take the last stroke back; whether there was one."""
        return False

    def put_back(self) -> bool:
        """Draw the stroke again that was taken back; whether there was one."""
        return False

    def do(self, name: str) -> None:
        """One of the actions of tools, by its name; what has no meaning here does nothing."""
        if name in self.works():
            self.works()[name]()

    def works(self) -> Mapping[str, Callable[[], object]]:
        """By action, what it does here."""
        return {}

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw upon the picture; the painter counts in device pixels."""

    def add(self, label: str, widget: QWidget, stretch: int = 0) -> None:
        """Put an option into the bar."""
        if label:
            words = QLabel(label)
            words.setBuddy(widget)
            self.row.addWidget(words)
            if not widget.accessibleName():
                widget.setAccessibleName(label)
        self.row.addWidget(widget, stretch)


def level(low: int, high: int, value: int = 0) -> QSlider:
    """A slider from left to right."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(low, high)
    slider.setValue(value)
    return slider
