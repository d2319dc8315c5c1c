"""The loss curve of a run and its legend, which tells the losses at the step pointed at."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from curator.core.loss_curve import LossCurve
from curator.ui.loss_chart import RAW, SMOOTH, TRAINED, VALIDATED, LossChart
from curator.ui.theme import STEP_PX, Theme

REDRAW_MS = 200
MARKS = {RAW: "─", SMOOTH: "━", VALIDATED: "●", TRAINED: "┅"}


class LossPlot(QWidget):
    """Shows a LossCurve; `show_curve` again after it grew."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.chart = LossChart(theme)
        self.legend = QLabel(wordWrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addWidget(self.chart)
        column.addWidget(self.legend)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._curve, self._steps_per_epoch = LossCurve(), 0
        self.legend.hide()
        theme.changed.connect(self._name_lines)
        self.chart.pointed.connect(self._name_lines)

    def _name_lines(self) -> None:
        colours = self._theme.colours
        by_line = {
            RAW: colours.muted,
            SMOOTH: colours.accent,
            VALIDATED: colours.warning,
            TRAINED: colours.text,
        }
        words = []
        for line, name, loss in self.chart.values():
            told = f"{MARKS[line]} {name} {loss:.4f}".replace(" ", "&nbsp;")
            words.append(f'<span style="color:{by_line[line]}">{told}</span>')
        self.legend.setText(f"Step&nbsp;{self.chart.step:,}: &nbsp;" + " &nbsp; ".join(words))
        self.legend.setVisible(bool(words))

    def show_curve(self, curve: LossCurve, steps_per_epoch: int) -> None:
        """Draw this curve soon; called as often as one likes."""
        self._curve, self._steps_per_epoch = curve, steps_per_epoch
        if not self._redraw.isActive():
            self._redraw.start()

    def _draw(self) -> None:
        self.chart.draw(self._curve, self._steps_per_epoch)
        self._name_lines()
