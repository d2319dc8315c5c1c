"""Every action of the window, declared once: its words, keys and menu, and where its keys hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from curator.ui.action_rows import (
    DUPLICATES,
    EDIT,
    FILE,
    GO,
    HELP,
    PICTURE,
    SETS,
    TRAINING,
    VIEW,
    ActionRow,
    Scope,
)
from curator.ui.caption_actions import CAPTION_ACTIONS
from curator.ui.prepare_actions import PREPARE_ACTIONS

_P, _D = Scope.PICTURES, Scope.DECIDING
STAND_INS = (Scope.DECIDING, Scope.SWEEPING, Scope.TOOLING)

ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("new_project", "New project…", FILE, ("Ctrl+N",), needs_project=False),
    ActionRow("open_project", "Open project…", FILE, ("Ctrl+O",), needs_project=False),
    ActionRow("import_files", "Import files…", FILE, ("Ctrl+I",)),
    ActionRow("import_folder", "Import a folder…", FILE, ("Ctrl+Shift+I",)),
    ActionRow("import_options", "Import with options…", FILE),
    ActionRow("open_video", "Take frames from a video…", FILE),
    ActionRow("find_known", "Have I had these before?…", FILE),
    ActionRow("project_settings", "Project settings…", FILE, ("Ctrl+Shift+P",)),
    ActionRow("preferences", "Preferences…", FILE, ("Ctrl+,",), needs_project=False),
    ActionRow("models", "Models…", FILE),
    ActionRow("keyboard", "Keyboard…", FILE, needs_project=False),
    ActionRow("empty_trash", "Empty the trash…", FILE),
    ActionRow("close_project", "Close project", FILE, ("Ctrl+W",)),
    ActionRow("quit", "Quit", FILE, ("Ctrl+Q",), needs_project=False),
    ActionRow("undo", "Undo", EDIT, ("Ctrl+Z",)),
    ActionRow("redo", "Redo", EDIT, ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionRow("undo_last", "Take back the last", EDIT, ("Backspace",), _P),
    ActionRow("select_all", "Select all", EDIT, ("Ctrl+A",), _P),
    ActionRow("select_none", "Select only the current one", EDIT, ("Ctrl+D",), _P),
    ActionRow("select_inverse", "Select the others", EDIT, ("Ctrl+Shift+A",), _P),
    ActionRow("remove", "Remove from the project", EDIT, ("Delete",), _P),
    ActionRow("restore", "Bring back removed", EDIT, ("Shift+Delete",), _P),
    ActionRow("find", "Filter", EDIT, ("Ctrl+F", "/")),
    ActionRow("rate_primary", "Primary", PICTURE, ("1", "Ctrl+1"), _P),
    ActionRow("rate_supporting", "Supporting", PICTURE, ("2", "Ctrl+2"), _P),
    ActionRow("rate_unrated", "Unrated", PICTURE, ("0", "Ctrl+0"), _P),
    ActionRow("reject", "Reject", PICTURE, ("X", "Alt+Delete"), _P),
    ActionRow("reject_because", "Reject because…", PICTURE, ("Shift+X",), _P),
    ActionRow("unreject", "Take back from rejection", PICTURE, ("U",), _P),
    ActionRow("turn_left", "Turn left", PICTURE, ("[",), _P),
    ActionRow("turn_right", "Turn right", PICTURE, ("]",), _P),
    ActionRow("mirror_picture", "Mirror", PICTURE, ("\\",), _P),
    ActionRow("new_crop", "Another crop of this picture", PICTURE, ("Shift+C",), _P),
    ActionRow("prepare_many", "Prepare many pictures…", PICTURE, ("Ctrl+Shift+R",)),
    ActionRow("mask_subject", "Mask by the cut-out", PICTURE),
    ActionRow("clear_mask", "Take the mask away", PICTURE),
    ActionRow("measure_quality", "Measure quality", PICTURE),
    ActionRow("likely_rejects", "Undecided in the order of likely rejects", PICTURE),
    ActionRow("choose_varied", "Choose primaries that cover most…", PICTURE),
    ActionRow("read_ratings", "Read ratings from files", PICTURE),
    ActionRow("outside_changes", "Changes made by other programs…", PICTURE),
    ActionRow("show_in_folder", "Show in folder", PICTURE, ("Ctrl+E",), _P),
    ActionRow("next_picture", "Next picture", GO, ("Right", "."), _P),
    ActionRow("previous_picture", "Previous picture", GO, ("Left", ","), _P),
    ActionRow("next_unrated", "Next unrated", GO, ("N",), _P),
    ActionRow("second_pass", "Second pass over the undecided", GO, ("Shift+N",), _P),
    ActionRow("auto_advance", "Go on after rating", GO, ("A",), _P, toggle=True),
    ActionRow("loupe", "Loupe", VIEW, ("Space", "Return"), _P),
    ActionRow("compare", "Compare", VIEW, ("C",), _P),
    ActionRow("grid", "Grid", VIEW, ("Escape",), _P),
    ActionRow("zoom_actual", "100 % or fit", VIEW, ("Z",), _P),
    ActionRow("zoom_fit", "Fit", VIEW, ("F",), _P),
    ActionRow("zoom_in", "Larger", VIEW, ("+", "=", "Ctrl++"), _P),
    ActionRow("zoom_out", "Smaller", VIEW, ("-", "Ctrl+-"), _P),
    ActionRow("filmstrip", "Filmstrip", VIEW, ("T",), _P, toggle=True),
    ActionRow("show_masks", "Masks of the training", VIEW, ("M",), _P, toggle=True),
    ActionRow("quality_badges", "Quality badges", VIEW, toggle=True),
    ActionRow("trainers_eye", "Trainer's eye", VIEW, ("I",), _P, toggle=True),
    ActionRow("refresh", "Ask the filter again", VIEW, ("F5",)),
    ActionRow("clear_filter", "Show all pictures", VIEW, ("Ctrl+Shift+F",)),
    ActionRow("save_filter", "Keep this filter…", VIEW, ("Ctrl+S",)),
    ActionRow("palette", "Find an action…", VIEW, ("Ctrl+K",), needs_project=False),
    ActionRow("balance", "Balance…", VIEW, ("Ctrl+B",)),
    ActionRow("workspace_cull", "Cull", VIEW, ("Alt+1",)),
    ActionRow("workspace_prepare", "Prepare", VIEW, ("Alt+2",)),
    ActionRow("workspace_caption", "Caption", VIEW, ("Alt+3",)),
    ActionRow("workspace_train", "Train", VIEW, ("Alt+4",)),
    ActionRow("full_screen", "Full screen", VIEW, ("F11",), toggle=True, needs_project=False),
    ActionRow("find_duplicates", "Find duplicates", DUPLICATES, ("Ctrl+Shift+D",)),
    ActionRow("duplicates", "Look at duplicates", DUPLICATES, ("Shift+D",), _P),
    ActionRow("same_shots", "Same shots instead of copies", DUPLICATES, ("V",), _D),
    ActionRow("decide_many", "Decide many at once…", DUPLICATES, ("Ctrl+M",)),
    ActionRow("accept_group", "Accept, and go on", DUPLICATES, ("Return", "Enter"), _D),
    ActionRow("keep_primary", "Keep as primary", DUPLICATES, ("1",), _D),
    ActionRow("keep_supporting", "Keep as supporting", DUPLICATES, ("2",), _D),
    ActionRow("keep_too", "Keep this one too", DUPLICATES, ("0", "U"), _D),
    ActionRow("reject_duplicate", "Reject this one", DUPLICATES, ("X",), _D),
    ActionRow("make_keeper", "Make this one the keeper", DUPLICATES, ("K",), _D),
    ActionRow("keep_group", "Keep all", DUPLICATES, ("A",), _D),
    ActionRow("not_duplicate", "Not a duplicate", DUPLICATES, ("S",), _D),
    ActionRow("next_group", "Next group", DUPLICATES, ("N", "Down", "PgDown"), _D),
    ActionRow("previous_group", "Previous group", DUPLICATES, ("P", "Up", "PgUp"), _D),
    ActionRow("flip", "Flip to the keeper and back", DUPLICATES, ("Space",), _D),
    ActionRow("blink", "Blink", DUPLICATES, ("B",), _D),
    ActionRow("difference", "Difference", DUPLICATES, ("D",), _D),
    ActionRow("put_into_set", "Put into a set…", SETS, ("G",), _P),
    ActionRow("out_of_set", "Take out of its set", SETS, ("Shift+G",), _P),
    ActionRow("new_set", "New set…", SETS, ("Ctrl+Shift+N",)),
    *PREPARE_ACTIONS,
    *CAPTION_ACTIONS,
    ActionRow("start_training", "Start training", TRAINING, ("Ctrl+Return",)),
    ActionRow("pause_training", "Pause or go on", TRAINING, ("Ctrl+Shift+Space",)),
    ActionRow("save_now", "Save a checkpoint now", TRAINING, ("Ctrl+Shift+S",)),
    ActionRow("sample_now", "Draw samples now", TRAINING, ("Ctrl+Shift+G",)),
    ActionRow("stop_after_epoch", "Stop after this epoch", TRAINING, ("Ctrl+Shift+.",)),
    ActionRow("stop_training", "Stop and save", TRAINING, ("Ctrl+.",)),
    ActionRow("find_option", "Search the training's options", TRAINING, ("Ctrl+Shift+O",)),
    ActionRow("import_settings", "Import settings…", TRAINING),
    ActionRow("paste_settings", "Paste settings", TRAINING),
    ActionRow("lora_settings", "Take settings from a LoRA…", TRAINING),
    ActionRow("export_settings", "Export settings…", TRAINING),
    ActionRow("reset_options", "Put all options back", TRAINING),
    ActionRow("guide", "User guide", HELP, ("F1",), needs_project=False),
    ActionRow("check_machine", "Check this machine", HELP, needs_project=False),
)
SORTS: Mapping[str, str] = {
    "": "As imported",
    "name": "Name",
    "taken": "Date taken",
    "-added": "Date added, newest first",
    "-area": "Size, largest first",
    "ratio": "Shape, upright to wide",
    "rating": "Rating",
    "bucket": "Bucket, upright to wide",
    "-crop_loss": "Most cropped away first",
    "-upscale": "Most enlarged first",
    "sharp": "Softest first",
    "colour": "Colour",
    "likeness": "Likeness",
    "-reject": "Likely rejects",
    "random(1)": "Shuffled",
}
GROUPINGS: Mapping[str, str] = {
    "": "Not at all",
    "set": "Set",
    "day": "Date taken",
    "folder": "Source folder",
}


class ActionTable(QObject):
    """The QActions of the rows, with the keys that the person chose."""

    def __init__(self, window: QWidget, keys: Mapping[str, Sequence[str]]) -> None:
        super().__init__(window)
        self._window = window
        self._by_name: dict[str, QAction] = {}
        self._rows = {row.name: row for row in ACTIONS}
        self._works: dict[str, Callable[[], object]] = {}
        for row in ACTIONS:
            action = QAction(row.title, window)
            action.setObjectName(row.name)
            action.setCheckable(row.toggle)
            action.setStatusTip(row.hint)
            action.triggered.connect(lambda _on=False, name=row.name: self._do(name))
            self._by_name[row.name] = action
            if row.scope is Scope.WINDOW:
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
                window.addAction(action)
            else:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.bind_keys(keys)

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def bind_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Use these keys where they are given, else the rows' own."""
        for name, row in self._rows.items():
            chosen = keys.get(name, row.keys)
            self._by_name[name].setShortcuts([QKeySequence(key) for key in chosen])
            shown = f" ({self.keys_text(name)})" if chosen else ""
            self._by_name[name].setToolTip(f"{row.title.rstrip('…')}{shown}")

    def keys_text(self, name: str) -> str:
        """The first key of an action, as the system writes it."""
        shortcut = self._by_name[name].shortcut()
        return shortcut.toString(QKeySequence.SequenceFormat.NativeText)

    def do_with(self, works: Mapping[str, Callable[[], object]]) -> None:
        """Say what actions do, beside what others do already."""
        self._works |= works

    def forget(self, works: Iterable[str]) -> None:
        """Let actions do nothing any more."""
        for name in works:
            self._works.pop(name, None)

    def is_used(self, name: str) -> bool:
        """Whether somebody said what an action does."""
        return name in self._works

    def _do(self, name: str) -> None:
        if self.is_used(name):
            self._works[name]()

    def give_caption_keys(self, area: QWidget) -> None:
        """Let the keys of captions hold in a widget and all that is in it."""
        area.addActions([self._by_name[row.name] for row in ACTIONS if row.scope is Scope.CAPTION])

    def give_pictures_keys(self, area: QWidget, instead: Scope | None = None) -> None:
        """Let the keys of pictures hold in a widget and all that is in it.

        `instead`: the place whose keys stand in for the same ones, see `STAND_INS`.
        """
        for action in area.actions():
            area.removeAction(action)
        for row in ACTIONS:
            if row.scope in STAND_INS:
                self._by_name[row.name].setEnabled(row.scope is instead)
        own = [self._by_name[row.name] for row in ACTIONS if row.scope is instead]
        others = [self._by_name[row.name] for row in ACTIONS if row.scope is Scope.PICTURES]
        taken = {key for action in own for key in action.shortcuts()}
        area.addActions([one for one in others if taken.isdisjoint(one.shortcuts())] + own)

    def allow(self, has_project: bool) -> None:
        """Switch off what needs a project while there is none."""
        for name, row in self._rows.items():
            self._by_name[name].setEnabled(has_project or not row.needs_project)


def clashes(keys: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """(key, action, other action) for keys that two actions would share in one place."""
    taken: dict[str, list[ActionRow]] = {}
    found = []
    for row in ACTIONS:
        for key in keys.get(row.name, row.keys):
            text = QKeySequence(key).toString()
            before = taken.setdefault(text, [])
            shared = [one for one in before if not _apart(one.scope, row.scope)]
            found += [(text, one.name, row.name) for one in shared[:1]]
            before.append(row)
    return found


def _apart(first: Scope, second: Scope) -> bool:
    """Whether two places never have the keyboard at once."""
    places = {Scope.PICTURES, Scope.CAPTION, *STAND_INS}
    return first is not second and {first, second} <= places
