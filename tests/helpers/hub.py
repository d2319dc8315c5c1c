"""A hub on this machine that speaks as much of the protocol as fetching a model needs."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

PIECE = 1 << 20
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What it offers, and how it behaves. `asked`: the ranges and names that were asked for.

    `files`: by name; those in `large` are told with their SHA-256, the others with git's hash.
    `sent`: what is really sent for a name; `page`: what in place of the listing. `cut_after`: bytes
    after which each answer breaks off. `pause_s`: after each megabyte.
    """

    files: dict[str, bytes]
    large: tuple[str, ...] = ()
    sent: dict[str, bytes] = field(default_factory=dict)
    cut_after: int = 0
    knows_ranges: bool = True
    status: int = 200
    pause_s: float = 0
    page: bytes = b""
    asked: list[tuple[str, str]] = field(default_factory=list)
    endpoint: str = ""

    def listing(self) -> dict[str, Any]:
        """What the hub tells of the repository."""
        rows = []
        for name, content in self.files.items():
            git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            row: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": git}
            if name in self.large:
                sha256 = hashlib.sha256(content).hexdigest()
                row["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 1}
            rows.append(row)
        return {"id": "someone/model", "sha": COMMIT, "siblings": rows}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.hub = hub


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass

    def do_GET(self) -> None:
        hub, path = self.server.hub, unquote(self.path.split("?")[0])
        if hub.status != 200:
            self._send(hub.status, b"{}")
        elif path.startswith("/api/models/"):
            self._send(200, hub.page or json.dumps(hub.listing()).encode())
        elif "/resolve/" in path:  # large files lie on another host
            name = path.split(f"/resolve/{COMMIT}/")[1]
            self._send(302, b"", location=f"{hub.endpoint}/cdn/{name}")
        elif path.startswith("/cdn/"):
            self._send_file(hub, path.removeprefix("/cdn/"))
        else:
            self._send(404, b"")

    def _send_file(self, hub: Hub, name: str) -> None:
        content, wanted = hub.sent.get(name, hub.files[name]), self.headers.get("Range", "")
        hub.asked.append((name, wanted))
        start = 0
        if wanted and hub.knows_ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        self._send(206 if start else 200, content[start:], cut=hub.cut_after)

    def _send(self, status: int, body: bytes, cut: int = 0, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        body = body[:cut] if cut else body
        with suppress(ConnectionError):  # who asked has left
            for start in range(0, len(body), PIECE):
                self.wfile.write(body[start : start + PIECE])
                time.sleep(self.server.hub.pause_s)
        self.close_connection = self.close_connection or bool(cut)


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Have the hub answer at `hub.endpoint`."""
    server = _Server(hub)
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
