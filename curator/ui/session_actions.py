"""What the actions of the table do while a project is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from curator.core.recipe import Turn
from curator.core.records import Rating
from curator.ui.main_window import CAPTION, CULL, PREPARE, TRAIN
from curator.ui.picture_menus import open_reasons

if TYPE_CHECKING:
    from curator.ui.session import Session


def works_of(session: Session) -> Mapping[str, Callable[[], object]]:
    """By action, what it does."""
    culling, context, pictures = session.culling, session.context, session.pictures
    table = session.window.actions_table

    def ask_reason() -> None:
        if context.selection.meant():
            open_reasons(culling, pictures)

    return {
        "undo": context.undo,
        "undo_last": context.undo,
        "redo": context.redo,
        "rate_primary": partial(culling.rate, Rating.PRIMARY),
        "rate_supporting": partial(culling.rate, Rating.SUPPORTING),
        "rate_unrated": partial(culling.rate, Rating.UNRATED),
        "reject": culling.reject,
        "reject_because": ask_reason,
        "unreject": culling.unreject,
        "remove": session.cropping.remove,
        "new_crop": session.cropping.make,
        "prepare_many": session.cropping.prepare_many,
        "mask_subject": session.cropping.mask,
        "clear_mask": session.cropping.unmask,
        "restore": culling.restore,
        "turn_left": partial(culling.turn, Turn(3)),
        "turn_right": partial(culling.turn, Turn(1)),
        "mirror_picture": partial(culling.turn, Turn(0, mirrored=True)),
        "select_all": culling.select_all,
        "select_none": culling.select_none,
        "select_inverse": culling.select_inverse,
        "next_picture": partial(pictures.step, 1),
        "previous_picture": partial(pictures.step, -1),
        "loupe": pictures.toggle_loupe,
        "compare": pictures.toggle_compare,
        "grid": pictures.show_grid,
        "zoom_actual": pictures.zoom_actual,
        "zoom_fit": pictures.zoom_fit,
        "zoom_in": partial(pictures.zoom_by, 1),
        "zoom_out": partial(pictures.zoom_by, -1),
        "filmstrip": lambda: pictures.show_filmstrip(table["filmstrip"].isChecked()),
        "show_masks": lambda: pictures.view_state.show_masks(table["show_masks"].isChecked()),
        "refresh": session.finder.ask,
        "clear_filter": partial(session.finder.ask, ""),
        "find": session.start_filtering,
        "import_files": session.imports.ask_files,
        "import_folder": session.imports.ask_folder,
        "import_options": session.imports.ask_options,
        "open_video": session.videos.ask,
        "find_known": session.imports.known_elsewhere.ask,
        "read_ratings": session.imports.read_ratings,
        "empty_trash": session.trash.ask,
        "outside_changes": session.look_at_outside_changes,
        "project_settings": session.show_settings,
        "models": session.show_models,
        "workspace_cull": partial(session.window.go_to_workspace, CULL),
        "workspace_prepare": partial(session.window.go_to_workspace, PREPARE),
        "workspace_caption": partial(session.window.go_to_workspace, CAPTION),
        "workspace_train": partial(session.window.go_to_workspace, TRAIN),
        "duplicates": pictures.toggle_duplicates,
        **pictures.duplicates.works(),
        "sweep": pictures.show_sweep,
        **pictures.sweep.works(),
        **session.prepare.works,
        **session.caption_parts.works,
        **session.overviews.works,
        **session.training_parts.works,
    }
