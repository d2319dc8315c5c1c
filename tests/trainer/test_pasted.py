"""Settings are found in what people paste, and what is too long or no text is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import TrainerError
from trainer.interop.pasted import LIMIT, command_in, json_in, read_text, script_in, toml_in


def test_json_is_found_in_a_blog_post() -> None:
    post = (
        "Here's my {secret} sauce \u2013 save it as .json:\n```json\n"
        "{\u201cnetwork_dim\u201d: \u201c32\u201d,\u00a0\u201cflip_aug\u201d: True, "
        "\u201cvae\u201d: None, \u201cnested\u201d: {\u201ca\u201d: [1, 2,],},}\n```\nEnjoy! }"
    )
    assert json_in(post) == {
        "network_dim": "32",
        "flip_aug": True,
        "vae": None,
        "nested": {"a": [1, 2]},
    }


def test_what_stands_within_quotes_is_left_alone() -> None:
    text = '{"a": "x, } True {", "b": "say \\"None\\",]"}'
    assert json_in(f"before {text} after") == json.loads(text)


@given(
    st.dictionaries(
        st.text(max_size=8), st.text(max_size=8) | st.integers() | st.booleans(), min_size=1
    )
)
def test_any_plain_json_is_read_as_it_is(values: dict[str, Any]) -> None:
    assert json_in(f"see: {json.dumps(values)} (mine)") == values


@pytest.mark.parametrize("text", ['{"a": 1', '{"a": NaN}', '{"a" 1}', '{"a":' * 100_000])
def test_json_that_cannot_be_mended_is_said_so(text: str) -> None:
    with pytest.raises(TrainerError, match="begins as JSON"):
        json_in(text)


def test_no_json_is_none() -> None:
    assert json_in("{trigger} is a word") is None


def test_toml_may_have_curly_quotes() -> None:
    assert toml_in("\ufeff[a]\nb = \u201cc\u201d\n") == {"a": {"b": "c"}}
    assert toml_in("{") is None


@pytest.mark.parametrize("end", ["\\", "^", "`"])
def test_a_command_line_goes_on_over_lines(end: str) -> None:
    text = (
        f"# train\naccelerate launch --num_cpu_threads_per_process=8 {end}\n"
        f' "C:\\sd scripts\\train_network.py" {end}\n --network_dim 32 {end}\n'
        f'  --output_dir="D:\\my loras\\x" \u2013flip_aug --network_args "conv_dim=8" conv_alpha=4'
    )
    assert command_in(text) == {
        "network_dim": "32",
        "output_dir": "D:\\my loras\\x",
        "flip_aug": True,
        "network_args": ["conv_dim=8", "conv_alpha=4"],
    }


def test_negative_numbers_and_empty_values_are_values() -> None:
    assert command_in('--factor -1 --vae="" --a') == {"factor": "-1", "vae": "", "a": True}


def test_no_flags_are_none() -> None:
    assert command_in("train it - well -- please") is None


def test_the_script_of_a_command_is_named() -> None:
    assert script_in(r"python .\sd-scripts\sdxl_train_network.py --x") == "sdxl_train_network.py"
    assert not script_in("--x 1")


def test_files_are_read_as_text_of_a_bounded_length(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("\ufeffä", encoding="utf-8")
    assert read_text(path) == "ä"
    path.write_text("ä", encoding="utf-16")
    assert read_text(path) == "ä"
    path.write_bytes(b"\xe4 ")
    with pytest.raises(TrainerError, match="UTF-8"):
        read_text(path)
    path.write_bytes(b"a" * (LIMIT + 1))
    with pytest.raises(TrainerError, match="too long"):
        read_text(path)
    with pytest.raises(TrainerError, match="Cannot read"):
        read_text(tmp_path)
