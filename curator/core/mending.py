"""Plain ways out that a hint of the trainer names: options to set, read from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curator.core.run_options import NO, YES, option_text
from trainer.config import OPTIONS, parse_option
from trainer.errors import TrainerError

_PARTS = re.compile(r"[,;.]?\s+or\s+|[.;]\s+|[.;]$")
_SET = re.compile(r'(?:(?:set|use)\s+(?:the\s+)?)?(?P<name>\w+)\s+(?:to\s+)?"?(?P<value>[^\s"]+)"?')
_TO = re.compile(r'to\s+"?(?P<value>[^\s"]+)"?')
_SWITCH = re.compile(r"(?:switch\s+)?(?P<name>\w+)\s+(?P<state>on|off)")
_TWO = re.compile(r"\bswitch (\w+) or (\w+) off", re.IGNORECASE)
_ONE_OF = ("Switch one of them off.", "Use one of them.")


@dataclass(frozen=True, slots=True)
class Mend:
    """`text` is what the option is set to, as `option_text` writes it."""

    option: str
    text: str


def mends_in(message: str, hint: str) -> tuple[Mend, ...]:
    """What "Set a to 1, or switch b off." offers; what is no plain setting is passed over.

    Where the hint speaks of "one of them", those that the message names can be switched off.
    """
    if hint in _ONE_OF:
        found = [mend for name in re.findall(r"\w+", message) for mend in _off(name)]
        return tuple(dict.fromkeys(found))
    found, name = [], ""
    for part in _PARTS.split(_TWO.sub(r"switch \1 off or switch \2 off", hint)):
        words = part.strip().rstrip(",")
        words = words[:1].lower() + words[1:]
        switch, set_to, to = (it.fullmatch(words) for it in (_SWITCH, _SET, _TO))
        if switch:
            found += _mend(switch["name"], YES if switch["state"] == "on" else NO)
        elif set_to and set_to["name"] in OPTIONS:
            name = set_to["name"]
            found += _mend(name, set_to["value"])
        elif to and name:
            found += _mend(name, to["value"])
    return tuple(dict.fromkeys(found))


def _off(name: str) -> list[Mend]:
    one = OPTIONS.get(name)
    if one is None or one.kind is str:
        return []
    return _mend(name, NO if one.kind is bool else "0")


def _mend(name: str, value: str) -> list[Mend]:
    if name not in OPTIONS:
        return []
    try:
        return [Mend(name, option_text(parse_option(name, value)))]
    except TrainerError:
        return []
