"""Pictures that show the same: how two of them are related, and which make a group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Key = tuple[int, int]  # the ids of two images, the lower one first


class Kind(StrEnum):
    """How two pictures are related, the surest first."""

    BYTES = "bytes"
    PIXELS = "pixels"
    REENCODED = "reencoded"
    EDITED = "edited"
    SHOT = "shot"
    SCENE = "scene"


COPIES = (Kind.BYTES, Kind.PIXELS, Kind.REENCODED, Kind.EDITED)  # the rest are other photos
WORDS: Mapping[Kind, str] = {
    Kind.BYTES: "the same file",
    Kind.PIXELS: "the same pixels",
    Kind.REENCODED: "saved again or resized",
    Kind.EDITED: "an edited copy",
    Kind.SHOT: "the same shot",
    Kind.SCENE: "the same scene",
}
_SURENESS = {kind: place for place, kind in enumerate(Kind)}


class Verdict(StrEnum):
    """What a person decided about two pictures for good."""

    DIFFERENT = "different"  # they are no duplicates
    KEPT = "kept"  # they are, and both stay


@dataclass(frozen=True, slots=True)
class Pair:
    """Two images that show the same, `a` < `b`.

    `likeness`: the median correlation of their tiles laid on each other, 1 for the same.
    `changed`: the share of tiles that differ. `covers_a`, `covers_b`: the share of each that the
    other one shows. `matrix`: row by row the affine map from a's coordinates to b's, both as shares
    of width and height. Of a scene that a model of embeddings alone told, `likeness` is the cosine
    of the two, and the rest says nothing.
    """

    a: int
    b: int
    kind: Kind
    likeness: float = 1.0
    changed: float = 0.0
    covers_a: float = 1.0
    covers_b: float = 1.0
    matrix: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    @property
    def key(self) -> Key:
        """The two ids."""
        return self.a, self.b

    @property
    def is_mirrored(self) -> bool:
        """Whether one shows the other mirrored."""
        m = self.matrix
        return m[0] * m[4] - m[1] * m[3] < 0


@dataclass(frozen=True, slots=True)
class Compared:
    """An image that was compared with all others, by the fingerprints of a version."""

    image_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Group:
    """Images that show the same: `kind` is the least sure one that it takes to join them."""

    kind: Kind
    ids: tuple[int, ...]
    pairs: tuple[Pair, ...]

    def scores(self) -> dict[str, float]:
        """The weakest of its pairs in numbers."""
        return {
            "likeness": round(min(pair.likeness for pair in self.pairs), 4),
            "changed": round(max(pair.changed for pair in self.pairs), 4),
            "covers": round(min(min(p.covers_a, p.covers_b) for p in self.pairs), 4),
        }


def key(one: int, other: int) -> Key:
    """The key of a pair."""
    return (one, other) if one < other else (other, one)


def groups_of(pairs: Iterable[Pair], apart: Collection[Key] = ()) -> list[Group]:
    """The groups that pairs make, by their lowest id; no group holds two that are `apart`.

    The surest pairs join first, so that where two parts may not come together it is the weakest
    link that gives way.
    """
    ordered = sorted(pairs, key=lambda p: (_SURENESS[p.kind], -p.likeness, p.key))
    joined = _Joined(apart)
    used = [pair for pair in ordered if joined.join(pair)]
    by_root: dict[int, list[Pair]] = defaultdict(list)
    for pair in used:
        by_root[joined.root(pair.a)].append(pair)
    groups = [
        Group(
            joined.kinds[root],
            tuple(sorted({id_ for pair in mine for id_ in pair.key})),
            tuple(mine),
        )
        for root, mine in by_root.items()
    ]
    return sorted(groups, key=lambda group: group.ids)


class _Joined:
    """Which images are together already."""

    def __init__(self, apart: Collection[Key]) -> None:
        self._parent: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = defaultdict(set)
        self.kinds: dict[int, Kind] = {}
        for a, b in apart:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def root(self, id_: int) -> int:
        parent = self._parent.setdefault(id_, id_)
        while parent != self._parent[parent]:
            parent = self._parent[parent]
        self._parent[id_] = parent
        self._members.setdefault(parent, [parent])
        return parent

    def join(self, pair: Pair) -> bool:
        """Put the two parts together; False where somebody said that they are not."""
        a, b = self.root(pair.a), self.root(pair.b)
        if a == b:
            return pair.b not in self._apart.get(pair.a, ())
        if len(self._members[a]) < len(self._members[b]):
            a, b = b, a
        others = set(self._members[a])
        if any(not others.isdisjoint(self._apart.get(id_, ())) for id_ in self._members[b]):
            return False
        self._parent[b] = a
        self._members[a] += self._members.pop(b)
        self.kinds[a] = pair.kind  # pairs come in order, so none before was less sure
        return True


def pair_id(a: int, b: int) -> str:
    """The name under which a verdict is kept."""
    low, high = key(a, b)
    return f"{low}-{high}"


def different(verdicts: Mapping[str, Verdict]) -> set[Key]:
    """The pairs that are no duplicates, of verdicts by name."""
    apart = (name.split("-") for name, one in verdicts.items() if one is Verdict.DIFFERENT)
    return {(int(a), int(b)) for a, b in apart}


def between(ids: Sequence[int]) -> list[Key]:
    """Every pair of some images."""
    ordered = sorted(ids)
    return [(a, b) for n, a in enumerate(ordered) for b in ordered[n + 1 :]]


def bridges(group: Group) -> Iterator[tuple[Pair, tuple[int, ...], tuple[int, ...]]]:
    """Pairs that alone hold two parts of a group together, with the ids of both parts.

    Only where each part has several images: one wrong pair would join all of one to all of the
    other. In one walk over the pairs (Tarjan 1974).
    """
    walk = _Walk(group)
    for child, pair in walk.tree.items():
        if walk.low[child] < walk.place[child]:
            continue
        start = walk.place[child]
        part = walk.order[start : start + walk.size[child]]
        if 2 <= len(part) <= len(group.ids) - 2:
            inside = set(part)
            others = tuple(id_ for id_ in group.ids if id_ not in inside)
            yield pair, tuple(sorted(part)), others


class _Walk:
    """A walk into the depth: `place` in its `order`, `size` of what was reached from an image on.

    `low`: the earliest place that is reached from there without the pair in `tree` that led there.
    """

    def __init__(self, group: Group) -> None:
        self._beside: dict[int, list[tuple[int, Pair]]] = defaultdict(list)
        for pair in group.pairs:
            self._beside[pair.a].append((pair.b, pair))
            self._beside[pair.b].append((pair.a, pair))
        self.order: list[int] = []
        self.place: dict[int, int] = {}
        self.low: dict[int, int] = {}
        self.size: dict[int, int] = {}
        self.tree: dict[int, Pair] = {}
        self._go(group.ids[0])

    def _go(self, first: int) -> None:
        self._reach(first)
        stack = [(first, iter(self._beside[first]))]
        while stack:
            id_, ways = stack[-1]
            for other, pair in ways:
                if other not in self.place:
                    self.tree[other] = pair
                    self._reach(other)
                    stack.append((other, iter(self._beside[other])))
                    break
                if pair is not self.tree.get(id_):
                    self.low[id_] = min(self.low[id_], self.place[other])
            else:
                stack.pop()
                self.size[id_] = len(self.order) - self.place[id_]
                if stack:
                    parent = stack[-1][0]
                    self.low[parent] = min(self.low[parent], self.low[id_])

    def _reach(self, id_: int) -> None:
        self.place[id_] = self.low[id_] = len(self.order)
        self.order.append(id_)
