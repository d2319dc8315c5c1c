"""Queries as SQL: the one meaning a query has. Text reaches the database as parameters alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from curator.core.duplicates import COPIES
from curator.core.measures import BY_WORD
from curator.core.query import parse
from curator.core.query_tree import (
    And,
    Flag,
    Node,
    Not,
    Or,
    Pattern,
    Query,
    Range,
    Share,
    Sort,
    Text,
    Wild,
)
from curator.core.records import Rating
from curator.core.store import fit_sql, quality_sql, tag_sql

Value = int | float | str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A whole SELECT of image ids, in the query's order, and its parameters.

    `is_as_imported`: it asks for no order of its own.
    """

    sql: str
    params: list[Value]
    is_as_imported: bool = False


def compile_query(text: str, columns: str = "id") -> Compiled:
    """The SQL of a query. Removed images are hidden unless the query speaks of `is:removed`.

    Without `sort:` the order is by id. Raises QueryError.
    """
    query = parse(text)
    where = _conditions(query)
    order = [_order(sort) for sort in query.sort]
    sql = f"SELECT {columns} FROM images WHERE {where.sql} ORDER BY "
    sql += ", ".join([*(part.sql for part in order), "id"])
    params = [*where.params, *(value for part in order for value in part.params)]
    return Compiled(sql, params, not order)


def compile_counts(text: str, columns: Sequence[Compiled]) -> Compiled:
    """A SELECT of `columns` and, for each combination, how many images of the query have it.

    The columns lie in the index `images_measured`. Raises QueryError.
    """
    where = _conditions(parse(text))
    names = ", ".join(column.sql for column in columns)
    places = ", ".join(str(n) for n in range(1, len(columns) + 1))
    # Left to itself, SQLite takes a narrower index and reads every wide row beside it.
    sql = f"SELECT {names}, count(*) FROM images INDEXED BY images_measured WHERE {where.sql}"
    params = [*(value for column in columns for value in column.params), *where.params]
    return Compiled(f"{sql} GROUP BY {places}", params)


def _conditions(query: Query) -> Compiled:
    shown = Compiled("removed = 0", [])
    if query.where is None:
        return shown
    found = _condition(query.where)
    return found if query.names_flag("removed") else _joined([shown, found], "AND")


def _condition(node: Node) -> Compiled:
    """An SQL expression that is 0 or 1 and never NULL, so that NOT finds all the others."""
    match node:
        case Text():
            return _text(node)
        case Range():
            return _range(node)
        case Flag():
            if node.name == "duplicate":
                return Compiled(f"id IN ({_ends(f'kind IN ({_COPIES})')})", [])
            return Compiled(_FLAGS[node.name], [])
        case Not():
            part = _condition(node.part)
            return Compiled(f"NOT ({part.sql})", part.params)
        case And():
            return _joined([_condition(part) for part in node.parts], "AND")
        case Or():
            return _joined([_condition(part) for part in node.parts], "OR")


def _joined(parts: Sequence[Compiled], word: str) -> Compiled:
    """The parts as a balanced tree: SQLite refuses expressions more than 1,000 deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = _joined(parts[:middle], word), _joined(parts[middle:], word)
    return Compiled(f"({left.sql}) {word} ({right.sql})", [*left.params, *right.params])


# Nothing but white space and commas; what has no token needs no look at its text.
UNCAPTIONED = "(tag_count = 0 AND (token_count = 0 OR trim(caption, ', ' || char(9, 10, 13)) = ''))"
_FLAGS: Mapping[str, str] = {
    "rejected": "rejected = 1",
    "removed": "removed = 1",
    "uncaptioned": UNCAPTIONED,
    "inplace": "path GLOB '/*' OR path GLOB '\\\\*' OR path GLOB '[A-Za-z]:*'",
    "animated": "frames > 1",
    "unmeasured": quality_sql.UNMEASURED,
    "crop": "id IN (SELECT id FROM images WHERE parent_id IS NOT NULL)",
    "cropped": "id IN (SELECT parent_id FROM images WHERE parent_id IS NOT NULL AND removed = 0)",
    "masked": "id IN (SELECT id FROM images WHERE mask <> '')",
}


def _ends(where: str) -> str:
    """The images of both ends of the pairs about which nothing was decided."""
    ends = (f"SELECT {end} FROM open_pairs WHERE {where}" for end in ("a", "b"))
    return " UNION ".join(ends)


_COPIES = ", ".join(f"'{kind}'" for kind in COPIES)


def _text(node: Text) -> Compiled:
    match node.field:
        case "tag" | "auto" | "manual" | "by":
            found = _fits("{}", node)
            sql = tag_sql.CONDITIONS[node.field](found.sql.format)
            return Compiled(sql, found.params * sql.count("?"))
        case "set":
            found = _fits("casefold(name)", node)
            sets = f"SELECT id FROM sets WHERE removed = 0 AND ({found.sql})"
            return Compiled(f"set_id IS NOT NULL AND set_id IN ({sets})", found.params)
        case "path":
            places = ("path_folded", "source_folded")
            return _joined([_fits(column, node) for column in places], "OR")
        case "dup":
            kind = str(node.pattern[0])
            return Compiled(f"id IN ({_ends('kind = ?')})", [kind, kind])
        case "safety":
            fits = _fits("safety.rating", node)
            its = "image_id = images.id AND safety.recipe = images.recipe"
            return Compiled(
                f"EXISTS (SELECT 1 FROM safety WHERE {its} AND {fits.sql})", fits.params
            )
        case "reason":  # `reason:*` is any reason, and none given is not one
            fits = _fits("reject_reason", node)
            return Compiled(f"reject_reason <> '' AND {fits.sql}", fits.params)
        case field:
            return _fits(_TEXTS[field], node)


_TEXTS: Mapping[str, str] = {
    "caption": "caption_folded",
    "name": "name_folded",
    "format": "format",
    "bucket": fit_sql.BUCKET,
}


def _fits(column: str, node: Text) -> Compiled:
    pieces: Pattern = (Wild.ANY, *node.pattern, Wild.ANY) if node.anywhere else node.pattern
    literal = "".join(piece for piece in node.pattern if isinstance(piece, str)).casefold()
    if any(isinstance(piece, Wild) for piece in node.pattern):
        return Compiled(f"{column} GLOB ?", ["".join(_glob(piece) for piece in pieces)])
    if node.anywhere:
        return Compiled(f"instr({column}, ?) > 0", [literal])
    return Compiled(f"{column} = ?", [literal])


def _glob(piece: str | Wild) -> str:
    """A piece of a GLOB pattern; a character that is special there stands as a class of itself."""
    if isinstance(piece, Wild):
        return piece.value
    return "".join(f"[{c}]" if c in "*?[" else c for c in piece.casefold())


_MEASURES: Mapping[str, str] = {
    "rating": "rating",
    "width": "width",
    "height": "height",
    "area": "width * height",
    "ratio": "(200 * width + height) / (2 * height)",  # hundredths, rounded half up
    "tags": "tag_count",
    "tokens": "token_count",
    "chars": "length(caption)",
    "added": "added",
    "taken": "taken",
    "id": "id",
    "fit": quality_sql.FIT,
    "crop_loss": fit_sql.LOSS,
    "upscale": fit_sql.SCALE,
}
# How many stars each rating may stand for: what imports and export make of stars, backwards.
_STARS: Mapping[Rating, range] = {
    Rating.UNRATED: range(3),
    Rating.SUPPORTING: range(3, 5),
    Rating.PRIMARY: range(5, 6),
}


def _range(node: Range) -> Compiled:
    if node.field == "stars":
        return _stars(node)
    if node.field in BY_WORD:
        sql, params = quality_sql.measured_range(node)
        return Compiled(sql, list(params))
    measure = _MEASURES[node.field]
    parts = [Compiled(f"{measure} IS NOT NULL", [])] if node.field == "taken" else []
    if node.first is not None:
        parts.append(Compiled(f"{measure} >= ?", [_number(node.first)]))
    if node.after is not None:
        parts.append(Compiled(f"{measure} < ?", [_number(node.after)]))
    return _joined(parts, "AND")


def _number(bound: int | float | date | Share) -> Value:
    """Dates as seconds since 1970: their first moment in local time."""
    if isinstance(bound, date):
        return datetime(bound.year, bound.month, bound.day).timestamp()
    return bound.of_one if isinstance(bound, Share) else bound


def _stars(node: Range) -> Compiled:
    low = node.first if isinstance(node.first, int) else 0
    after = node.after if isinstance(node.after, int) else 6
    fitting = [rating for rating, stars in _STARS.items() if any(low <= n < after for n in stars)]
    marks = ", ".join("?" * len(fitting))
    return Compiled(f"rating IN ({marks})", [int(rating) for rating in fitting])


_ORDERS: Mapping[str, str] = {
    **_MEASURES,
    **fit_sql.ORDERS,
    "name": "name_key",
    "path": "path_folded",
    "ratio": "CAST(width AS REAL) / height",
    "size": "size_bytes",
    "rating": "CASE rating WHEN 0 THEN 3 ELSE rating END",  # primary, supporting, unrated
}
_PRIME = 2**31 - 1  # products of two numbers below it stay exact in SQLite's 64 bits


def _order(sort: Sort) -> Compiled:
    if sort.key == "random":
        return _shuffled(sort)
    direction = " DESC" if sort.descending else ""
    if sort.key in quality_sql.ORDERS:
        return Compiled(f"{quality_sql.ORDERS[sort.key]}{direction} NULLS LAST", [])
    unknown_last = "taken IS NULL, " if sort.key == "taken" else ""
    return Compiled(f"{unknown_last}{_ORDERS[sort.key]}{direction}", [])


def _shuffled(sort: Sort) -> Compiled:
    """An order that looks random, the same each time for a seed: a quadratic hash of the id."""
    dice = random.Random(sort.seed)
    factor, offset, twist = (dice.randrange(1, _PRIME) for _ in range(3))
    mixed = f"(id % {_PRIME} * ? + ?) % {_PRIME}"
    sql = f"(({mixed}) * ({mixed}) % {_PRIME} * ? + ({mixed})) % {_PRIME}"
    direction = " DESC" if sort.descending else ""
    return Compiled(sql + direction, [factor, offset, factor, offset, twist, factor, offset])
