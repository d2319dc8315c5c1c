"""PySide leaves the sources of imported modules alone."""

from __future__ import annotations

from tests.helpers.processes import run_python


def test_the_source_of_what_is_imported_is_not_read() -> None:
    told = run_python(
        "import linecache\n"
        "import PySide6.QtCore\n"
        "from curator.ui.module_sources import spare_sources\n"
        "import wave\n"
        "spare_sources()\n"
        "import csv\n"
        "names = ' '.join(linecache.cache)\n"
        "print('wave.py' in names, 'csv.py' in names)\n"
    )
    assert told.split() == ["True", "False"]
