"""Run files, text and presets become the same options, and wrong ones are named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.config import (
    OPTIONS,
    PRACTICE_MODEL,
    RunConfig,
    anchored,
    dump_run,
    load_run,
    parse_assignments,
    parse_options,
)
from trainer.errors import TrainerError
from trainer.learning_options import learning_rates
from trainer.options import Number, Option, Size, Words
from trainer.rules import require_complete

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="./\\\r\0"), max_size=20)


def values_of(one: Option) -> st.SearchStrategy[object]:
    """Any value an option can have, None included where that means "not set"."""
    low, high = one.low or 0, min(one.high or 10**6, 10**6)
    kinds: dict[object, st.SearchStrategy[object]] = {
        int: st.integers(int(low), int(high)),
        float: st.floats(low, high),
        bool: st.booleans(),
        str: st.sampled_from(one.choices) if one.choices else TEXT,
        Path: st.from_regex(r"/[a-z]{1,8}( [a-z]{1,3})?", fullmatch=True).map(Path),
        Number: st.one_of(st.integers(0, 10**6), st.floats(0.01, 0.99)),
        Size: st.tuples(st.integers(64, 4096), st.integers(64, 4096)),
        Words: st.lists(st.from_regex(r"[a-z]{1,5}=[0-9.]{1,4}", fullmatch=True)).map(tuple),
    }
    return st.none() | kinds[one.kind] if one.optional else kinds[one.kind]


FROZEN = {"cache_text_encoder_outputs": True, "network_train_unet_only": True}
SAFE = {  # options that contradict each other for most values
    "bucket_no_upscale": st.just(True),
    "bucket_reso_steps": st.just(64),
    "network_train_unet_only": st.just(False),
    "learning_rate": st.floats(1e-6, 1),
    "unet_lr": st.none() | st.floats(1e-6, 1),
    "lr_scheduler": st.just("cosine"),
    "caption_extension": st.sampled_from([".txt", ".caption"]),
    "output_name": st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    "enable_bucket": st.just(True),
    "network_module": st.just("lycoris.kohya"),
    "algo": st.sampled_from(["lora", "loha", "lokr"]),
    "network_dropout": st.just(0.0),
    **dict.fromkeys((name for name in OPTIONS if name.startswith("loraplus_")), st.just(0.0)),
    "dim_from_weights": st.just(False),
    "loraplus_lr_ratio": st.none(),
    "loraplus_unet_lr_ratio": st.none(),
    "loraplus_text_encoder_lr_ratio": st.none(),
    **dict.fromkeys(
        ("down_lr_weight", "up_lr_weight"), st.sampled_from(["", "1,,0.5", "cosine+0.25"])
    ),
    "mid_lr_weight": st.sampled_from(["", "0.5"]),
    **dict.fromkeys(
        ("block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas"),
        st.sampled_from(["", ",".join(["4"] * 25)]),
    ),
    "log_with": st.just("csv"),
    **dict.fromkeys(("save_last_n_epochs", "save_last_n_epochs_state"), st.just(0)),
    **dict.fromkeys(("save_last_n_steps", "save_last_n_steps_state"), st.just(0)),
    "optimizer_type": st.sampled_from(["AdamW", "Lion", "Adafactor"]),
    **dict.fromkeys(("debiased_estimation_loss", "zero_terminal_snr"), st.just(False)),
    "scale_v_pred_loss_like_noise_pred": st.just(False),
    **dict.fromkeys(("adaptive_noise_scale", "v_pred_like_loss"), st.just(0.0)),
    **dict.fromkeys(("min_timestep", "lr_decay_steps"), st.just(0)),
    "max_token_length": st.sampled_from([75, 150, 225]),
    "caption_separator": st.sampled_from([",", ";"]),
    "cache_text_encoder_outputs": st.just(False),
    "caption_variants": st.just(0),
    "cache_latents": st.just(False),
    "face_crop_aug_range": st.sampled_from(["", "2.0,4.0"]),
}
RUNS = st.fixed_dictionaries({name: SAFE.get(name, values_of(it)) for name, it in OPTIONS.items()})


@given(values=RUNS)
def test_a_run_file_gives_back_every_option(
    values: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    values["network_train_text_encoder_only"] = False
    config = RunConfig(**values)
    path = tmp_path_factory.mktemp("run", numbered=True) / "run.toml"
    path.write_text(dump_run(config), encoding="utf-8")
    assert load_run(path) == config


@given(values=RUNS)
def test_options_survive_being_written_as_text(values: dict[str, object]) -> None:
    values["network_train_text_encoder_only"] = False
    config = RunConfig(**values)
    texts = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            sign = "," if OPTIONS[name].kind == Size else " "
            texts[name] = sign.join(map(str, value))
        else:
            texts[name] = str(value)
    assert parse_options(texts) == config


@pytest.mark.parametrize("one", OPTIONS.values(), ids=lambda one: one.name)
def test_every_option_has_words_and_a_default_within_its_bounds(one: Option) -> None:
    assert one.label
    assert one.help.endswith((".", ".)"))
    assert one.section
    assert parse_options({one.name: one.default}) == RunConfig()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("learning_rate", "1e-4", 1e-4),
        ("flip_aug", "true", True),
        ("flip_aug", " No ", False),
        ("resolution", "512", (512, 512)),
        ("resolution", "512, 768", (512, 768)),
        ("resolution", 640, (640, 640)),
        ("resolution", [512, 768], (512, 768)),
        ("lr_warmup_steps", "0.1", 0.1),
        ("lr_warmup_steps", "10%", 0.1),
        ("lr_warmup_steps", "300", 300),
        ("network_dim", "8", 8),
        ("network_dim", 8.0, 8),
        ("max_train_epochs", "", None),
        ("unet_lr", "None", None),
        ("optimizer_args", "weight_decay=0.1 eps=1e-8", ("weight_decay=0.1", "eps=1e-8")),
        ("caption_extention", ".cap", ".cap"),
        ("training_comment", " kept as it is ", " kept as it is "),
    ],
)
def test_values_are_parsed(name: str, text: object, value: object) -> None:
    start = RunConfig(lr_scheduler="cosine")
    config = parse_options({name: text}, start)
    assert getattr(config, name.replace("extention", "extension")) == value


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"learning_rat": 1}, "learning_rat"),
        ({"network_dim": "many"}, "network_dim"),
        ({"network_dim": 0}, "network_dim"),
        ({"network_dim": 1.5}, "network_dim"),
        ({"network_dim": True}, "network_dim"),
        ({"network_dim": "1e400"}, "network_dim"),
        ({"network_dim": None}, "network_dim"),
        ({"flip_aug": 1}, "flip_aug"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"learning_rate": "inf"}, "learning_rate"),
        ({"optimizer_type": "Tiger"}, "optimizer_type"),
        ({"resolution": "512,512,3"}, "resolution"),
        ({"resolution": "8"}, "resolution"),
        ({"lr_warmup_steps": 1.5}, "lr_warmup_steps"),
        ({"output_dir": ""}, "output_dir"),
        ({"output_name": 7}, "output_name"),
        ({"optimizer_args": [1]}, "optimizer_args"),
    ],
)
def test_a_wrong_value_is_refused_by_name(values: dict[str, object], words: str) -> None:
    with pytest.raises(TrainerError, match=words):
        parse_options(values)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("learning_rat", "learning_rate"), ("netwrk_dim", "network_dim"), ("Seeds", "seed")],
)
def test_an_unknown_option_names_the_nearest_and_is_not_applied(wrong: str, near: str) -> None:
    with pytest.raises(TrainerError) as caught:
        parse_options({wrong: 1})
    assert f'"{near}"' in caught.value.hint


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"lr_warmup_steps": 100}, "warm-up"),
        (
            {"network_train_unet_only": True, "network_train_text_encoder_only": True},
            "nothing to train",
        ),
        ({"learning_rate": 0}, "0"),
        ({"unet_lr": 0, "network_train_unet_only": True}, "0"),
        ({"resolution": 2048}, "max_bucket_reso"),
        ({"resolution": 128}, "min_bucket_reso"),
        ({"bucket_reso_steps": 20}, "bucket_reso_steps"),
        ({"enable_bucket": False, "resolution": 500}, "multiples of 8"),
        ({"caption_extension": "txt"}, "caption_extension"),
        ({"caption_extension": ""}, "caption_extension"),
        ({"output_name": "a/b"}, "output_name"),
        ({"output_name": " "}, "output_name"),
        ({"color_aug": True}, "color_aug changes a picture .* cache_latents"),
        ({"random_crop": True}, "random_crop"),
        ({"face_crop_aug_range": "2,4"}, "face_crop_aug_range"),
        ({"face_crop_aug_range": "4,2", "cache_latents": False}, "face_crop_aug_range"),
        ({"max_token_length": 100}, "max_token_length"),
        ({"caption_separator": ""}, "caption_separator"),
        ({"caption_variants": 3}, "caption_variants keeps .* part in the text encoder"),
        (FROZEN | {"shuffle_caption": True}, "arranged anew"),
        (FROZEN | {"caption_variants": 3, "token_warmup_step": 9}, "token_warmup_step"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    values: dict[str, object], words: str
) -> None:
    with pytest.raises(TrainerError, match=words):
        parse_options(values)


def test_rates_of_the_parts_win_over_the_common_one() -> None:
    config = RunConfig(learning_rate=1.0)
    assert learning_rates(config) == (1.0, 1.0)
    assert learning_rates(replace(config, unet_lr=2.0)) == (2.0, 1.0)
    assert learning_rates(replace(config, text_encoder_lr=0.0)) == (1.0, 0.0)
    assert learning_rates(replace(config, network_train_unet_only=True)) == (1.0, 0.0)
    text_only = replace(config, network_train_text_encoder_only=True, text_encoder_lr=3.0)
    assert learning_rates(text_only) == (0.0, 3.0)


def test_sections_of_an_sd_scripts_file_are_flattened(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("seed = 3\n[network]\nnetwork_dim = 8\n[training]\nflip_aug = true\n")
    config = load_run(path)
    assert (config.seed, config.network_dim, config.flip_aug) == (3, 8, True)


def test_an_option_set_twice_in_sections_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[a]\nseed = 1\n[b]\nseed = 2\n")
    with pytest.raises(TrainerError, match='"seed" twice'):
        load_run(path)


def test_relative_paths_count_from_the_run_file(tmp_path: Path) -> None:
    (tmp_path / "base.safetensors").write_bytes(b"")
    path = tmp_path / "run.toml"
    path.write_text(
        'dataset_config = "dataset.toml"\noutput_dir = "out"\n'
        'pretrained_model_name_or_path = "base.safetensors"\nsample_prompts = "a cat"\n'
    )
    config = load_run(path)
    assert config.dataset_config == tmp_path / "dataset.toml"
    assert config.output_dir == tmp_path / "out"
    assert config.pretrained_model_name_or_path == str(tmp_path / "base.safetensors")
    assert config.sample_prompts == "a cat"


def test_the_practice_model_and_long_prompts_are_never_taken_for_paths(tmp_path: Path) -> None:
    (tmp_path / PRACTICE_MODEL).mkdir()
    (tmp_path / "cat").mkdir()
    prompt = "word " * 180
    assert anchored(RunConfig(sample_prompts="cat"), tmp_path).sample_prompts == "cat"
    config = RunConfig(pretrained_model_name_or_path=PRACTICE_MODEL, sample_prompts=prompt)
    odd = RunConfig(sample_prompts="a" * 300 + ".txt", pretrained_model_name_or_path="\0")
    assert anchored(odd, tmp_path).sample_prompts == odd.sample_prompts
    moved = anchored(config, tmp_path)
    assert moved.pretrained_model_name_or_path == PRACTICE_MODEL
    assert moved.sample_prompts == prompt


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"seed = ", "not valid TOML"), (b'output_name = "\xe4"', "not UTF-8"), (None, "Cannot read")],
)
def test_an_unreadable_run_file_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "run.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrainerError, match=words) as caught:
        load_run(path)
    assert "run.toml" in caught.value.message


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("\ufeffseed = 9\n", encoding="utf-8")
    assert load_run(path).seed == 9


def test_assignments_without_a_value_are_refused() -> None:
    assert parse_assignments(["a=b=c", " seed = 1", "seed=2"]) == {"a": "b=c", "seed": "2"}
    with pytest.raises(TrainerError, match='"seed" sets nothing'):
        parse_assignments(["seed"])


def test_a_run_needs_a_model_and_something_to_train_on() -> None:
    with pytest.raises(TrainerError, match="base model"):
        require_complete(RunConfig())
    with pytest.raises(TrainerError, match="nothing to train on"):
        require_complete(RunConfig(pretrained_model_name_or_path=PRACTICE_MODEL))
    require_complete(
        RunConfig(pretrained_model_name_or_path=PRACTICE_MODEL, train_data_dir=Path("img"))
    )
