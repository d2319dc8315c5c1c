"""What the command line and the window say in the same words."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """ "45 s", "3 min", "2 h 05 min"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"


def size(size_bytes: int) -> str:
    """ "3.1 GB", "34 MB", "512 bytes"."""
    if size_bytes < 1000:
        return f"{size_bytes:,} byte{'' if size_bytes == 1 else 's'}"
    number, unit = size_bytes / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if number < 999.5:
            break
        number, unit = number / 1000, larger
    return f"{number:.{1 if number < 9.95 else 0}f} {unit}"
