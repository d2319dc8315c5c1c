"""A button with a menu of what is kept under names, and a line in which a new name is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from curator.ui.key_menu import KeyMenu
from curator.ui.theme import STEP_PX


class KeptMenu(QWidget):
    """`what` is kept, such as "recipe"; `fill` of those that derive from it lists what there is."""

    name_given = Signal(str)

    def __init__(self, title: str, tip: str, what: str) -> None:
        super().__init__()
        self.menu = KeyMenu(self)
        self.menu.setToolTipsVisible(True)
        self.button = QPushButton(title, autoDefault=False)
        self.button.setToolTip(tip)
        self.button.setMenu(self.menu)
        hint = f"Name of the {what}"
        self.name = QLineEdit(placeholderText=hint)
        self.name.setAccessibleName(hint)
        self.name.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP_PX)
        row.addWidget(self.button)
        row.addWidget(self.name, 1)
        self.menu.aboutToShow.connect(self.fill)
        self.name.returnPressed.connect(self._give_name)
        self.name.editingFinished.connect(self.name.hide)

    def fill(self) -> None:
        """Offer what there is now."""
        self.menu.clear()

    def offer(self, title: str, work: Callable[[], object], tip: str = "") -> None:
        """Add a line to the menu; an & in its title is one."""
        self.menu.addAction(title.replace("&", "&&"), work).setToolTip(tip)

    def offer_keeping(
        self, title: str, own: Iterable[str], forget: Callable[[str], object]
    ) -> None:
        """Add what keeps something more, and what forgets one of the person's own."""
        self.menu.addSeparator()
        self.menu.addAction(title, self.ask_name)
        forgetting = self.menu.addMenu("Forget")
        for name in own:
            forgetting.addAction(name.replace("&", "&&"), partial(forget, name))
        forgetting.setEnabled(not forgetting.isEmpty())

    def ask_name(self) -> None:
        """Have a name typed."""
        self.name.clear()
        self.name.show()
        self.name.setFocus()

    def _give_name(self) -> None:
        name = self.name.text().strip()
        self.name.hide()
        if name:
            self.name_given.emit(name)
