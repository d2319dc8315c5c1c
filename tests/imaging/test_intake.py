"""One file on its way in: what is laid ready, and what is left when it goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.files import TEMP_PREFIX
from curator.core.sources import Found
from curator.imaging import intake
from curator.imaging.bad_image import BadImage
from curator.imaging.intake import StorageError, Terms, take_in
from tests.helpers.pictures import draw, write


@pytest.fixture
def terms(tmp_path: Path) -> Terms:
    """Folders to take in to."""
    for name in ("images", "cache"):
        (tmp_path / name).mkdir()
    return Terms(tmp_path / "images", tmp_path / "cache", 1_000_000)


def found(path: Path) -> Found:
    return Found(str(path), path.stat().st_size)


def test_a_picture_is_laid_ready_under_a_temporary_name(tmp_path: Path, terms: Terms):
    path = write(tmp_path / "a.png")
    taken = take_in(found(path), terms, lambda _sha256: ())
    (part,) = taken.parts
    assert part.staged
    assert part.staged.name.startswith(TEMP_PREFIX)
    assert part.staged.read_bytes() == path.read_bytes()
    taken.discard()
    assert list(terms.images_dir.iterdir()) == []


def test_a_file_nobody_needs_is_only_hashed(tmp_path: Path, terms: Terms):
    path = write(tmp_path / "a.png")
    taken = take_in(found(path), terms, lambda _sha256: None)
    assert (taken.probe, taken.parts) == (None, ())
    assert list(terms.images_dir.iterdir()) == list(terms.cache_dir.iterdir()) == []


def test_a_picture_too_large_for_many_at_once_is_taken_alone(
    tmp_path: Path, terms: Terms, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "AT_ONCE_PIXELS", 1000)
    taken = take_in(found(write(tmp_path / "a.png")), terms, lambda _sha256: ())
    assert len(taken.parts) == 1
    large = write(tmp_path / "b.png", draw(size=(1200, 1000)))
    with pytest.raises(BadImage, match="megapixels"):
        take_in(found(large), terms, lambda _sha256: ())


def test_a_file_that_grows_meanwhile_is_refused(tmp_path: Path, terms: Terms):
    path = write(tmp_path / "a.png")
    met = found(path)
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(Exception, match="still being written"):
        take_in(met, terms, lambda _sha256: ())


def test_when_the_folder_is_gone_it_is_the_storages_fault(tmp_path: Path, terms: Terms):
    path = write(tmp_path / "a.png")
    terms.images_dir.rmdir()
    with pytest.raises(StorageError, match="could not be written"):
        take_in(found(path), terms, lambda _sha256: ())
