"""The cache of embeddings, which may be lost at any time."""

from __future__ import annotations

from pathlib import Path

from curator.core.store.embeddings import NAME, EmbeddingCache


def test_vectors_are_kept_by_content(tmp_path: Path) -> None:
    with EmbeddingCache(tmp_path, "one") as cache:
        cache.put([("a", b"1"), ("b", b"2")])
        cache.put([("b", b"3")])
    with EmbeddingCache(tmp_path, "one") as cache:
        assert cache.vectors(["a", "b", "c"]) == {"a": b"1", "b": b"3"}
        assert cache.known(["b", "c"]) == {"b"}
        assert cache.known([]) == set()


def test_what_was_compared_is_remembered_until_it_is_made_anew(tmp_path: Path) -> None:
    with EmbeddingCache(tmp_path, "one") as cache:
        cache.put([("a", b"1"), ("b", b"2")])
        cache.mark_compared(["a", "not there"])
        assert cache.compared(["a", "b"]) == {"a"}
        cache.put([("a", b"4")])
        assert cache.compared(["a", "b"]) == set()


def test_another_model_begins_anew(tmp_path: Path) -> None:
    with EmbeddingCache(tmp_path, "one") as cache:
        cache.put([("a", b"1")])
        cache.mark_compared(["a"])
    with EmbeddingCache(tmp_path, "two") as cache:
        assert cache.known(["a"]) == cache.compared(["a"]) == set()
        cache.put([("b", b"2")])
    with EmbeddingCache(tmp_path, "one") as cache:
        assert cache.known(["a", "b"]) == set()


def test_what_is_no_database_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database" * 500)
    with EmbeddingCache(tmp_path, "one") as cache:
        cache.put([("a", b"1")])
        assert cache.known(["a"]) == {"a"}


def test_thousands_are_asked_for_at_once(tmp_path: Path) -> None:
    keys = [str(n) for n in range(1700)]
    with EmbeddingCache(tmp_path, "one") as cache:
        cache.put([(key, b"") for key in keys])
        cache.mark_compared(keys)
        assert cache.compared(keys) == set(keys)
