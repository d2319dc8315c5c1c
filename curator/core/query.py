r"""The query language: text to a parse tree, a superset of taggui's filter language.

    fr3dd1e "looking at viewer" -tag:blurry (rating:1 OR width:>=1024) sort:-added

Words and quoted phrases are looked for in captions. `tag: set: format: reason:` want the whole
text, `caption: name: path:` a part of it; `*` and `?` are wildcards, a backslash makes a special
character literal. Case makes no difference. Measures take `=  !=  <  <=  >  >=`, ranges `512..1024`
and lists `3,7..9`. Terms side by side must all fit; NOT binds before AND, AND before OR.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

from curator.core.query_measures import Term
from curator.core.query_terms import UNWRITABLE, caption_holds, read_term
from curator.core.query_tree import And, Node, Or, Query, QueryError, Sort, negated

MAX_CHARACTERS = 8000  # so that no pattern outgrows SQLite's limit of 50,000 bytes
MAX_DEPTH = 100

_QUOTED = r'"(?:\\.|[^"\\])*"' + r"|'(?:\\.|[^'\\])*'"
_CHARACTERS = r"""(?:\\[*?"'\\()]|[^\s()])+"""
_WORD = rf"""(?!["']|-(?:\s|\Z)){_CHARACTERS}"""
_KEY = r"[^\W\d]\w*:\s*"
_VALUE = rf"""-?random\([^()]*\)|(?:{_QUOTED})|(?!["']){_CHARACTERS}"""
_KEYED = re.compile(rf"({_KEY})((?:==|=|!=|<=|>=|<|>)?\s*)({_VALUE})?", re.IGNORECASE | re.DOTALL)

_GRAMMAR = rf"""
?start: either
either: both (OR both)*
both: unit (AND? unit)*
?unit: LPAR either RPAR -> grouped | NOT unit -> excluded | KEYED | QUOTED | WORD
OR.3: /or(?![^\s()])/i
AND.3: /and(?![^\s()])/i
NOT.3: /not(?![^\s()])/i | /-(?=\S)/
LPAR: "("
RPAR: ")"
KEYED.2: /{_KEYED.pattern}/is
QUOTED.2: /{_QUOTED}/s
WORD: /{_WORD}/
%ignore /\s+/
"""


def parse(text: str) -> Query:
    """The parse tree of a query. Raises QueryError, whose position lies inside the text."""
    _check_characters(text)
    words = tokens(text)
    if not words:
        return Query()
    _check_parentheses(words)
    try:
        part: _Part = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedToken as error:
        raise _explained(words, error.token) from None
    return Query(part.node, tuple(sort for sort, _ in part.sorts))


class _Part:
    """A part of the tree while it grows; orders are lifted out of it with their positions."""

    def __init__(self, node: Node | None, sorts: Sequence[tuple[Sort, int]] = ()) -> None:
        self.node = node
        self.sorts = tuple(sorts)


class _Builder(Transformer[Token, Any]):
    """Makes the tree while lark reads, so that depth costs no recursion."""

    def KEYED(self, token: Token) -> _Part:  # noqa: N802 - lark calls it by the terminal's name
        match = _KEYED.fullmatch(token)
        start = token.start_pos or 0
        key, operator, value = match.groups("") if match else (str(token), "", "")
        quote = value[:1] if value[:1] in ('"', "'") else ""
        term = Term(
            key.rstrip()[:-1].lower(),
            operator,
            quote,
            value[1:-1] if quote else value,
            start,
            start + min(len(key), len(token) - 1),
        )
        read = read_term(term)
        return _Part(None, [(read, start)]) if isinstance(read, Sort) else _Part(read)

    def QUOTED(self, token: Token) -> _Part:  # noqa: N802
        if not token[1:-1]:
            raise QueryError(
                "There is nothing between the quotes",
                "Write the words to look for between them.",
                token.start_pos or 0,
            )
        return _Part(caption_holds(token[1:-1], token[0]))

    def WORD(self, token: Token) -> _Part:  # noqa: N802
        return _Part(caption_holds(token, ""))

    def grouped(self, children: list[Any]) -> _Part:
        return children[1]  # type: ignore[no-any-return]

    def excluded(self, children: list[Any]) -> _Part:
        part: _Part = children[1]
        if part.sorts:
            raise _no_condition(part, "sort:-name turns an order round.")
        return _Part(negated(part.node)) if part.node else part

    def both(self, children: list[Any]) -> _Part:
        parts = [child for child in children if isinstance(child, _Part)]
        nodes = tuple(part.node for part in parts if part.node)
        node = And(nodes) if len(nodes) > 1 else nodes[0] if nodes else None
        return _Part(node, [sort for part in parts for sort in part.sorts])

    def either(self, children: list[Any]) -> _Part:
        parts = [child for child in children if isinstance(child, _Part)]
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if part.node is None:
                raise _no_condition(part, "Write it at the end of the query, without OR.")
        sorts = [sort for part in parts for sort in part.sorts]
        return _Part(Or(tuple(part.node for part in parts if part.node)), sorts)


def _no_condition(part: _Part, hint: str) -> QueryError:
    return QueryError('"sort:" is an order and no condition', hint, part.sorts[0][1])


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())


def _check_characters(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"The query is longer than {MAX_CHARACTERS:,} characters",
            "Split it into several.",
            MAX_CHARACTERS,
        )
    if odd := UNWRITABLE.search(text):
        raise QueryError(
            "The query holds a character that no text can hold",
            "Write a ? in its place.",
            odd.start(),
        )


def tokens(text: str) -> list[Token]:
    """The smallest parts of a query, each with its place in the text. Raises QueryError."""
    try:
        return list(_parser().lex(text))
    except UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        if text[at] == "-":
            raise QueryError(
                "A minus stands directly before what it excludes",
                'Write -word, or "-" in quotes to look for a minus.',
                at,
            ) from None
        raise QueryError(
            "This quote is never closed",
            f"Add {text[at]} after the text, or \\ before it where the quote is part of the text.",
            at,
        ) from None


def _check_parentheses(tokens: Sequence[Token]) -> None:
    opened: list[int] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "LPAR":
            _check_stands_apart(token, before)
            opened.append(token.start_pos or 0)
        elif token.type == "RPAR" and opened:
            opened.pop()
        elif token.type == "RPAR":
            raise QueryError(
                'This ")" closes nothing', "Remove it, or add a ( before.", token.start_pos or 0
            )
        if len(opened) > MAX_DEPTH:
            raise QueryError(
                f"Parentheses are more than {MAX_DEPTH} deep", "Simplify the query.", opened[-1]
            )
    if opened:
        raise QueryError('This "(" is never closed', "Add a ) after it.", opened[-1])


def _check_stands_apart(opening: Token, before: Token | None) -> None:
    """Refuse `miku_(append)`: as a condition and a group it would find something else."""
    text = before is not None and before.type in ("WORD", "KEYED", "QUOTED")
    if text and before is not None and before.end_pos == opening.start_pos:
        raise QueryError(
            'This "(" stands in the middle of a text',
            'Put the text in quotes, as in tag:"miku (append)", or a space before the "(".',
            opening.start_pos or 0,
        )


def _explained(tokens: Sequence[Token], unexpected: Token) -> QueryError:
    """What is wrong where lark stopped; parentheses are known to match."""
    # Tokens are equal when their texts are, so a token's place is found by its position.
    places = [token.start_pos for token in tokens] if unexpected.type != "$END" else []
    at = places.index(unexpected.start_pos) if places else len(tokens)
    previous = tokens[at - 1] if at else None
    if previous is not None and previous.type in ("AND", "OR", "NOT"):
        word = "-" if previous == "-" else previous.upper()
        return QueryError(
            f'After "{word}" a condition is missing',
            f'Add one, or put "{previous}" in quotes to look for the word.',
            previous.start_pos or 0,
        )
    if unexpected.type in ("AND", "OR"):
        return QueryError(
            f'Before "{unexpected.upper()}" a condition is missing',
            f'Add one, or put "{unexpected}" in quotes to look for the word.',
            unexpected.start_pos or 0,
        )
    return QueryError(
        "There is nothing between the parentheses",
        'Write a condition between them, or "()" in quotes to look for the text.',
        unexpected.start_pos or 0,
    )
