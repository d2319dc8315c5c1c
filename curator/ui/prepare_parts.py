"""What a project's window has for preparing pictures: the panel of steps, and what actions do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from curator.core.captions import split_tags
from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.installed_models import model_for, model_in_use
from curator.core.recipe import Recipe
from curator.core.recipe_edits import add_plan, clear_recipes, copy_steps
from curator.core.recipe_plans import Plan, UpscaleTo
from curator.core.records import Image
from curator.core.regions import Ellipse, Region, Stroke
from curator.core.steps import LANCZOS, Blur, CutOut, Upscale
from curator.core.training_rule import rule_of
from curator.ui.backgrounds import Backgrounds
from curator.ui.context import Context
from curator.ui.main_window import PREPARE, RIGHT, MainWindow, PanelRow
from curator.ui.notices import Button, Notice
from curator.ui.panels.recipe import RecipePanel
from curator.ui.pictures import PicturesArea
from curator.ui.preset_menu import PresetMenu
from curator.ui.tag_works import TagWorks
from curator.ui.tools.tool import Ground
from curator.ui.tools.workbench import TOOLS

if TYPE_CHECKING:
    from curator.imaging.faces import FaceBox

RECIPE_PX, RECIPE_TALL_PX = 300, 430
FACELESS = "faceless"
OFFER = 'A face was blurred: the tag "faceless" says so to the training.'
PERHAPS = 'If that was a face, the tag "faceless" says so to the training.'
NOTHING = "There are no steps to paste; copy those of a picture first."


class PrepareParts(QObject):
    """Made by the session; `rows` are its docks, `works` what its actions do."""

    def __init__(
        self,
        context: Context,
        window: MainWindow,
        pictures: PicturesArea,
        show_models: Callable[[str, str], object],
    ) -> None:
        super().__init__(window)
        self._context, self._pictures, self._show_models = context, pictures, show_models
        self._copied: Recipe | None = None
        self.presets = PresetMenu(context)
        self.panel = RecipePanel(context, self.presets)
        self.rows = (
            PanelRow("recipe", "Recipe", self.panel, RIGHT, (PREPARE,), RECIPE_PX, RECIPE_TALL_PX),
        )
        tools = {name: partial(pictures.open_tool, name) for name in TOOLS}
        self.works: Mapping[str, Callable[[], object]] = {
            **tools,
            **pictures.tools.works(),
            "before": pictures.show_before,
            "copy_steps": self.copy,
            "paste_steps": self.paste,
            "clear_steps": lambda: self._change(clear_recipes),
            "enlarge": self.enlarge,
            "cut_out_subject": self.cut_out,
            "filter_picture": self.filter,
            "presets": partial(self.presets.ask, pictures),
        }
        self.panel.tool_wanted.connect(pictures.open_tool)
        self.panel.models_wanted.connect(lambda kind: show_models(kind, ""))
        self.backgrounds = Backgrounds(context, self.panel)
        self.panel.take_actions(window.actions_table)
        self.presets.chosen.connect(self.apply)
        pictures.tools.bench.accepted.connect(self._offer_faceless)

    # -- steps of one picture for others

    def copy(self) -> None:
        """Keep the steps of the current picture, to be pasted."""
        image = self._context.current
        if image is not None:
            try:
                self._copied = Recipe.from_json(image.recipe)
            except UserError as error:
                self._context.tell_error(error)
            else:
                number = len(self._copied.steps)
                self._context.said.emit(f"{number} step{'' if number == 1 else 's'} copied.")

    def paste(self) -> None:
        """Give what is selected the steps that were copied."""
        copied = self._copied
        if copied is None:
            self._context.said.emit(NOTHING)
        else:
            self._change(lambda images: copy_steps(images, copied))

    def apply(self, plan: Plan) -> None:
        """Add what a preset means to the steps of what is selected."""
        rule = rule_of(self._context.project.settings)

        def build(images: Sequence[Image]) -> Edit:
            edit = add_plan(images, plan, rule)
            if not edit:
                raise UserError("There is nothing to do: the pictures are so already.")
            return edit

        self._change(build)

    def enlarge(self) -> None:
        """Enlarge what is below its bucket, by the upscaler in use, else by Lanczos."""
        named = model_in_use("upscaler") if model_for("upscaler") is not None else LANCZOS
        self.apply((UpscaleTo(model=named),))

    def cut_out(self) -> None:
        """Cut the subject out by the model in use; without one, say how it can be had."""
        try:
            self.apply((CutOut(model_in_use("cutout")),))
        except UserError as error:
            by_hand = "Cut out by hand", partial(self._pictures.open_tool, "cut_out")
            self._tell_lack("cutout", error, by_hand)

    def filter(self) -> None:
        """Have the filter model in use go over what is selected; without one, say how to get it."""
        try:
            self.apply((Upscale(1, model_in_use("filter")),))
        except UserError as error:
            self._tell_lack("filter", error)

    def _tell_lack(self, kind: str, error: UserError, *ways: Button) -> None:
        models = "Models…", partial(self._show_models, kind, error.message)
        self._context.tell(Notice(error.message, error.hint, buttons=(models, *ways)))

    def _change(self, build: Callable[[Sequence[Image]], Edit]) -> None:
        ids = self._context.selection.meant()
        if ids:
            self._context.change(ids, build)

    # -- a face that is gone

    def _offer_faceless(self, ground: Ground, step: object) -> None:
        """Where faces are known, only if one of them was blurred."""
        tool = self._pictures.tools.bench.tool
        if not isinstance(step, Blur) or FACELESS in split_tags(ground.image.caption):
            return
        faces = tool.faces if tool is not None else ()
        if faces and not any(covers(step.region, face) for face in faces):
            return
        give = partial(TagWorks(self._context).give, [FACELESS], [ground.image.id])
        words = OFFER if faces else PERHAPS
        which = f"({ground.image.name})"  # it stays while other pictures are looked at
        self._context.tell(Notice(words, which, buttons=((f"Add {FACELESS}", give),)))


def covers(region: Region, face: FaceBox) -> bool:
    """Whether a region reaches the middle of a face."""
    x, y = face[0] + face[2] / 2, face[1] + face[3] / 2
    for shape in region:
        if shape.erases:
            continue
        if isinstance(shape, Ellipse):
            across, down = (
                (x - shape.x) / (shape.radius_x or 1),
                (y - shape.y) / (shape.radius_y or 1),
            )
            if across**2 + down**2 <= 1:
                return True
        elif isinstance(shape, Stroke) and any(
            abs(x - at[0]) < face[2] / 2 and abs(y - at[1]) < face[3] / 2 for at in shape.points
        ):
            return True
    return False
