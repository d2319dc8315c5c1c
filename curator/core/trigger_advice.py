"""A word looked at before it becomes a trigger: what CLIP makes of it, and whether it is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from curator.core.captions import token_pieces
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.readable import count
from curator.core.triggers import all_triggers, is_pinned

MOST_TOKENS = 6  # of the 75 that every caption has
_LEAST_WORD = 3  # shorter pieces are syllables, not words
_EXAMPLES = 3
_DIGITS = {"a": "4", "e": "3", "i": "1", "o": "0", "u": "v"}
# Letters that decompose into nothing Latin.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"þ": "th", "Þ": "Th", "œ": "oe", "Œ": "Oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)


class Weight(StrEnum):
    """How much a remark matters: `REFUSED` words can't be triggers at all."""

    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about a word, in a sentence."""

    weight: Weight
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a word may clash with.

    `tags`: of the project, with how many pictures carry each; `listed`: those of the installed tag
    lists that a word is looked up in; `elsewhere`: triggers by the name of another project.
    """

    tags: Mapping[str, int]
    listed: frozenset[str] = frozenset()
    elsewhere: Mapping[str, Sequence[str]] | None = None
    own: Sequence[str] = ()  # the project's present triggers, which the word may be one of


def look_at(word: str, known: Known) -> list[Remark]:
    """What is to be said of a word, what matters most first."""
    word = word.strip()
    refused = _refusal(word)
    if refused:
        return [Remark(Weight.REFUSED, refused)]
    remarks = [*_clip(word), *_clashes(word, known), *_spelling(word)]
    order = list(reversed(Weight))
    return sorted(remarks, key=lambda remark: order.index(remark.weight))


def pieces_in_words(word: str) -> str:
    """How many tokens a word is and which: "fr3dd1e = 5 tokens: fr|3|dd|1|e"."""
    pieces = token_pieces(word)
    return f"{word} = {count(len(pieces), 'token')}: {'|'.join(pieces)}" if pieces else ""


def _refusal(word: str) -> str:
    if not word:
        return "A trigger needs at least a letter."
    if "," in word or "\n" in word:
        return "A comma ends a tag, so a trigger can't hold one."
    if not any(character.isalnum() for character in word):
        return "Signs alone are no word for the text encoder; use letters."
    return ""


def _clip(word: str) -> Iterator[Remark]:
    pieces = token_pieces(word)
    known = [part for part in word.split() if _is_one_token(part)]
    if known and len(known) == len(word.split()):
        said = " and ".join(f'"{part}"' for part in known)
        its = "a token of its own" if len(known) == 1 else "tokens of their own"
        yield Remark(
            Weight.WARNING,
            f"{said} {'is' if len(known) == 1 else 'are'} {its}: the base model most likely has a"
            " meaning for that, which mixes with yours.",
        )
    elif known:
        said = ", ".join(f'"{part}"' for part in known)
        yield Remark(Weight.NOTE, f"The base model knows {said}, which is in it.")
    elif (last := pieces[-1]) != word and _is_word(last) and _is_one_token(last):
        yield Remark(Weight.NOTE, f'It ends in "{last}", which the base model knows.')
    else:
        yield Remark(Weight.GOOD, "It is put together from pieces: no word that CLIP knows.")
    if len(pieces) > MOST_TOKENS:
        yield Remark(
            Weight.NOTE,
            f"It takes {len(pieces)} of the 75 tokens of every caption; shorter is better.",
        )


def _is_one_token(part: str) -> bool:
    return _is_word(part) and len(token_pieces(part)) == 1


def _is_word(part: str) -> bool:
    return len(part) >= _LEAST_WORD and part.isalpha()


def _clashes(word: str, known: Known) -> Iterator[Remark]:
    if word not in known.own:
        yield from _clashes_here(word, known.tags)
    if _folded(word) in {_folded(tag) for tag in known.listed}:
        yield Remark(
            Weight.WARNING,
            "It is a tag of an installed tag list: models trained on such tags know it, and the"
            " tagger may give it.",
        )
    for name, triggers in (known.elsewhere or {}).items():
        if _folded(word) in {_folded(one) for one in triggers}:
            yield Remark(
                Weight.WARNING,
                f"Your project {name} uses it too: the two LoRAs could not be used together.",
            )


def _clashes_here(word: str, tags: Mapping[str, int]) -> Iterator[Remark]:
    same = {tag: n for tag, n in tags.items() if _folded(tag) == _folded(word)}
    if same:
        yield Remark(
            Weight.WARNING,
            f'"{next(iter(same))}" is a tag here already, of'
            f" {count(sum(same.values()), 'picture')}: choose it only if it means the same.",
        )
    named = [tag for tag in tags if tag not in same and is_pinned(tag, (word,))]
    if named:
        some = ", ".join(f'"{tag}"' for tag in named[:_EXAMPLES])
        more = f" and {len(named) - _EXAMPLES:,} more" if len(named) > _EXAMPLES else ""
        yield Remark(
            Weight.WARNING,
            f"{count(len(named), 'tag names', 'tags name')} it as a word and would be pinned with"
            f" it: {some}{more}.",
        )


def _folded(tag: str) -> str:
    return tag.casefold().replace("_", " ")


def _spelling(word: str) -> Iterator[Remark]:
    if not word.isascii():
        latin = romanised(word)
        how = f", such as {latin}" if latin.isascii() and latin else ""
        yield Remark(
            Weight.WARNING, f"Letters beyond a to z fall into pieces of bytes; romanise it{how}."
        )
    if " " in word:
        joined = re.sub(r"[\W_]", "", romanised(word))
        yield Remark(
            Weight.NOTE,
            f"Several words bring what each of them means; run them together: {joined}.",
        )
    if re.search(r"[()\[\]{}<>:|]", word):
        yield Remark(
            Weight.WARNING,
            "Brackets, colons and bars mean weights or choices in many programs; leave them out.",
        )
    if word != word.lower():
        yield Remark(Weight.NOTE, f"CLIP reads it as {word.lower()}; capitals make no difference.")


def romanised(word: str) -> str:
    """The word without accents; letters of other scripts stay, for want of a rule."""
    apart = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(c for c in apart if not unicodedata.combining(c))


def suggestions(word: str, known: Known, most: int = 3) -> list[str]:
    """Spellings of a word that nothing is to be said against, those nearest to it first."""
    plain = re.sub(r"[^a-z0-9]", "", romanised(word).lower())
    if not plain:
        return []
    good = []
    for spelling in dict.fromkeys(_spellings(plain)):
        weights = {remark.weight for remark in look_at(spelling, known)}
        if spelling != word and weights == {Weight.GOOD}:
            good.append(spelling)
    return good[:most]


def _spellings(plain: str) -> Iterator[str]:
    vowels = [at for at, letter in enumerate(plain) if letter in _DIGITS]
    yield plain
    yield from (_swapped(plain, [at]) for at in vowels)
    yield _swapped(plain, vowels)
    yield plain[:1] + re.sub(r"[aeiou]", "", plain[1:])
    yield from (f"{plain}{end}" for end in ("xq", "zk", "1x"))


def _swapped(plain: str, places: Iterable[int]) -> str:
    letters = list(plain)
    for at in places:
        letters[at] = _DIGITS[letters[at]]
    return "".join(letters)


def triggers_elsewhere(roots: Iterable[Path], here: Path) -> tuple[dict[str, list[str]], list[str]]:
    """(triggers by project, the projects that could not be looked at), of those in these folders.

    The project `here` is left out; one that is gone counts as looked at, for it uses no word.
    """
    found: dict[str, list[str]] = {}
    failed: list[str] = []
    for root in roots:
        if root == here or not root.exists():
            continue
        try:
            with Project.open(root, read_only=True) as project:
                found[root.name] = list(all_triggers(project.settings, project.sets()))
        except UserError:
            failed.append(root.name)
    return {name: words for name, words in found.items() if words}, failed
