"""Settings as people paste them: curly quotes, prose, commas too many, command lines."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from trainer.errors import TrainerError

LIMIT = 1_000_000  # bytes of a settings file; real ones have some thousand
_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u00a0\u2007\u202f", " "),
        **dict.fromkeys("\ufeff\u200b\u200c\u200d\u2060", None),
    }
)
_DASH = re.compile(r"(?<!\S)[\u2013\u2014](?=[a-z])")  # what word processors make of two hyphens
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)
_CONTINUED = re.compile(r"[\\^`][ \t]*\r?\n")
_TOKEN = re.compile(r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'])+")
_FLAG = re.compile(r"--([A-Za-z]\w*)(=.*)?", re.DOTALL)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])|\b(?:True|False|None)\b|[{}]', re.DOTALL)
_OBJECT = re.compile(r'\{\s*"')
_JSON_WORDS = {"True": "true", "False": "false", "None": "null", ",": ""}
_BROKEN = (ValueError, RecursionError)  # of json and tomllib
_LISTS = ("network_args", "optimizer_args", "lr_scheduler_args", "text_encoder_lr")


def read_text(path: Path) -> str:
    """The text of a settings file. Raises TrainerError when it is too long or no text."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error
    if len(data) > LIMIT:
        raise TrainerError(f"{path} is too long for settings.", "Choose a settings file.")
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise TrainerError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error


def straightened(text: str) -> str:
    """The text with plain quotes, spaces and hyphens, and without the fences of code."""
    return _DASH.sub("--", _FENCE.sub("", text.translate(_MARKS)))


def toml_in(text: str) -> dict[str, Any] | None:
    """The text as TOML; None when it is none."""
    for one in (text.removeprefix("\ufeff"), straightened(text)):
        try:
            return tomllib.loads(one)
        except _BROKEN:
            continue
    return None


def json_in(text: str) -> dict[str, Any] | None:
    """The first object of JSON in the text, forgiving what pasting breaks; None without one.

    Raises TrainerError where one begins that cannot be mended.
    """
    problem = ""
    for one in (text, straightened(text)):
        start = _OBJECT.search(one)
        if start is None:
            continue
        try:
            found = json.loads(_first_object(one[start.start() :]), parse_constant=_no_number)
        except _BROKEN as error:
            problem = str(error)
        else:
            return found if isinstance(found, dict) else None
    if problem:
        raise TrainerError(
            f"This begins as JSON but cannot be read: {problem}.",
            "Copy all of it, from the first { to the last }.",
        )
    return None


def command_in(text: str) -> dict[str, Any] | None:
    """The flags of a command line by name; None without any.

    A flag without a value is true. What stands before the name of a script (accelerate's own flags)
    is left out.
    """
    one = _CONTINUED.sub(" ", straightened(text))
    one = "\n".join(line for line in one.splitlines() if not line.lstrip().startswith("#"))
    tokens = _TOKEN.findall(one)
    scripts = [at for at, token in enumerate(tokens) if token.strip("\"'").endswith(".py")]
    found: dict[str, list[str]] = {}
    values: list[str] = []
    for token in tokens[scripts[0] + 1 if scripts else 0 :]:
        flag = _FLAG.fullmatch(token)
        if flag:
            values = found[flag[1]] = [_bare(flag[2][1:])] if flag[2] else []
        else:
            values.append(_bare(token))
    return {name: _value(name, words) for name, words in found.items()} or None


def script_in(text: str) -> str:
    """The name of the script that a command line calls, "" without one."""
    names = (token.strip("\"'") for token in text.split())
    return next((re.split(r"[/\\]", name)[-1] for name in names if name.endswith(".py")), "")


def _value(name: str, words: list[str]) -> Any:
    if name in _LISTS:
        return words
    return " ".join(words) if words else True


def _bare(token: str) -> str:
    """A word without the quotes around it or around its value."""
    return re.sub(r"\"([^\"]*)\"|'([^']*)'", lambda found: found[1] or found[2] or "", token)


def _first_object(text: str) -> str:
    """From the first brace to the one that closes it, mended; all of it where none does."""
    parts, at, depth = [], 0, 0
    for found in _PIECE.finditer(text):
        piece = found[0]
        parts += [text[at : found.start()], _JSON_WORDS.get(piece, piece)]
        at = found.end()
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if depth == 0:
            return "".join(parts)
    return "".join((*parts, text[at:]))


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")
