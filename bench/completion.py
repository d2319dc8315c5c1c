"""How long completion of tags takes in lists of 200,000 tags with as many aliases.

Run: python bench/completion.py [LIST.csv ...]; without lists one is made up. What is typed is each
beginning of tags, of pieces out of their middle, and of words left out, a letter at a time. The
ratio compares with a plain scan of all tags and aliases in Python that sorts what it finds.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from curator.core.known_tags import known_from
from curator.core.tag_index import TagIndex
from curator.core.tag_lists import TagList

TAGS = 200_000
PROJECT_TAGS = 3_000
TYPED = 300  # texts that are measured
SCANNED = 25  # texts that are scanned for
LETTERS = "etaoinshrdlucmfwypvbgkqjxz"


def made_up(folder: Path) -> Path:
    dice = random.Random(1)
    words = ["".join(dice.choices(LETTERS, k=dice.randint(2, 9))) for _ in range(20_000)]

    def tag() -> str:
        return "_".join(dice.choices(words, k=dice.choice((1, 1, 2, 2, 2, 3, 3, 4))))

    def line(number: int, name: str) -> str:
        aliases = ",".join(tag() for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 3))))
        return (
            f'{name},{dice.choice((0, 0, 0, 1, 3, 4, 5))},{6_000_000 // (number + 1)},"{aliases}"'
        )

    path = folder / "made up.csv"
    names: dict[str, None] = {}
    while len(names) < TAGS:
        names[tag()] = None
    path.write_text("\n".join(line(n, name) for n, name in enumerate(names)), encoding="utf-8")
    return path


def typed_texts(tags: Sequence[str]) -> list[str]:
    """What one sees on the way to some tags: one letter, two, three and so on."""
    dice = random.Random(2)
    texts: list[str] = []
    while len(texts) < TYPED:
        tag = dice.choice(tags).replace("_", " ")
        words = tag.split()
        start = dice.choice((0, 0, dice.randrange(len(tag))))
        whole = dice.choice((tag[start:], " ".join(word[:3] for word in words)))
        texts += [whole[:end] for end in range(1, len(whole) + 1)]
    return texts[:TYPED]


def milliseconds(complete: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        started = time.perf_counter()
        complete(text)
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


def scan(lists: Sequence[TagList]) -> Callable[[str], object]:
    rows = [
        (tag.replace("_", " "), count, tag)
        for one in lists
        for tag, count, aliases in zip(one.tags, one.counts, one.aliases, strict=True)
        for tag in (tag, *aliases)
    ]

    def complete(text: str) -> object:
        found = [(not key.startswith(text), -count, tag) for key, count, tag in rows if text in key]
        return sorted(found)[:20]

    return complete


def row(what: str, times: Sequence[float]) -> float:
    middle = times[len(times) // 2]
    high = times[int(len(times) * 0.95)]
    print(f"{what:34} p50 {middle:7.1f} ms   p95 {high:7.1f} ms   longest {times[-1]:7.1f} ms")
    return middle


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(text) for text in sys.argv[1:]] or [made_up(Path(name))]
        started = time.perf_counter()
        lists = [TagList.load(path) for path in paths]
        read = time.perf_counter()
        known = known_from(lists)
        made = time.perf_counter()
    tags = [tag for one in lists for tag in one.tags]
    own = random.Random(3).choices(tags, k=PROJECT_TAGS)
    index = TagIndex(known, [(tag.replace("_", " "), n) for n, tag in enumerate(set(own))])
    texts = typed_texts(tags)
    print(f"{len(known.tags):,} tags, {len(known.aliases):,} aliases")
    print(
        f"read in {read - started:.1f} s, put together in {made - read:.1f} s (kept from then on)"
    )
    ours = row("completion", milliseconds(index.complete, texts))
    row("texts of one letter", milliseconds(index.complete, LETTERS))
    plain = row("a plain scan in Python", milliseconds(scan(lists), texts[:: TYPED // SCANNED]))
    print(f"completion takes {ours / plain:.3f} x the scan")


if __name__ == "__main__":
    main()
