"""How the window looks: two palettes around a neutral gray, and the colour of each rating."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QToolTip

STEP_PX = 4  # every margin and gap is a multiple of it
LARGE_PT = 20
# How a label is written, as its foreground role. There is no style sheet: with one Qt looks
# through its rules for every widget that is put anywhere, which doubles the time to open a project.
PLAIN, MUTED, WARNING = (
    QPalette.ColorRole.NoRole,
    QPalette.ColorRole.PlaceholderText,
    QPalette.ColorRole.BrightText,  # which the style itself does not use
)


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme as #rrggbb. Pictures stand on `surround`; `accent` is for selection and focus."""

    surround: str
    panel: str
    field: str
    text: str
    muted: str
    line: str
    accent: str
    on_accent: str
    primary: str
    supporting: str
    rejected: str
    unrated: str
    warning: str


DARK = Colours(
    surround="#262626",
    panel="#323232",
    field="#3a3a3a",
    text="#e6e6e6",
    muted="#b4b4b4",
    line="#4a4a4a",
    accent="#6aaefc",
    on_accent="#101010",
    primary="#6cc46f",
    supporting="#e3b341",
    rejected="#f5928b",
    unrated="#adadad",
    warning="#f0a45c",
)
LIGHT = Colours(
    surround="#d4d4d4",
    panel="#efefef",
    field="#fafafa",
    text="#1c1c1c",
    muted="#4d4d4d",
    line="#b4b4b4",
    accent="#1459aa",
    on_accent="#ffffff",
    primary="#17692b",
    supporting="#774e00",
    rejected="#a8201a",
    unrated="#5a5a5a",
    warning="#8a4200",
)


class Theme(QObject):
    """The colours in use; `changed` when the person or the desktop switches."""

    changed = Signal()

    def __init__(self, app: QApplication, wish: str = "system") -> None:
        """`wish`: system, dark or light."""
        super().__init__()
        self._app = app
        self.colours = DARK
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._use)
        self.choose(wish)

    def choose(self, wish: str) -> None:
        """Follow the system, or be dark or light."""
        schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(schemes.get(wish, Qt.ColorScheme.Unknown))
        self.wish = wish
        self._use()

    def _use(self) -> None:
        is_light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        if self.wish != "system":
            is_light = self.wish == "light"
        self.colours = LIGHT if is_light else DARK
        made = palette(self.colours)
        self._app.setPalette(made)
        QToolTip.setPalette(made)
        self.changed.emit()


def palette(colours: Colours) -> QPalette:
    """The palette of Qt's Fusion style for a theme."""
    roles = {
        QPalette.ColorRole.Window: colours.panel,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.field,
        QPalette.ColorRole.AlternateBase: colours.panel,
        QPalette.ColorRole.Text: colours.text,
        MUTED: colours.muted,
        WARNING: colours.warning,
        QPalette.ColorRole.Button: colours.panel,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.field,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
    }
    made = QPalette(QColor(colours.panel))
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    off = QPalette.ColorGroup.Disabled
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        made.setColor(off, role, QColor(colours.unrated))
    return made


def embolden(label: QLabel) -> None:
    """Let a label look like a heading."""
    font = label.font()
    font.setBold(True)
    label.setFont(font)


def enlarge(label: QLabel) -> None:
    """Let a label be read from afar."""
    font = label.font()
    font.setPointSize(LARGE_PT)
    label.setFont(font)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
