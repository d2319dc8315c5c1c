"""Describes pictures by a program that speaks OpenAI's chat protocol, at an address one enters.

Pictures are sent to that address, and nowhere else: redirections are refused.
"""

from __future__ import annotations

import base64
import io
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import IO, Any

from PIL import Image as Pillow
from typing_extensions import override

from curator.core.describing import Detail
from curator.core.errors import UserError

KEY_VARIABLE = "CURATOR_ENDPOINT_KEY"
PROMPTS: Mapping[Detail, str] = {
    Detail.SHORT: "Describe this picture in one short sentence.",
    Detail.DETAILED: "Describe this picture in two or three sentences. Say only what is seen.",
    Detail.PARAGRAPH: "Describe this picture in one paragraph. Say only what is seen.",
}
TIMEOUT_S = 120.0
MOST_BYTES = 4 << 20  # of an answer
MOST_TOKENS = 600
SIDE_PX = 1024  # pictures are sent no larger
_PATH = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where pictures are sent and what is asked. `key`: else what CURATOR_ENDPOINT_KEY holds."""

    address: str
    model: str = ""
    prompt: str = PROMPTS[Detail.SHORT]
    key: str = ""
    timeout_s: float = TIMEOUT_S
    batch: int = 1

    @property
    def name(self) -> str:
        """By which it is named."""
        return self.model or self.host

    @property
    def host(self) -> str:
        """The host and port of the address."""
        return urllib.parse.urlsplit(self.address).netloc.rpartition("@")[2]

    @property
    def runs_on(self) -> str:
        """A sentence that says where pictures go."""
        return f"Pictures are sent to {self.host}."

    def opened(self) -> Endpoint:
        """Itself, once its address is one. Raises UserError."""
        try:
            parts = urllib.parse.urlsplit(self.address)
            _port = parts.port
        except ValueError:
            parts = urllib.parse.urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UserError(
                f'"{self.address}" is no address of a server.',
                "Enter one such as http://localhost:11434/v1.",
            )
        return self

    def describe(self, pictures: Sequence[Pillow.Image]) -> list[str]:
        """What is said of each of these pictures, in mode RGB. Raises UserError."""
        return [self._ask(picture) for picture in pictures]

    def _ask(self, picture: Pillow.Image) -> str:
        picture_url = f"data:image/jpeg;base64,{base64.b64encode(_jpeg(picture)).decode()}"
        content = [
            {"type": "text", "text": self.prompt},
            {"type": "image_url", "image_url": {"url": picture_url}},
        ]
        asked: dict[str, Any] = {
            "messages": [{"role": "user", "content": content}],
            "max_tokens": MOST_TOKENS,
        }
        if self.model:
            asked["model"] = self.model
        return _said(self._answer(json.dumps(asked).encode()), self.host)

    def _answer(self, asked: bytes) -> bytes:
        address = self.address.rstrip("/")
        address += "" if address.endswith(_PATH) else _PATH
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key := self.key or os.environ.get(KEY_VARIABLE, ""):
            headers["Authorization"] = f"Bearer {key}"
        try:
            request = urllib.request.Request(address, asked, headers)
            with _OPENER.open(request, timeout=self.timeout_s) as answer:
                found: bytes = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error
        except TimeoutError as error:
            raise self._silent() from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise self._silent() from error
            raise UserError(
                f"{self.host} can't be reached: {reason}.", "Is the program there running?"
            ) from error
        if len(found) > MOST_BYTES:
            raise UserError(f"{self.host} answered far too much.", "Is it the right address?")
        return found

    def _silent(self) -> UserError:
        return UserError(
            f"{self.host} gave no answer within {self.timeout_s:.0f} seconds.",
            "It may still be loading its model; try again.",
        )

    def _refused(self, error: urllib.error.HTTPError) -> UserError:
        said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
        hints = {
            401: f"Set a key, in the environment as {KEY_VARIABLE}.",
            403: f"Set a key, in the environment as {KEY_VARIABLE}.",
            404: "Look at the address, which often ends in /v1, and at the model's name.",
        }
        return UserError(
            f"{self.host} refused with {error.code}: {said or error.reason}.",
            hints.get(error.code, "Look at what the program there says."),
        )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirection would take pictures, and the key, to an address that nobody entered."""

    @override
    def redirect_request(
        self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def _jpeg(picture: Pillow.Image) -> bytes:
    picture = picture.copy()
    picture.thumbnail((SIDE_PX, SIDE_PX))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=90)
    return target.getvalue()


def _said(answer: bytes, host: str) -> str:
    """The text of an answer; some programs give it in parts."""
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
        if isinstance(content, list):
            content = " ".join(part["text"] for part in content if part.get("type") == "text")
        if not isinstance(content, str):
            raise TypeError
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise UserError(
            f"{host} answered with something else than a text.",
            "It must speak OpenAI's chat protocol, with a model that sees pictures.",
        ) from None
    return content
