"""Which tool is open on which picture; what it draws becomes one edit when it is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.crop_frame import Subject
from curator.core.errors import UserError
from curator.core.training_rule import rule_of
from curator.ui.context import Context
from curator.ui.picture_pane import PicturePane
from curator.ui.tools.brush_tools import BlurTool, CutOutTool, HealTool, PaintTool
from curator.ui.tools.crop_tool import CropTool
from curator.ui.tools.mask_tool import MaskTool
from curator.ui.tools.previewer import Previewer
from curator.ui.tools.slider_tools import AdjustTool, PadTool
from curator.ui.tools.stage import Stage
from curator.ui.tools.straighten_tool import StraightenTool
from curator.ui.tools.tool import Ground, Tool
from curator.ui.view_state import ViewState

TOOLS: Mapping[str, type[Tool]] = {
    "crop": CropTool,
    "straighten": StraightenTool,
    "heal": HealTool,
    "blur": BlurTool,
    "paint": PaintTool,
    "adjust": AdjustTool,
    "pad": PadTool,
    "cut_out": CutOutTool,
    "mask": MaskTool,
}
LARGEST_PX = 3000  # of what is previewed of an enlarged picture
CHANGED = "The picture was changed meanwhile; the tool begins anew."


class Workbench(QObject):
    """Holds the tools and the picture on a pane that one of them works on."""

    began = Signal(str)  # the name of the tool
    changed = Signal()  # what it would make
    left = Signal()  # the person wants back
    accepted = Signal(object, object)  # the Ground, and the Step or None

    def __init__(self, context: Context, pane: PicturePane, state: ViewState) -> None:
        super().__init__(pane)
        self._context, self._pane, self._state = context, pane, state
        self._tools: dict[str, Tool] = {}
        self._name = ""
        self.previewer = Previewer(context, self)
        self.stage = Stage(context, pane.canvas, state, self.previewer)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._look_again)
        pane.canvas.resized.connect(self._size_preview)
        state.changed.connect(self._size_preview)
        self.previewer.faces_found.connect(self._see_faces)
        self.previewer.subject_found.connect(self._see_subject)
        context.selection.current_changed.connect(self._settle.start)
        context.model.dataChanged.connect(lambda _top, _bottom: self._settle.start())

    @property
    def tool(self) -> Tool | None:
        """The tool that is open."""
        return self.stage.tool

    def open(self, name: str, place: int | None = None) -> bool:
        """Begin with a tool on the current picture, at one of its steps; whether that can be.

        What another tool had drawn is accepted.
        """
        self.accept_touched()
        if name not in self._tools:
            self._tools[name] = TOOLS[name]()
            self._tools[name].changed.connect(self._follow)
        self._name = name
        if not self._begin(place):
            self.end()
            return False
        return True

    def _begin(self, place: int | None = None) -> bool:
        image, tool = self._context.current, self._tools[self._name]
        if image is None:
            return False
        try:
            rule = rule_of(self._context.project.settings)
            ground = Ground.of(image, rule, TOOLS[self._name], place)
        except UserError as error:
            self._context.tell_error(error)
            return False
        self.stage.take(None)
        self._pane.show_image(ground.before)
        tool.begin(ground)
        self.stage.take(tool)
        self._size_preview(ground)
        self._follow()
        self.began.emit(self._name)
        return True

    def end(self) -> None:
        """Put the tool away."""
        self.stage.take(None)
        self.previewer.end()
        self._pane.show_image(None)

    def cancel(self) -> None:
        """Leave the picture as it is."""
        self.end()
        self.left.emit()

    def accept(self) -> None:
        """Make it so, and go back."""
        self._apply()
        self.cancel()

    def accept_touched(self) -> None:
        """Make so what was drawn, if anything was."""
        if self.tool is not None and self.tool.is_touched:
            self._apply()

    def accept_and_go_on(self) -> None:
        """Make it so, and frame the next picture alike."""
        tool = self.tool
        self._apply()
        is_last = self._context.current_row + 1 >= len(self._context.model.ids)
        if isinstance(tool, CropTool) and not is_last:
            tool.keep_framing()
        self._move(1)

    def step(self, by: int) -> None:
        """Go so many pictures on; what was drawn is accepted."""
        self.accept_touched()
        self._move(by)

    def _move(self, by: int) -> None:
        row = self._context.current_row
        self._context.go_to_row(row + by)
        if self._context.current_row == row:
            self.cancel()

    def _apply(self) -> None:
        tool = self.tool
        if tool is None or tool.ground is None:
            return
        ground, step, build = tool.ground, tool.step(), tool.builder()
        tool.is_touched = False
        if build is not None:
            self._context.change([ground.image.id], build)
            self.accepted.emit(ground, step)

    def _look_again(self) -> None:
        """Follow the current picture, and begin anew where its steps are others by now."""
        tool = self.tool
        if tool is None or tool.ground is None or not self._pane.isVisible():
            return
        image = self._context.current
        if image is None:
            self.cancel()
        elif image.id != tool.ground.image.id:
            self._begin()
        elif (image.recipe, image.mask) != (tool.ground.image.recipe, tool.ground.image.mask):
            if tool.is_touched:
                self._context.said.emit(CHANGED)
            self._begin()

    # -- what is seen

    def _follow(self) -> None:
        tool = self.tool
        if tool is not None:
            if tool.has_preview:
                self.previewer.ask(tool.step())
            self.stage.update()
            self.changed.emit()

    def _see_faces(self, faces: object) -> None:
        if self.tool is not None and isinstance(faces, Sequence):
            self.tool.see_faces(faces)

    def _see_subject(self, subject: Subject) -> None:
        if self.tool is not None:
            self.tool.see_subject(subject)

    def _size_preview(self, ground: Ground | None = None) -> None:
        tool, canvas = self.tool, self._pane.canvas
        ground = ground or (tool.ground if tool is not None else None)
        if ground is None or canvas.image is None:
            return
        side = canvas.fitted_side(canvas.image)
        if canvas.is_enlarged:
            side = max(side, min(LARGEST_PX, max(ground.size)))
        self.previewer.begin(ground, side)
