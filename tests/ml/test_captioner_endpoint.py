"""A server that speaks OpenAI's chat protocol: what it is asked, and every way it may fail."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.ml.captioners.endpoint import KEY_VARIABLE, MOST_BYTES, Endpoint
from tests.helpers.captioners import chat_server, completion

PICTURE = Pillow.new("RGB", (2000, 500), "red")


def ask(address: str, **options: object) -> str:
    return Endpoint(address, **options).describe([PICTURE])[0]  # type: ignore[arg-type]


def test_it_is_sent_a_picture_and_the_prompt_and_its_text_comes_back() -> None:
    with chat_server("A red wall.") as (address, answers):
        assert ask(address, model="tiny", prompt="What?", key="secret") == "A red wall."
    (asked,) = answers.asked
    assert answers.paths == ["/v1/chat/completions"]
    assert asked["model"] == "tiny"
    words, picture = asked["messages"][0]["content"]
    assert words == {"type": "text", "text": "What?"}
    head, _, data = picture["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert Pillow.open(io.BytesIO(base64.b64decode(data))).size == (1024, 256)
    assert answers.headers[0]["Authorization"] == "Bearer secret"


def test_the_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with chat_server("One.", [{"type": "text", "text": "Two."}]) as (address, answers):
        assert ask(address) == "One."
        monkeypatch.setenv(KEY_VARIABLE, "from outside")
        assert ask(f"{address}/chat/completions/") == "Two."
    assert "Authorization" not in answers.headers[0]
    assert "model" not in answers.asked[0]
    assert answers.headers[1]["Authorization"] == "Bearer from outside"
    assert answers.paths[1] == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((500, b"out of memory"), "refused with 500: out of memory"),
        ((404, b""), "refused with 404: Not Found"),
        ((401, b"no key"), "refused with 401: no key"),
        ((200, b"<html>hello</html>"), "something else than a text"),
        ((200, b'{"choices": []}'), "something else than a text"),
        ((200, completion(None)), "something else than a text"),
        ((200, completion([{"type": "text"}])), "something else than a text"),
        ((200, b"[" * 100_000), "something else than a text"),
        ((200, b"\xff\xfe"), "something else than a text"),
        ((200, b"x" * (MOST_BYTES + 10)), "far too much"),
        ((302, b""), "refused with 302"),
    ],
)
def test_junk_and_refusals_are_told(answer: tuple[int, bytes], says: str) -> None:
    with chat_server(answer) as (address, _answers), pytest.raises(UserError, match=says):
        ask(address)


def test_a_server_that_is_silent_or_not_there_is_told() -> None:
    silent = pytest.raises(UserError, match="no answer within 0 seconds")
    with chat_server(None) as (address, _answers), silent:
        ask(address, timeout_s=0.2)
    with pytest.raises(UserError, match="can't be reached"):
        ask(address)


@pytest.mark.parametrize(
    "address",
    ["", "localhost:1234", "file:///etc/passwd", "http://", "http://me:pass@host/v1", "http://h:x"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UserError, match="no address of a server"):
        Endpoint(address).opened()


def test_where_pictures_go_is_said_plainly() -> None:
    endpoint = Endpoint("http://localhost:11434/v1", model="llava")
    assert endpoint.opened() is endpoint
    assert endpoint.runs_on == "Pictures are sent to localhost:11434."
    assert (endpoint.name, Endpoint("http://h:1/v1").name) == ("llava", "h:1")
