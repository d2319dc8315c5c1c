"""A menu over pictures whose keys come before theirs while it is open."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu
from typing_extensions import override


class KeyMenu(QMenu):
    """Without it a letter would do what it does to pictures: they keep the focus below a menu."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim each key before it is looked for among the shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return False

    @override
    def showEvent(self, event: QShowEvent) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        super().showEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        super().hideEvent(event)
