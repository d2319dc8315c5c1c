"""Settings from elsewhere before they are taken over: what changes, and what was made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from curator.core.settings_import import IMPORT, Proposal
from curator.ui.theme import STEP_PX

SIZE = (640, 560)
NOTHING = "Everything is as these settings say already."
REST = "Put options that they don't name back to what is usual"
REST_TIP = "Otherwise those stay as they are in this project."
Propose = Callable[[bool], Proposal]


class SettingsImportDialog(QDialog):
    """Shows a proposal; `accepted_proposal` carries the one that is taken over."""

    wanted = Signal(bool)  # to see the proposal for whole settings, or for some lines of them
    accepted_proposal = Signal(object)

    def __init__(self, parent: QWidget, *, whole: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle(IMPORT)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._proposal: Proposal | None = None
        self.heading = QLabel(wordWrap=True)
        self.notes = QTextBrowser(openLinks=False)
        self.notes.setAccessibleName("What was made of these settings")
        self.notes.setTabChangesFocus(True)
        self.notes.document().setIndentWidth(4 * STEP_PX)
        self.rest = QCheckBox(REST)
        self.rest.setChecked(whole)
        self.rest.setToolTip(REST_TIP)
        self.rest.setAccessibleDescription(REST_TIP)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = buttons.addButton("Take over", QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setDefault(True)
        self.take.setEnabled(False)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        for widget in (self.heading, self.notes, self.rest, buttons):
            column.addWidget(widget)
        self.rest.toggled.connect(self.wanted)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.close)

    def show_proposal(self, proposal: Proposal) -> None:
        """Show what would change."""
        self._proposal = proposal
        self.heading.setText(f"Read: {proposal.form}. Nothing is changed yet.")
        self.notes.setHtml("".join(_html(proposal)))
        self.take.setEnabled(bool(proposal.settings))
        self.take.setFocus()

    def _take(self) -> None:
        if self._proposal is not None:
            self.accepted_proposal.emit(self._proposal)
        self.close()


def _html(proposal: Proposal) -> Iterator[str]:
    changes = [
        f"{escape(label)}: {_value(old)} → <b>{_value(new)}</b>"
        for label, old, new in proposal.changes
    ]
    yield from _list("Changes in this project", changes or [NOTHING])
    for title, lines in (
        ("Mind", proposal.warnings),
        ("Read otherwise than it stands there", proposal.read_otherwise),
        ("Left out", proposal.left_out),
        ("Taken over as it stands there", proposal.understood),
    ):
        yield from _list(title, [escape(line) for line in lines if line])


def _value(text: str) -> str:
    return escape(text) or "<i>not set</i>"


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading and its lines, nothing where there are none; the lines are HTML."""
    if items := "".join(f"<li>{line}</li>" for line in lines):
        yield f"<p><b>{title}</b></p><ul>{items}</ul>"
