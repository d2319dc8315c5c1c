"""The table of images: inserting what an import found, reading records by id."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from curator.core import tag_sources
from curator.core.captions import count_tokens, split_tags
from curator.core.naming import natural_key
from curator.core.records import Image, Moved, NewImage, Summary
from curator.core.shown_size import made_size
from curator.core.store import crops, mirrors, tags
from curator.core.store.query_sql import compile_query

_NAMES = tuple(field.name for field in fields(Image))
_COLUMNS = ", ".join(_NAMES)
_FLAGS = tuple(_NAMES.index(name) for name in ("rejected", "removed"))
_IDS_PER_READ = 500  # below the number of variables any SQLite allows
_ROWS_PER_FETCH = 10_000

_FOUND = (
    "id, path, name, source, sha256, frame, frames, format, width, height, size_bytes, added, "
    "taken, import_id, source_url, rating, rejected, caption, set_id, recipe, mask, parent_id"
)
# File names may hold bytes that are no UTF-8; they are bound as bytes and kept as text.
_NAMED = frozenset({"path", "name", "source"})
_MARKS = ", ".join("CAST(? AS TEXT)" if n in _NAMED else "?" for n in _FOUND.split(", "))
_INSERT = (
    f"INSERT INTO images({_FOUND}, name_key, name_folded, path_folded, source_folded, "
    f"caption_folded, tag_sources, tag_count, token_count, shown_width, shown_height) "
    f"VALUES ({_MARKS}{', CAST(? AS TEXT)' * 4}, ?, ?, ?, ?, ?, ?)"
)


def insert(db: sqlite3.Connection, found: Sequence[NewImage]) -> None:
    """Record new images, hidden (`removed`) until an edit shows them."""
    found = [_kept(image) for image in found]
    tokens = count_tokens([image.caption for image in found])
    names = _FOUND.split(", ")
    db.executemany(
        _INSERT,
        (
            [
                *(_bound(image, name) for name in names),
                _bytes(natural_key(image.name)),
                *(_bytes(text.casefold()) for text in (image.name, image.path, image.source)),
                image.caption.casefold(),
                tag_sources.stored(image.tag_sources),
                len(split_tags(image.caption)),
                count,
                *made_size(image.recipe, (image.width, image.height)),
            ]
            for image, count in zip(found, tokens, strict=True)
        ),
    )
    tags.sync(db, [(image.id, "", image.caption) for image in found if image.caption])
    mirrors.expect(db, [i.id for i in found if i.caption or i.rating or i.rejected])


def move(db: sqlite3.Connection, moved: Sequence[Moved]) -> None:
    """Record where pictures in place lie now, and with them their crops."""
    db.executemany(
        "UPDATE images SET path = CAST(? AS TEXT), name = CAST(? AS TEXT), "
        "source = CAST(? AS TEXT), name_key = CAST(? AS TEXT), name_folded = CAST(? AS TEXT), "
        "path_folded = CAST(? AS TEXT), source_folded = CAST(? AS TEXT) WHERE id = ?",
        (
            [
                *map(_bytes, (m.path, m.name, m.source, natural_key(m.name))),
                *(_bytes(text.casefold()) for text in (m.name, m.path, m.source)),
                m.id,
            ]
            for m in moved
        ),
    )
    db.executemany(
        "UPDATE images SET path = source.path, source = source.source, "
        "path_folded = source.path_folded, source_folded = source.source_folded "
        "FROM images AS source WHERE images.parent_id = ? AND source.id = images.parent_id",
        [(m.id,) for m in moved],
    )


def _bound(image: NewImage, name: str) -> object:
    value = getattr(image, name)
    return _bytes(value) if name in _NAMED else value


def _bytes(name: str) -> bytes:
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which Windows allows in names
        return name.encode("utf-8", "surrogatepass")


def _kept(image: NewImage) -> NewImage:
    """The same with texts that a database can hold: what is no character becomes U+FFFD."""
    if image.caption.isascii() and image.source_url.isascii():
        return image
    return replace(image, caption=_whole(image.caption), source_url=_whole(image.source_url))


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _record(row: Sequence[object]) -> Image:
    values = list(row)
    for index in _FLAGS:
        values[index] = bool(values[index])
    return Image(*values)  # type: ignore[arg-type]  # the columns are the fields, in their order


def select(db: sqlite3.Connection, query: str) -> array[int]:
    """The ids that the query finds, in its order. Raises QueryError.

    Where that is the one of the import, crops stand beside their source.
    """
    compiled = compile_query(query)
    ids = array("q")
    cursor = db.execute(compiled.sql, compiled.params)
    while rows := cursor.fetchmany(_ROWS_PER_FETCH):
        ids.extend([row[0] for row in rows])
    return crops.beside_sources(db, ids) if compiled.is_as_imported else ids


def select_with(db: sqlite3.Connection, query: str, column: str) -> Iterator[tuple[int, Any]]:
    """(id, what stands in the column) of what the query finds, in the order of `select`.

    Raises QueryError.
    """
    compiled = compile_query(query, f"id, {column}")
    cursor = db.execute(compiled.sql, compiled.params)
    if compiled.is_as_imported and crops.are_there(db):
        found = dict(cursor.fetchall())
        ids = crops.beside_sources(db, array("q", found))
        yield from ((id_, found[id_]) for id_ in ids)
        return
    while rows := cursor.fetchmany(_ROWS_PER_FETCH):
        yield from rows


def read(db: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Image]:
    """The records of these ids, in their order; ids that do not exist are left out."""
    wanted = list(ids)
    for start in range(0, len(wanted), _IDS_PER_READ):
        part = wanted[start : start + _IDS_PER_READ]
        marks = ",".join("?" * len(part))
        rows = db.execute(f"SELECT {_COLUMNS} FROM images WHERE id IN ({marks})", part)
        by_id = {row[0]: row for row in rows}
        yield from (_record(by_id[id_]) for id_ in part if id_ in by_id)


def with_hash(db: sqlite3.Connection, sha256: str) -> list[Image]:
    """Every image with this content, removed ones included, but no crops of one."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM images WHERE sha256 = ? AND parent_id IS NULL ORDER BY frame",
        (sha256,),
    )
    return [_record(row) for row in rows]


def formats(db: sqlite3.Connection) -> list[str]:
    """The formats of the images that are not removed."""
    rows = db.execute("SELECT DISTINCT format FROM images WHERE removed = 0 ORDER BY format")
    return [name for (name,) in rows]


def with_shared_copy(db: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    """Those of these images whose copy in `images/` another one refers to as well.

    Crops have none: the copy is their source's.
    """
    shared = set()
    for start in range(0, len(ids), _IDS_PER_READ):
        part = ids[start : start + _IDS_PER_READ]
        mine = f"id IN ({','.join('?' * len(part))})"
        shared |= {
            row[0]
            for row in db.execute(
                f"SELECT id FROM images WHERE {mine} AND path_folded IN ("
                "SELECT path_folded FROM images WHERE path_folded LIKE 'images/%' AND "
                "parent_id IS NULL AND "
                f"path_folded IN (SELECT path_folded FROM images WHERE {mine}) "
                "GROUP BY path_folded HAVING count(*) > 1)",
                [*part, *part],
            )
        }
    return shared


def group_counts(db: sqlite3.Connection) -> list[tuple[int | None, int, int, int]]:
    """(set id, rating, rejected, how many) for the images that are not removed."""
    return db.execute(
        "SELECT set_id, rating, rejected, count(*) FROM images WHERE removed = 0 "
        "GROUP BY rating, rejected, set_id"
    ).fetchall()


def summary(db: sqlite3.Connection, ids: Iterable[int]) -> Summary | None:
    """These images counted, of any number, without reading their records; None for none."""
    wanted = (json.dumps(list(ids)),)
    where = "FROM images WHERE id IN (SELECT value FROM json_each(?))"
    # SQLite takes the bare columns beside min and max from the row that has it.
    size = f"SELECT width, height, {{}}(width * height) {where}"
    number, captioned, size_bytes = db.execute(
        f"SELECT count(*), sum(caption <> ''), "
        f"coalesce(sum(size_bytes) FILTER (WHERE parent_id IS NULL), 0) {where}",
        wanted,
    ).fetchone()
    if not number:
        return None
    smallest, largest = (db.execute(size.format(f), wanted).fetchone() for f in ("min", "max"))
    formats = db.execute(f"SELECT format, count(*) {where} GROUP BY format", wanted).fetchall()
    sizes = f"SELECT shown_width, shown_height, count(*) {where} GROUP BY shown_width, shown_height"
    counts = dict(
        db.execute(
            f"SELECT min(id), count(*) {where} GROUP BY rating, rejected, removed, set_id", wanted
        )
    )
    return Summary(
        images=number,
        captioned=captioned,
        size_bytes=size_bytes,
        smallest=smallest[:2],
        largest=largest[:2],
        formats=formats,
        alike=[(image, counts[image.id]) for image in read(db, counts)],
        shown={(width, height): n for width, height, n in db.execute(sizes, wanted)},
    )
