"""Reads what a widget shows anew: some time after edits, and only while somebody can see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.core.edits import Edit
from curator.ui.context import Context

Found = TypeVar("Found")
REST_MS = 120  # so that whoever presses keys fast is not slowed down by panels


class Refresher(QObject, Generic[Found]):
    """Calls `show` with what `work`, made off the window's thread, found; older findings never."""

    def __init__(
        self,
        widget: QWidget,
        context: Context,
        work: Callable[[], Callable[[], Found]],
        show: Callable[[Found], None],
        concerns: Callable[[Edit], bool] = lambda _edit: True,
        *,
        of_files: bool = False,
    ) -> None:
        """`work` is asked in the window's thread for what to do in the other one.

        `of_files`: that looks into pictures, see `JobBridge.read`.
        """
        super().__init__(widget)
        self._widget, self._context, self._work, self._show = widget, context, work, show
        self._concerns, self._of_files = concerns, of_files
        self._is_due = True
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.now)
        self._key = f"refresh-{id(self)}"
        widget.installEventFilter(self)
        context.edited.connect(self._hear)

    def _hear(self, edit: Edit) -> None:
        if self._concerns(edit):
            self.soon()

    def soon(self) -> None:
        """Read again once nothing has changed for a moment."""
        self._is_due = True
        if self._widget.isVisible():
            self._rest.start()

    def now(self) -> None:
        """Read again, or as soon as the widget is seen."""
        self._rest.stop()
        self._is_due = not self._widget.isVisible()
        if not self._is_due:
            self._context.read(self._work(), self._show, self._key, of_files=self._of_files)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._is_due:
            self.now()
        return super().eventFilter(watched, event)
