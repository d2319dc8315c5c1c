"""Files as a hub tells of them."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from curator.core.hub_files import HubFile

CONTENT = b"tag_id,name\n"


def test_a_file_is_known_by_its_sha256_or_by_what_git_calls_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    git = subprocess.run(["git", "hash-object", path], capture_output=True, check=True).stdout
    small = HubFile("a.csv", len(CONTENT), "", git.decode().strip())
    large = HubFile("a.csv", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), "")
    assert small.is_at(path)
    assert large.is_at(path)
    path.write_bytes(CONTENT.upper())
    assert not small.is_at(path)
    assert not large.is_at(path)
    assert not small.is_at(tmp_path / "gone")
    assert not HubFile("a", 0, "", "").is_at(tmp_path)
