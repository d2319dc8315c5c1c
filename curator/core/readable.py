"""Numbers and moments as people read them, in the window and on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RATIOS = ((1, 1), (5, 4), (4, 3), (7, 5), (3, 2), (16, 10), (5, 3), (16, 9), (2, 1), (3, 1))
_CLOSE = 0.01  # a ratio this near to a known one is called by it


def count(number: int, one: str, many: str = "") -> str:
    """ "1 picture", "1,200 pictures"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def listed(parts: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def duration(seconds: float) -> str:
    """ "45 s", "3 min", "2 h 05 min"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"


def size(size_bytes: int) -> str:
    """ "3.1 GB", "34 MB", "512 bytes"."""
    if size_bytes < 1000:
        return count(size_bytes, "byte")
    number, unit = size_bytes / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if number < 999.5:
            break
        number, unit = number / 1000, larger
    return f"{number:.{1 if number < 9.95 else 0}f} {unit}"


def megapixels(width: int, height: int) -> str:
    """ "12.4 MP"."""
    return f"{width * height / 1e6:.{1 if width * height >= 1e5 else 2}f} MP"


def ratio(width: int, height: int) -> str:
    """ "3:2" where a ratio that people know comes within a hundredth, else "1.37:1"."""
    for long, short in _RATIOS:
        for over, under in ((long, short), (short, long)):
            if abs(width * under / (height * over) - 1) < _CLOSE:
                return f"{over}:{under}"
    return f"{width / height:.2f}:1"


def percent(share: Fraction | float) -> str:
    """ "64 %"; what is not quite nothing is "0.3 %"."""
    value = float(share) * 100
    return f"{value:.0f} %" if value >= 1 or value == 0 else f"{value:.1g} %"


def when(moment_s: float, now_s: float) -> str:
    """A moment in local time, in as few words as tell it: "5 min ago", "yesterday 14:02"."""
    moment, now = datetime.fromtimestamp(moment_s), datetime.fromtimestamp(now_s)
    passed_s = now_s - moment_s
    if 0 <= passed_s < 60:
        return "just now"
    if 0 <= passed_s < 3600:
        return f"{passed_s // 60:.0f} min ago"
    clock = f"{moment:%H:%M}"
    if moment.date() == now.date():
        return f"today {clock}"
    if moment.date() == (now - timedelta(days=1)).date():
        return f"yesterday {clock}"
    return f"{day(moment_s, now.year)} {clock}" if moment.year == now.year else day(moment_s)


def day(moment_s: float, this_year: int | None = None) -> str:
    """A local day, "23 Nov 2026"; without the year where it is `this_year`."""
    moment = datetime.fromtimestamp(moment_s)
    year = "" if moment.year == this_year else f" {moment.year}"
    return f"{moment.day} {_MONTHS[moment.month - 1]}{year}"


def moment(moment_s: float) -> str:
    """A moment in local time in full, "23 Nov 2026 14:02"."""
    return f"{day(moment_s)} {datetime.fromtimestamp(moment_s):%H:%M}"
