"""Sample prompts as sd-scripts writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.errors import TrainerError
from trainer.prompts import Prompt, read_prompts

SIZE = (512, 768)


def test_a_plain_prompt_takes_the_size_and_seed_of_the_run() -> None:
    assert read_prompts("a photo of fr3dd1e", SIZE, 7) == [
        Prompt("a photo of fr3dd1e", width=512, height=768, seed=7)
    ]


def test_options_stand_after_the_text() -> None:
    line = "fr3dd1e -- really --n blurry, bad --w 640 --h 384 --d 3 --l 4.5 --s 12 --ss euler_a"
    more = {"negative": "blurry, bad", "guidance": 4.5, "steps": 12, "sampler": "euler_a"}
    assert read_prompts(line, SIZE, 7) == [Prompt("fr3dd1e -- really", 640, 384, 3, **more)]  # type: ignore[arg-type]


def test_options_of_other_models_say_nothing() -> None:
    assert read_prompts("fr3dd1e --g 4 --fs 3", SIZE, 7)[0].text == "fr3dd1e"


def test_sides_become_multiples_of_64_and_never_nothing() -> None:
    prompt = read_prompts("x --w 700 --h 10 --s 0", SIZE, 7)[0]
    assert (prompt.width, prompt.height, prompt.steps) == (640, 64, 1)


def test_a_file_holds_one_prompt_per_line_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "prompts.txt"
    path.write_text("\ufeff# two of them\nfirst\n\nsecond --d 9\n", "utf-8")
    assert [(one.text, one.seed) for one in read_prompts(str(path), SIZE, 7)] == [
        ("first", 7),
        ("second", 9),
    ]


def test_several_prompts_stand_on_lines_of_their_own() -> None:
    read = read_prompts("first --d 1\n\n# no prompt\nsecond.txt\n", SIZE, 7)
    assert [(one.text, one.seed) for one in read] == [("first", 1), ("second.txt", 7)]


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"prompts\.txt cannot be read"):
        read_prompts(str(tmp_path / "prompts.txt"), SIZE, 7)


def test_an_option_that_is_no_number_is_named() -> None:
    with pytest.raises(TrainerError, match="--w wide"):
        read_prompts("x --w wide", SIZE, 7)


def test_a_sampler_of_the_run_is_for_prompts_without_their_own() -> None:
    samplers = [
        read_prompts(line, SIZE, 7, "heun")[0].sampler for line in ("x", "x --ss k_lms --s 3")
    ]
    assert samplers == ["heun", "k_lms"]


def test_a_sampler_that_does_not_exist_is_named() -> None:
    with pytest.raises(TrainerError, match="sampler") as caught:
        read_prompts("x --ss eular", SIZE, 7)
    assert "euler_a" in caught.value.hint


def test_an_option_without_a_value_takes_nothing_of_the_next_one() -> None:
    prompt = read_prompts("x --n --w 640 --n", SIZE, 7)[0]
    assert (prompt.text, prompt.negative, prompt.width) == ("x", "", 640)


def test_a_picture_that_is_far_too_large_is_refused() -> None:
    with pytest.raises(TrainerError, match="--w 99999"):
        read_prompts("x --w 99999 --h 64", SIZE, 7)
