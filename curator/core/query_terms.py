"""The fields of the query language: how `field:value` reads, and what to say when it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from curator.core.duplicates import Kind
from curator.core.measures import BY_WORD
from curator.core.query_fits import bucket_pattern, read_loss, read_scale
from curator.core.query_grades import graded, real
from curator.core.query_measures import (
    RATINGS,
    Term,
    area,
    day,
    measure,
    rating,
    ratio,
    stars,
    unreadable,
    whole,
)
from curator.core.query_tree import (
    And,
    Flag,
    Node,
    Not,
    Pattern,
    QueryError,
    Range,
    Sort,
    Text,
    Wild,
)
from curator.core.records import RejectReason
from curator.core.tagger_records import SAFETY

SORT_KEYS = (
    *("name", "path", "added", "taken", "width", "height", "area", "ratio", "size"),
    *("rating", "tags", "tokens", "chars", "id", "random"),
    *("colour", "likeness", "reject", "fit", *BY_WORD),
    *("bucket", "crop_loss", "upscale"),
)
# Words for `is:` and what they mean. What a picture is for the training is one of four: primary,
# supporting, undecided or rejected; `rating:` asks for the rating that a rejected one keeps, too.
IS_WORDS: Mapping[str, str] = {
    "primary": "rated primary and not rejected",
    "supporting": "rated supporting and not rejected",
    "undecided": "neither rated nor rejected",
    "unrated": "the same as undecided",
    "rejected": "rejected, whatever its rating",
    "uncaptioned": "without a caption",
    "inplace": "not copied into the project",
    "animated": "of more than one frame",
    "removed": "removed from the project",
    "duplicate": "a copy of another one, about which nothing was decided",
    "unmeasured": "its quality is not measured yet",
    "crop": "a crop of another one, beside which it stands",
    "cropped": "has crops of its own",
    "masked": "has a mask for the training",
}
_RATED = {**RATINGS, "undecided": RATINGS["unrated"]}
# What people write, and what Pillow calls it.
_FORMATS = {"jpg": "jpeg", "jpe": "jpeg", "tif": "tiff", "heic": "heif"}
_ESCAPED_IN_WORD = "*?\\\"'()"
_PLAIN = re.compile(r"\w[\w.-]*")
UNWRITABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Field:
    """How a field's value is read, and an example of it for the hints."""

    read: Callable[[Term], Node | Sort]
    example: str


def read_term(term: Term) -> Node | Sort:
    """The meaning of `field:value`. Raises QueryError."""
    field = FIELDS.get(term.field)
    if field is None:
        near = _nearest(term.field, FIELDS)
        hint = f'Did you mean "{near}:"?' if near else f"The fields are {_listed(FIELDS)}."
        quoted = f' To look for the text itself, write "{term.field}:..." in quotes.'
        raise QueryError(f'There is no field "{term.field}:"', hint + quoted, term.field_at)
    if not term.text.strip():
        raise QueryError(
            f'"{term.field}:" needs a value', f"For example: {field.example}", term.field_at
        )
    return field.read(replace(term, example=field.example))


def read_pattern(text: str, quote: str) -> Pattern:
    """Literal pieces and wildcards. A backslash makes a following special character literal.

    Special are `*`, `?`, the backslash, the quote around the text, and outside quotes all quotes
    and parentheses; before anything else a backslash is a backslash, as in `path:C:\\photos`.
    """
    special = f"*?\\{quote}" if quote else _ESCAPED_IN_WORD
    pieces: list[str | Wild] = []
    for match in re.finditer(rf"\\([{re.escape(special)}])|([*?])|.", text, re.DOTALL):
        if match[2]:
            pieces.append(Wild(match[2]))
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += match[1] or match[0]
        else:
            pieces.append(match[1] or match[0])
    return tuple(pieces)


def written(text: str) -> str:
    """The value that stands for this text alone: `read_pattern` backwards, quoted where need be.

    What no query can hold, such as half a surrogate pair, becomes the wildcard for one character.
    """
    if _PLAIN.fullmatch(text):
        return text
    escaped = re.sub(r'["\\*?]', r"\\\g<0>", text)
    return f'"{UNWRITABLE.sub("?", escaped)}"'


def caption_holds(text: str, quote: str) -> Text:
    """What a word or a quoted phrase without a field means."""
    return Text("caption", read_pattern(text, quote), anywhere=True)


def _free_text(anywhere: bool) -> Callable[[Term], Node]:
    """A reader of any text: there `>_<` is a tag and no comparison."""

    def read(term: Term) -> Node:
        if term.quote:
            _refuse_operator(term)
        pattern = read_pattern(term.operator + term.text, term.quote)
        return Text(term.field, pattern, anywhere)

    return read


def _set(term: Term) -> Node:
    _refuse_operator(term)
    return Text("set", read_pattern(term.text, term.quote), anywhere=False)


def _format(term: Term) -> Node:
    _refuse_operator(term)
    name = term.text.lower()
    return Text("format", read_pattern(_FORMATS.get(name, name), term.quote), anywhere=False)


def _bucket(term: Term) -> Node:
    _refuse_operator(term)
    return Text("bucket", read_pattern(bucket_pattern(term), term.quote), anywhere=False)


def _word_of(choices: Collection[str], what: str) -> Callable[[Term], Node]:
    """A reader of one of some words, or of a pattern that fits several."""

    def read(term: Term) -> Node:
        _refuse_operator(term)
        if not set(term.text) & set("*?"):
            _one_of(term, term.text.casefold(), choices, what)
        return Text(term.field, read_pattern(term.text, term.quote), anywhere=False)

    return read


def _refuse_operator(term: Term) -> None:
    if term.operator:
        message = f'"{term.field}:" does not compare with "{term.operator.strip()}"'
        hint = f"Write it like {term.example}, with a minus before it for all others."
        raise QueryError(message, hint, term.text_at)


def _duplicate(term: Term) -> Node:
    _refuse_operator(term)
    name = _one_of(term, term.text.lower(), list(Kind), "kind of duplicate")
    return Text("dup", (name,), anywhere=False)


def _flag(term: Term) -> Node:
    _refuse_operator(term)
    name = _one_of(term, term.text.lower(), IS_WORDS, "word for is:")
    if name in _RATED:
        rated = Range("rating", _RATED[name], _RATED[name] + 1)
        return And((rated, Not(Flag("rejected"))))
    return Flag(name)


def _sort(term: Term) -> Sort:
    _refuse_operator(term)
    key = term.text.lower().removeprefix("-")
    descending = term.text.startswith("-")
    if seeded := re.fullmatch(r"random\((.*)\)", key, re.DOTALL):
        return Sort("random", descending, seeded[1].strip())
    return Sort(_one_of(term, key, SORT_KEYS, "order"), descending)


def _size(term: Term) -> Node:
    _refuse_operator(term)
    match = re.fullmatch(r"(\d{1,9})[x:](\d{1,9})", term.text, re.ASCII | re.IGNORECASE)
    if not match:
        raise unreadable(term, term.text)
    width, height = int(match[1]), int(match[2])
    return And((Range("width", width, width + 1), Range("height", height, height + 1)))


def _one_of(term: Term, value: str, choices: Collection[str], what: str) -> str:
    if value in choices:
        return value
    near = _nearest(value, choices)
    hint = f'Did you mean "{near}"?' if near else f"Write one of {_listed(choices)}."
    raise QueryError(f'"{term.text}" is no {what}', hint, term.text_at)


def _nearest(value: str, choices: Iterable[str]) -> str:
    return next(iter(get_close_matches(value, choices, n=1, cutoff=0.7)), "")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


FIELDS: Mapping[str, Field] = {
    "tag": Field(_free_text(anywhere=False), 'tag:"long hair"'),
    "caption": Field(_free_text(anywhere=True), "caption:smil*"),
    "name": Field(_free_text(anywhere=True), "name:IMG_*.jpg"),
    "path": Field(_free_text(anywhere=True), "path:holiday"),
    "set": Field(_set, "set:outfit*"),
    "format": Field(_format, "format:png"),
    "reason": Field(_word_of(list(RejectReason), "reject reason"), 'reason:"wrong subject"'),
    "safety": Field(_word_of(SAFETY, "rating of a tagger"), "safety:explicit"),
    "auto": Field(_free_text(anywhere=False), "auto:smile (a tag that a model gave)"),
    "manual": Field(_free_text(anywhere=False), "manual:smile (a tag that you gave)"),
    "by": Field(_free_text(anywhere=False), "by:wd* (who gave a tag; file, rule or a model)"),
    "is": Field(_flag, "is:rejected"),
    "dup": Field(_duplicate, "dup:edited"),
    "rating": Field(measure(rating), "rating:>=1 or rating:primary (0, 1 or 2; stars: has 0 to 5)"),
    "stars": Field(measure(stars), "stars:>=4 (0 to 5)"),
    "width": Field(measure(whole), "width:<512 or width:512..1024"),
    "height": Field(measure(whole), "height:>=512"),
    "size": Field(_size, "size:512x768"),
    "area": Field(measure(area), "area:>512x512 or area:>=1.5mp"),
    "ratio": Field(measure(ratio), "ratio:>1.5 or ratio:3:2"),
    "tags": Field(measure(whole), "tags:>30"),
    "tokens": Field(measure(whole), "tokens:>75"),
    "chars": Field(measure(whole), "chars:>1000"),
    "added": Field(measure(day), "added:>2026-01-31 or added:2026-01"),
    "taken": Field(measure(day), "taken:2025..2026-03"),
    "id": Field(measure(whole), "id:3,7..9"),
    "fit": Field(measure(real(0)), "fit:<100 (side in percent of the resolution)"),
    "bucket": Field(_bucket, "bucket:512x768 (the size it trains at)"),
    "crop_loss": Field(read_loss, "crop_loss:>5% (of its area, on the way into its bucket)"),
    "upscale": Field(read_scale, "upscale:>1.5 (how much its bucket enlarges it)"),
    **{
        word: Field(graded(meaning), f"{word}:{'>' if meaning.better < 0 else '<'}20%")
        for word, meaning in BY_WORD.items()
    },
    "sort": Field(_sort, "sort:name, sort:-added or sort:random(7)"),
}
