"""A query as text that buttons change: conditions added, taken out, turned on and off; its order.

A condition counts as part of a query when it stands at the top, beside all others; inside
parentheses or beside an OR it is left alone. Conditions are the same when they mean the same,
however they are written. Every function raises QueryError for a query that can't be read.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lark import Token

from curator.core.query import parse, tokens
from curator.core.query_tree import Node, Not, Or, Text, Wild


def has_term(query: str, term: str) -> bool:
    """Whether the term is a condition of the query."""
    return _meaning(term) in {_meaning(unit.text) for unit in _taken_apart(query).units}


def with_term(query: str, term: str) -> str:
    """The query narrowed to what the term finds too; the same text when it has the term."""
    if has_term(query, term):
        return query
    apart = _taken_apart(query)
    added = _taken_apart(term).units
    if len(added) > 1:
        added = [_in_parentheses(term)]
    return _put_together([*apart.units, *added], apart.orders)


def chosen(query: str, terms: Iterable[str]) -> tuple[str, ...]:
    """Those of the terms that the query asks for: as a condition, or as one of several by OR.

    A condition that joins them with anything else is left alone.
    """
    by_meaning = {_meaning(term): term for term in terms}
    met = (_alternatives(unit.text, by_meaning) for unit in _taken_apart(query).units)
    asked = {node for nodes in met for node in nodes}
    return tuple(term for node, term in by_meaning.items() if node in asked)


def choose(query: str, terms: Iterable[str], wanted: Sequence[str]) -> str:
    """The query that asks for one of the wanted terms, instead of for whichever of the `terms`.

    The same text where it asks for just that already.
    """
    terms = tuple(terms)
    if set(chosen(query, terms)) == set(wanted):
        return query
    meanings = {_meaning(term) for term in terms}
    apart = _taken_apart(query)
    kept = [unit for unit in apart.units if not _alternatives(unit.text, meanings)]
    without = _put_together(kept, apart.orders)
    if not wanted:
        return without
    return with_term(without, wanted[0] if len(wanted) == 1 else f"({' OR '.join(wanted)})")


def sort_of(query: str) -> str:
    """The query's first order as it stands after `sort:`, such as "-added"; "" without one."""
    for sort in parse(query).sort:
        seed = f"({sort.seed})" if sort.seed else ""
        return f"{'-' if sort.descending else ''}{sort.key}{seed}"
    return ""


def sorted_by(query: str, sort: str) -> str:
    """The query in this order instead of all that it has, such as "-added"; "" for none."""
    parse(query)
    conditions = _without_orders(query)[0]
    return f"{conditions} sort:{sort}".lstrip() if sort else conditions


@dataclass(frozen=True, slots=True)
class _Unit:
    """A condition at the top of a query; `joint` is the AND before it, if one is written."""

    text: str
    joint: str = ""


@dataclass(frozen=True, slots=True)
class _Apart:
    """A query's conditions, all of which must hold, and its orders."""

    units: Sequence[_Unit]
    orders: Sequence[str]


def _taken_apart(query: str) -> _Apart:
    parse(query)
    conditions, orders = _without_orders(query)
    return _Apart(_units(conditions), orders)


def _put_together(units: Sequence[_Unit], orders: Sequence[str]) -> str:
    first, rest = units[:1], units[1:]
    texts = [unit.text for unit in first] + [f"{unit.joint}{unit.text}" for unit in rest]
    return " ".join([*texts, *orders])


@lru_cache(maxsize=4096)
def _meaning(text: str) -> Node | None:
    """What a condition means, equal for equal meanings; None for an order alone."""
    where = parse(text).where
    return where and _folded(where)


def _alternatives(condition: str, meanings: Container[Node | None]) -> tuple[Node | None, ...]:
    """Which of the meanings a condition joins by OR, or is; none where it means anything else."""
    whole = _meaning(condition)
    if whole in meanings:
        return (whole,)
    parts = tuple(map(_folded, whole.parts)) if isinstance(whole, Or) else ()
    return parts if all(part in meanings for part in parts) else ()


def _folded(node: Node) -> Node:
    """A single condition in one case, for queries make no difference there."""
    if isinstance(node, Not):
        return Not(_folded(node.part))
    if isinstance(node, Text):
        folded = (p if isinstance(p, Wild) else p.casefold() for p in node.pattern)
        return replace(node, pattern=tuple(folded))
    return node


def _units(conditions: str) -> list[_Unit]:
    """The conditions at the top, of a text without orders; all in one where an OR joins them."""
    units: list[_Unit] = []
    depth, start, joint = 0, -1, ""
    for token in tokens(conditions):
        if depth == 0 and token.type == "OR":
            return [_in_parentheses(conditions)]
        if depth == 0 and token.type == "AND":
            joint = f"{token} "
            continue
        if start < 0:
            start = token.start_pos or 0
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if depth == 0 and token.type != "NOT":
            units.append(_Unit(conditions[start : token.end_pos], joint))
            start, joint = -1, ""
    return units


def _in_parentheses(conditions: str) -> _Unit:
    # A backslash at the end would make the parenthesis part of the text.
    return _Unit(f"({conditions} )" if conditions.endswith("\\") else f"({conditions})")


def _without_orders(query: str) -> tuple[str, list[str]]:
    """The conditions of a query, and its orders wherever they stood."""
    orders: list[str] = []
    words = tokens(query)
    while (at := next((n for n, word in enumerate(words) if _is_order(word)), -1)) >= 0:
        first, last = _bounds(words, at)
        orders.append(str(words[at]))
        before, after = query[: words[first].start_pos], query[words[last].end_pos :]
        query = f"{before.rstrip()} {after.lstrip()}"
        words = tokens(query)
    return query.strip(), orders


def _is_order(token: Token) -> bool:
    return token.type == "KEYED" and bool(parse(token).sort)


def _bounds(words: Sequence[Token], at: int) -> tuple[int, int]:
    """First and last of what goes with an order: parentheses around it alone, an AND beside it."""
    kinds = ["", *(word.type for word in words), ""]
    first = last = at + 1
    while kinds[first - 1] == "LPAR" and kinds[last + 1] == "RPAR":
        first, last = first - 1, last + 1
    if kinds[first - 1] == "AND":
        first -= 1
    elif kinds[last + 1] == "AND":
        last += 1
    return first - 1, last - 1
