"""Both themes can be read: contrast, and a switch that reaches the application."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from curator.ui.theme import DARK, LIGHT, Colours, Theme, contrast

THEMES = pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
READ = ("text", "muted", "accent", "primary", "supporting", "rejected", "unrated", "warning")
GROUNDS = ("surround", "panel", "field")
ENOUGH = 4.5  # WCAG 2.2, 1.4.3


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("word", READ)
def test_every_colour_of_words_is_readable_on_every_ground(
    colours: Colours, word: str, ground: str
) -> None:
    assert contrast(getattr(colours, word), getattr(colours, ground)) >= ENOUGH


@THEMES
def test_what_is_selected_is_readable(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= ENOUGH


@THEMES
def test_pictures_stand_on_neutral_gray(colours: Colours) -> None:
    assert len({colours.surround[at : at + 2] for at in (1, 3, 5)}) == 1


def test_every_colour_is_checked_or_no_word_is_written_in_it() -> None:
    assert {f.name for f in fields(Colours)} == {*READ, *GROUNDS, "on_accent", "line"}


def test_a_switch_reaches_the_application_and_its_listeners(qapp: QApplication) -> None:
    theme = Theme(qapp, "dark")
    heard: list[str] = []
    theme.changed.connect(lambda: heard.append(theme.colours.panel))
    theme.choose("light")
    assert heard[-1] == LIGHT.panel == qapp.palette().color(QPalette.ColorRole.Window).name()
    theme.choose("dark")
    assert heard[-1] == DARK.panel == qapp.palette().color(QPalette.ColorRole.Window).name()
