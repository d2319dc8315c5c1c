"""What queries find in a real project, against a plain reading of the parse tree.

One file, because that reading and the project it is asked of serve every test here.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from curator.core import edits
from curator.core.captions import count_tokens, split_tags
from curator.core.project import Project
from curator.core.query import parse
from curator.core.query_tree import And, Flag, Node, Not, Or, Range, Text, Wild
from curator.core.records import Image, ImageSet, Rating, RejectReason
from curator.core.store.query_sql import compile_query
from tests.helpers.projects import new_image

CAPTIONS = [
    "",
    " ,\n",
    "a cat, sitting, 1girl",
    "A CAT, Straße, blurry",
    "STRASSE, [solo], 50% off",
    "5* hotel?, a_b, a%b",
    "ΑΣΣΟΣ, naïve Éclair, ǅ ŉ",
    'cat \\(animal\\), "quoted", it\'s',
    "^-^, >_<, =_=, [a-z]",
    "twice, , twice, line one\nline two, of text.",
    " ,\nFree text alone.",
    "İstanbul, ﬁsh, emoji 🐈",
]
SIZES = [(512, 512), (512, 768), (1024, 683), (1920, 1080), (300, 1999), (1, 1)]
FORMATS = ["jpeg", "png", "webp", "mpo"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """66 pictures that differ in everything a query can ask for."""
    with Project.create(tmp_path_factory.mktemp("query") / "project") as made:
        ids = made.new_image_ids(66)
        found = []
        for n, id_ in enumerate(ids):
            width, height = SIZES[n % len(SIZES)]
            day = datetime(2024 + n % 3, 1 + n % 12, 1 + n % 28, 23, 59)
            image = new_image(
                id_,
                name=f"IMG {n} {'Ärger' if n % 5 == 0 else 'cat'}.JPG",
                path=f"/photos/{n}.jpg" if n % 7 == 0 else f"images/{n}.jpg",
                source=f"/Downloads/SCRAPE {n % 4}/{n}.jpg",
                caption=CAPTIONS[n % len(CAPTIONS)],
                width=width,
                height=height,
                format=FORMATS[n % len(FORMATS)],
                frames=3 if n % 9 == 0 else 1,
                size_bytes=n * 37 % 50,
                added=day.timestamp(),
                taken=None if n % 4 == 0 else day.timestamp() - 86_400 * n,
                rating=n % 3,
            )
            found.append(image)
        made.apply(edits.add_images(ids), facts=found)
        images = made.images(ids)
        outfit = ImageSet(made.new_set_id(), "Röter Mantel", kind="outfit")
        made.apply(edits.create_set(outfit))
        made.apply(edits.assign_to_set(images[10:20], outfit))
        gone = ImageSet(made.new_set_id(), "gone")
        made.apply(edits.create_set(gone))
        made.apply(edits.assign_to_set(images[20:25], gone))
        made.apply(edits.change_set(gone, replace(gone, removed=True)))
        made.apply(edits.reject(images[5:15], RejectReason.WRONG_SUBJECT))
        made.apply(edits.reject(images[15:18]))
        made.apply(edits.remove_images(images[::8]))
        yield made


# A second reading of the tree, as plain as possible, to compare with.


def fits(text: str, node: Text) -> bool:
    """Whether the folded text fits the pattern."""
    expression = "".join(
        {Wild.ANY: ".*", Wild.ONE: "."}[piece]
        if isinstance(piece, Wild)
        else re.escape(piece.casefold())
        for piece in node.pattern
    )
    find = re.search if node.anywhere else re.fullmatch
    return find(expression, text.casefold(), re.DOTALL) is not None


def texts(image: Image, field: str, sets: dict[int, str]) -> list[str]:
    match field:
        case "tag":
            return split_tags(image.caption)
        case "path":
            return [image.path, image.source]
        case "set":
            name = sets.get(image.set_id or 0)
            return [name] if name is not None else []
        case "reason":
            return [image.reject_reason] if image.reject_reason else []
        case _:
            return [str(getattr(image, field))]


def measures(image: Image, field: str) -> list[float | date]:
    match field:
        case "area":
            return [image.width * image.height]
        case "ratio":
            return [int(Fraction(image.width, image.height) * 100 + Fraction(1, 2))]
        case "tags":
            return [len(split_tags(image.caption))]
        case "tokens":
            return [count_tokens([image.caption])[0]]
        case "chars":
            return [len(image.caption)]
        case "added" | "taken":
            moment = getattr(image, field)
            return [] if moment is None else [datetime.fromtimestamp(moment).date()]
        case "stars":
            return {Rating.UNRATED: [0, 1, 2], Rating.SUPPORTING: [3, 4], Rating.PRIMARY: [5]}[
                Rating(image.rating)
            ]
        case _:
            return [getattr(image, field)]


def flagged(image: Image, name: str) -> bool:
    match name:
        case "uncaptioned":
            return not image.caption.replace(",", "").strip()
        case "inplace":
            return image.path.startswith("/")
        case "animated":
            return image.frames > 1
        case _:
            return bool(getattr(image, name))


def holds(node: Node, image: Image, sets: dict[int, str]) -> bool:
    match node:
        case Text():
            return any(fits(text, node) for text in texts(image, node.field, sets))
        case Range():
            return any(
                (node.first is None or value >= node.first)  # type: ignore[operator]
                and (node.after is None or value < node.after)  # type: ignore[operator]
                for value in measures(image, node.field)
            )
        case Flag():
            return flagged(image, node.name)
        case Not():
            return not holds(node.part, image, sets)
        case And():
            return all(holds(part, image, sets) for part in node.parts)
        case Or():
            return any(holds(part, image, sets) for part in node.parts)


def expected(project: Project, query: str) -> list[int]:
    where = parse(query).where
    sets = {s.id: s.name for s in project.sets()}
    images = project.images(range(1, 67))
    shown = [i for i in images if "is:removed" in query or not i.removed]
    return [i.id for i in shown if where is None or holds(where, i, sets)]


QUERIES = [
    "",
    "is:removed",
    "-is:removed",
    "is:removed OR cat",
    "is:rejected",
    "is:inplace",
    "is:animated -is:rejected",
    "is:uncaptioned",
    "cat",
    "strasse",
    '"STRASSE, ["',
    "a?se",
    "ἈΣ OR ασσος",
    "fish",
    "5\\*",
    "*5*?*",
    "a_b",
    "50%",
    "[a-z]",
    '"\\"quoted\\""',
    '"line one\nline"',
    'tag:"a Cat"',
    "tag:*cat*",
    "tag:strasse",
    "tag:twice",
    "tag:=_=",
    "tag:>_<",
    "tag:[*",
    'tag:"cat \\\\(*"',
    "-tag:*",
    'set:"röter mantel"',
    'set:"RÖTER*"',
    "set:gone",
    "-set:*",
    "reason:wrong*",
    "is:rejected -reason:*",
    "is:primary",
    "-is:supporting",
    "is:undecided",
    'reason:"wrong subject"',
    'is:rejected -reason:"wrong subject"',
    "format:jpg,png OR format:jpg",
    "format:?p*",
    "name:ärger",
    "name:IMG",
    "name:?rger",
    "path:/photos/",
    "path:scrape",
    "rating:>=1",
    "rating:0,2",
    "rating:!=primary",
    "stars:>=4",
    "stars:4",
    "stars:!=4",
    "stars:<=2",
    "width:<512",
    "width:512..1024,1920",
    "area:1mp..2.1mp",
    "ratio:3:2",
    "ratio:>1",
    "ratio:<=1",
    "ratio:!=1",
    "size:512:768",
    "tags:>2",
    "tokens:5..8",
    "chars:0",
    "added:2025",
    "added:>2025-06-01",
    "added:<=2024-12",
    "taken:2025..2026-02",
    "taken:!=2025",
    "-taken:2025",
    "-taken:>1990",
    "id:3,7..9",
    "(tag:cat OR tag:1girl) AND NOT rating:1 OR width:1",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_what_its_tree_says(project: Project, query: str) -> None:
    assert list(project.select(query)) == expected(project, query)


def test_the_queries_that_are_compared_do_find_something(project: Project) -> None:
    nothing = [q for q in QUERIES if not project.select(q)]
    assert nothing == ["set:gone"]


LETTERS = st.text(alphabet="catASsß?*[]^-_%\\\"' ,.Σςſ\u212akİi\n", min_size=1, max_size=6).filter(
    str.strip
)


@st.composite
def terms(draw: st.DrawFn) -> str:
    text = "".join("\\" + c if c in '\\"' else c for c in draw(LETTERS))
    field = draw(st.sampled_from(["", "tag:", "caption:", "name:", "path:", "set:", "format:"]))
    return f'{field}"{text}"'


MEASURED = st.builds(
    "{}:{}{}".format,
    st.sampled_from(["width", "height", "area", "tags", "tokens", "chars", "id"]),
    st.sampled_from(["", "=", "!=", "<", "<=", ">", ">="]),
    st.sampled_from(["0", "1", "3", "4", "5", "9", "20", "512", "683", "1024"]),
)
FLAGGED = st.sampled_from(["is:rejected", "is:uncaptioned", "is:removed", "rating:1", "stars:>2"])
CONDITIONS = st.recursive(
    terms() | MEASURED | FLAGGED,
    lambda parts: (
        st.builds("({} {} {})".format, parts, st.sampled_from(["OR", "AND", ""]), parts)
        | st.builds("-{}".format, parts)
    ),
    max_leaves=6,
)


@given(CONDITIONS)
@example('tag:"*"')
@example('-tag:"[*"')
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_query_finds_what_its_tree_says(project: Project, query: str) -> None:
    assert list(project.select(query)) == expected(project, query)


WRITABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(WRITABLE, min_size=1, max_size=8), WRITABLE.filter(str.strip))
@example(["naïve [a-z]% _"], "[A-Z]%")
@example(["STRASSE"], "straße")
@settings(deadline=None)
def test_a_literal_text_finds_exactly_the_captions_that_contain_it(
    captions: list[str], needle: str
) -> None:
    quoted = "".join("\\" + c if c in '\\"*?' else c for c in needle)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE images(id INTEGER PRIMARY KEY, removed INT, caption_folded TEXT)")
    rows = [(id_, text.casefold()) for id_, text in enumerate(captions)]
    db.executemany("INSERT INTO images VALUES (?, 0, ?)", rows)
    containing = [n for n, text in enumerate(captions) if needle.casefold() in text.casefold()]
    for query in (f'"{quoted}"', f'"*{quoted}*"'):  # with instr, and with GLOB
        compiled = compile_query(query)
        assert [id_ for (id_,) in db.execute(compiled.sql, compiled.params)] == containing
    db.close()


def shown(project: Project) -> list[Image]:
    return [image for image in project.images(range(1, 67)) if not image.removed]


def found(project: Project, query: str) -> list[Image]:
    return project.images(project.select(query))


def test_without_sort_the_order_is_by_id(project: Project) -> None:
    assert found(project, "") == shown(project)


@pytest.mark.parametrize("key", ["width", "height", "added", "tags", "tokens", "chars", "id"])
def test_a_measure_sorts_both_ways_and_equal_ones_by_id(project: Project, key: str) -> None:
    for query, sign in ((f"sort:{key}", 1), (f"sort:-{key}", -1)):

        def place(image: Image, sign: int = sign) -> tuple[float, int]:
            value = image.added if key == "added" else measures(image, key)[0]
            return sign * value, image.id  # type: ignore[operator,return-value]

        assert found(project, query) == sorted(shown(project), key=place)


def test_names_sort_naturally(project: Project) -> None:
    assert [i.name for i in found(project, "sort:name id:..12")] == sorted(
        (i.name for i in shown(project) if i.id <= 12), key=lambda name: int(name.split()[1])
    )


def test_size_sorts_by_bytes_and_area_by_pixels(project: Project) -> None:
    assert [i.size_bytes for i in found(project, "sort:size")] == sorted(
        i.size_bytes for i in shown(project)
    )
    assert [i.width * i.height for i in found(project, "sort:-area")] == sorted(
        (i.width * i.height for i in shown(project)), reverse=True
    )


def test_ratio_sorts_finer_than_it_compares(project: Project) -> None:
    ratios = [Fraction(i.width, i.height) for i in found(project, "sort:ratio")]
    assert ratios == sorted(ratios)


def test_ratings_sort_from_the_best_to_the_unrated(project: Project) -> None:
    order = [i.rating for i in found(project, "sort:rating")]
    assert order == sorted(order, key=[1, 2, 0].index)


@pytest.mark.parametrize("query", ["sort:taken", "sort:-taken"])
def test_images_without_a_date_stand_last_whichever_way_dates_are_sorted(
    project: Project, query: str
) -> None:
    taken = [i.taken for i in found(project, query)]
    dated = [moment for moment in taken if moment is not None]
    assert taken == dated + [None] * (len(taken) - len(dated))
    assert dated == sorted(dated, reverse="-" in query)


def test_a_second_order_decides_where_the_first_is_equal(project: Project) -> None:
    order = [(i.rating, -i.id) for i in found(project, "sort:rating sort:-id")]
    assert order == sorted(order, key=lambda pair: ([1, 2, 0].index(pair[0]), pair[1]))


def test_a_random_order_depends_on_the_seed_alone(project: Project) -> None:
    orders = [list(project.select(f"sort:random({seed})")) for seed in ("", "1", "2", "kat")]
    assert orders[1] == list(project.select("sort:random(1)"))
    assert len({tuple(order) for order in orders}) == 4
    assert all(sorted(order) == [i.id for i in shown(project)] for order in orders)
    assert list(project.select("sort:-random(1)")) == orders[1][::-1]


def test_a_random_order_mixes_neighbours_and_seeds() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE images(id INTEGER PRIMARY KEY, removed INT)")
    db.executemany("INSERT INTO images VALUES (?, 0)", ((n,) for n in range(1, 2001)))
    orders = []
    for seed in range(8):
        compiled = compile_query(f"sort:random({seed})")
        orders.append([row[0] for row in db.execute(compiled.sql, compiled.params)])
    db.close()
    for order in orders:
        rising = sum(a < b for a, b in pairwise(order))
        assert 850 < rising < 1150  # 1,000 in the mean, deviation 13
        assert sum(abs(a - b) < 20 for a, b in pairwise(order)) < 120  # 40 in the mean
    same = sum(a == b for a, b in zip(orders[0], orders[1], strict=True))
    assert same < 20  # mean 1


def test_the_plain_order_is_read_from_an_index_alone(project: Project) -> None:
    compiled = compile_query("")
    db = sqlite3.connect(project.root / "project.db")
    plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + compiled.sql, compiled.params)]
    db.close()
    assert plan == ["SEARCH images USING COVERING INDEX images_shown (removed=?)"]


def test_long_queries_stay_within_the_limits_of_sqlite(project: Project) -> None:
    assert project.select(" ".join(["-xyzzy"] * 1100))
    assert project.select(" OR ".join(["id:1", *["id:2"] * 880]))
    assert not project.select("*" + "ΐ" * 7900)


def test_text_of_a_query_never_becomes_sql() -> None:
    evil = "x'); DROP TABLE images; --"
    for field in ("", "tag:", "set:", "name:", "path:", "format:", "caption:"):
        compiled = compile_query(f'{field}"{evil}" OR {field}"{evil}*"')
        assert "DROP" not in compiled.sql
        assert any("drop" in str(value).lower() for value in compiled.params)


def test_a_day_begins_at_midnight_of_this_computer(tmp_path: Path) -> None:
    with Project.create(tmp_path / "project") as project:
        moments = [datetime(2026, 3, 1), datetime(2026, 3, 1, 23, 59, 59), datetime(2026, 3, 2)]
        ids = project.new_image_ids(3)
        facts = [new_image(i, added=m.timestamp()) for i, m in zip(ids, moments, strict=True)]
        project.apply(edits.add_images(ids), facts=facts)
        assert list(project.select("added:2026-03-01")) == [1, 2]
        assert list(project.select("added:>2026-03-01")) == [3]
        assert list(project.select("added:<2026-03-01")) == []
