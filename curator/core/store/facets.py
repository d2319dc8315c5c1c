"""Counting what a query finds by rating, set, format, size, caption and reject reason."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from curator.core.facets import Facet, Facets, Known, Tally, facets_of
from curator.core.query_words import choose, chosen
from curator.core.settings import from_stored
from curator.core.store import lists
from curator.core.store.query_sql import UNCAPTIONED, Compiled, compile_counts


def facets(db: sqlite3.Connection, query: str) -> Facets:
    """The facets of a query. Raises QueryError.

    A facet of which a value stands in the query is counted without it, for the other values are
    what could stand there instead.
    """
    known = _known(db)
    found = _counted(db, query, known)
    counted = (_freed(db, query, known, f, place) for place, f in enumerate(found.facets))
    return replace(found, facets=tuple(counted))


def _freed(db: sqlite3.Connection, query: str, known: Known, facet: Facet, place: int) -> Facet:
    terms = [value.term for value in facet.values]
    if not chosen(query, terms):
        return facet
    return _counted(db, choose(query, terms, ()), known).facets[place]


def _counted(db: sqlite3.Connection, query: str, known: Known) -> Facets:
    side = known.resolution
    size = "(width * height >= ?) + (width * height >= ?)"
    columns = [
        *(Compiled(name, []) for name in ("rating", "rejected", "reject_reason", "set_id")),
        Compiled("format", []),
        Compiled(size, [side * side, 4 * side * side]),
        Compiled(UNCAPTIONED, []),
    ]
    compiled = compile_counts(query, columns)
    return facets_of([Tally(*row) for row in db.execute(compiled.sql, compiled.params)], known)


def _known(db: sqlite3.Connection) -> Known:
    """What there is to list, of removed images too, so that nothing appears and vanishes."""
    rows = db.execute("SELECT DISTINCT format, rejected, reject_reason FROM images").fetchall()
    return Known(
        lists.sets(db),
        frozenset(name for name, _, _ in rows),
        frozenset(reason for _, rejected, reason in rows if rejected or reason),
        from_stored(lists.settings(db)).resolution,
    )
