"""What may be typed next in a query: fields, and the values that a project has for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from curator.core.duplicates import WORDS, Kind
from curator.core.query_measures import RATINGS
from curator.core.query_terms import FIELDS, IS_WORDS, SORT_KEYS, written
from curator.core.records import RejectReason
from curator.core.tagger_records import SAFETY

MOST_TAGS = 12
_JOINTS = ("and", "or", "not")
_QUOTED = r'"(?:\\.|[^"\\])*"' + r"|'(?:\\.|[^'\\])*'"
_OPEN = r'"(?:\\.|[^"\\])*\\?\Z' + r"|'(?:\\.|[^'\\])*\\?\Z"
_VALUE = rf"""-?random\([^()]*\)|{_QUOTED}|{_OPEN}|(?:\\[*?"'\\()]|[^\s()])+"""
_PART = re.compile(rf"-|(?P<key>[^\W\d]\w*:\s*)?(?P<value>{_VALUE})?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a project's queries may name; tags and buckets with how many images, the most first."""

    sets: tuple[str, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    formats: tuple[str, ...] = ()
    buckets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """`text` is what goes into the query, `title` what it stands for, `note` a word about it."""

    text: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Completions:
    """An item's text takes the place of the query's characters from `start` to before `end`."""

    start: int
    end: int
    items: tuple[Completion, ...]


def complete(text: str, cursor: int, words: Vocabulary) -> Completions:
    """What may stand at the cursor, a place between 0 and the length of the text.

    Works in half a query too, such as one whose quote is still open.
    """
    offer, start, end = _place(text, cursor)
    there = text[start:end]
    offered = offer(_typed(text[start:cursor]), words)
    return Completions(start, end, tuple(item for item in offered if item.text != there))


_Offer = Callable[[str, Vocabulary], Iterator[Completion]]  # from what is typed, case folded


def _place(text: str, cursor: int) -> tuple[_Offer, int, int]:
    """What may stand around the cursor, and which characters it would replace."""
    for match in _PART.finditer(text):
        if match[0] in ("", "-") or not match.start() <= cursor <= match.end():
            continue
        start, end = match.span("value")
        if match["key"] is None:
            return _terms, start, _end(text, start, end, cursor)
        colon = match.start() + match["key"].index(":")
        if cursor <= colon:
            return _fields, match.start(), colon + 1
        offer = _VALUES.get(text[match.start() : colon].lower(), _nothing)
        if match["value"] is None or cursor < start:
            return offer, cursor, cursor
        return offer, start, _end(text, start, end, cursor)
    return _terms, cursor, cursor


def _end(text: str, start: int, end: int, cursor: int) -> int:
    """Where a value ends; an open quote reaches to the cursor, not into what follows it.

    A quote that another text follows at once is taken for the opening one of that text.
    """
    open_quote = text[start] in "\"'" and not (
        re.fullmatch(_QUOTED, text[start:end], re.DOTALL) and re.match(r"[\s()]|\Z", text[end:])
    )
    return cursor if open_quote else end


def _typed(written_so_far: str) -> str:
    """The text meant by a value that may be half of one."""
    text = written_so_far
    if re.fullmatch(_QUOTED, text, re.DOTALL):
        text = text[1:-1]
    elif text[:1] in ('"', "'"):
        text = text[1:]
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL).casefold()


def _nothing(_typed: str, _words: Vocabulary) -> Iterator[Completion]:
    return iter(())


def _fields(typed: str, _words: Vocabulary) -> Iterator[Completion]:
    for name, field in FIELDS.items():
        if name.startswith(typed):
            yield Completion(f"{name}:", f"{name}:", field.example)


def _terms(typed: str, words: Vocabulary) -> Iterator[Completion]:
    """Fields, and tags that hold the word; nothing for a word that joins conditions."""
    if typed in _JOINTS:
        return
    yield from _fields(typed, words)
    for tag in _tags(typed, words) if typed else ():
        yield Completion(f"tag:{tag.text}", f"tag:{tag.title}", tag.note)


def _tags(typed: str, words: Vocabulary) -> Iterator[Completion]:
    found = ((tag, count) for tag, count in words.tags if typed in tag.casefold())
    for tag, count in islice(found, MOST_TAGS):
        yield Completion(written(tag), tag, f"{count:,}")


def _sets(typed: str, words: Vocabulary) -> Iterator[Completion]:
    return (Completion(written(name), name) for name in words.sets if typed in name.casefold())


def _formats(typed: str, words: Vocabulary) -> Iterator[Completion]:
    return (Completion(written(name), name) for name in words.formats if name.startswith(typed))


def _buckets(typed: str, words: Vocabulary) -> Iterator[Completion]:
    found = ((bucket, count) for bucket, count in words.buckets if bucket.startswith(typed))
    return (Completion(bucket, bucket, f"{count:,}") for bucket, count in found)


def _flags(typed: str, _words: Vocabulary) -> Iterator[Completion]:
    return (Completion(w, w, note) for w, note in IS_WORDS.items() if w.startswith(typed))


def _kinds(typed: str, _words: Vocabulary) -> Iterator[Completion]:
    return (Completion(k, k, WORDS[k]) for k in Kind if k.startswith(typed))


def _reasons(typed: str, _words: Vocabulary) -> Iterator[Completion]:
    return (Completion(written(r), r.value) for r in RejectReason if typed in r.value)


def _safety(typed: str, _words: Vocabulary) -> Iterator[Completion]:
    return (Completion(word, word) for word in SAFETY if word.startswith(typed))


def _ratings(typed: str, _words: Vocabulary) -> Iterator[Completion]:
    for name, number in RATINGS.items():
        if typed in str(number) or name.startswith(typed):
            yield Completion(str(number), name)


def _orders(typed: str, _words: Vocabulary) -> Iterator[Completion]:
    for key in SORT_KEYS:
        for order, note in ((key, ""), (f"-{key}", "the other way round")):
            if order.startswith(typed) or key.startswith(typed):
                yield Completion(order, order, note)


_VALUES: Mapping[str, _Offer] = {
    "tag": _tags,
    "auto": _tags,
    "manual": _tags,
    "set": _sets,
    "format": _formats,
    "bucket": _buckets,
    "is": _flags,
    "dup": _kinds,
    "reason": _reasons,
    "rating": _ratings,
    "safety": _safety,
    "sort": _orders,
}
