"""Settings of any trainer are recognised by themselves and survive being written and read."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trainer.config import OPTIONS, RunConfig, dump_run, load_run
from trainer.errors import TrainerError
from trainer.interop.easy_keys import ARGS, DATASET_ARGS, IN_NETWORK_ARGS, IN_SUBSETS
from trainer.interop.kohya_keys import FIELDS, NETWORK_KEYS
from trainer.interop.sd_scripts_keys import NETWORK_ARGS, OURS, SAME
from trainer.interop.settings import FORMS, read_queue, read_settings, write_settings
from trainer.learning_options import learning_rates
from trainer.network_options import NetworkOptions, algorithm, preset_of
from trainer.options import Number, Option, Size, Words, plain_value
from trainer.rules import check

FOREIGN = [form for form in FORMS if form != "run"]
TESTED = [name for name in SAME if name in OPTIONS]
TEXTS = st.text("abz09 |;_-äß", min_size=1, max_size=12).map(str.strip).filter(bool)
SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("down_lr_weight", "up_lr_weight"), st.sampled_from(["cosine", "1,0.5,0"])),
    **dict.fromkeys(("mid_lr_weight",), st.sampled_from(["0.5", "1"])),
    **dict.fromkeys(("block_dims", "block_alphas"), st.just(",".join(["4"] * 25))),
    **dict.fromkeys(("conv_block_dims", "conv_block_alphas"), st.just(",".join(["2"] * 25))),
    **dict.fromkeys(("conv_dim", "conv_alpha"), st.integers(1, 64)),
    **dict.fromkeys(("learning_rate", "unet_lr", "text_encoder_lr"), st.sampled_from([1e-4, 1.0])),
    "caption_extension": st.sampled_from([".txt", ".caption"]),
    "factor": st.sampled_from([-1, 4, 8]),
    "face_crop_aug_range": st.just("2.0,4.0"),
    "max_token_length": st.sampled_from([75, 150, 225]),
    "optimizer_type": st.sampled_from(["AdamW", "AdamW8bit", "Lion", "Prodigy", "DAdaptAdam"]),
    "optimizer_args": st.just(("weight_decay=0.1", "betas=0.9,0.99")),
    "lr_scheduler": st.sampled_from(
        ["constant_with_warmup", "cosine", "cosine_with_restarts", "polynomial", "inverse_sqrt"]
    ),
    "output_name": st.sampled_from(["fr3dd1e", "my lora"]),
    "pretrained_model_name_or_path": st.sampled_from(["C:/models/sd 1.5.safetensors", "base"]),
}


def values_of(one: Option) -> st.SearchStrategy[Any]:
    """Values that an option takes."""
    if one.name in SPECIAL:
        return SPECIAL[one.name]
    if one.choices:
        return st.sampled_from(one.choices)
    low, high = one.low or 0, one.high or 1000
    kinds: dict[Any, st.SearchStrategy[Any]] = {
        int: st.integers(int(max(low, 0 if not one.optional else low)), int(min(high, 2000))),
        float: st.floats(max(low, 0.01), high).map(lambda value: float(f"{value:.4g}")),
        Number: st.sampled_from([0, 0.1, 0.125, 0.07, 100]),
        bool: st.booleans(),
        str: TEXTS,
        Path: TEXTS.map(lambda text: Path("C:/my data", text)),
        Size: st.tuples(st.sampled_from([512, 768]), st.sampled_from([512, 768])),
        Words: st.just(()),
    }
    return kinds[one.kind]


def another(one: Option) -> Any:
    """A value of an option that is not its default."""
    named = {
        **dict.fromkeys(("block_dims", "block_alphas"), ",".join(["4"] * 25)),
        **dict.fromkeys(("conv_block_dims", "conv_block_alphas"), ",".join(["2"] * 25)),
        **dict.fromkeys(("down_lr_weight", "up_lr_weight"), "cosine"),
        "mid_lr_weight": "0.5",
        "caption_extension": ".caption",
        "max_token_length": 150,
        "face_crop_aug_range": "2.0,4.0",
        "lr_scheduler": "polynomial",
        "v2": "true",
        "v_parameterization": "true",
        "clip_skip": 2,
    }
    if one.name in named:
        return named[one.name]
    others = [choice for choice in one.choices if choice != one.default]
    if others:
        return others[0]
    if one.kind in (int, float, Number):
        high = min(one.high or 1000, 1000)
        return one.kind(high / 4) if one.kind is not Number else 0.25
    kinds: dict[Any, Any] = {
        bool: not one.default,
        str: "a b|c;d",
        Path: Path("C:/my data/x"),
        Size: (768, 640),
        Words: ("weight_decay=0.1", "betas=0.9,0.99"),
    }
    return kinds[one.kind]


@st.composite
def runs(draw: st.DrawFn) -> RunConfig:
    names = draw(st.lists(st.sampled_from(TESTED), max_size=6, unique=True))
    values = {name: draw(values_of(OPTIONS[name])) for name in names}
    config = replace(RunConfig(), **values)
    try:
        check(config)
    except TrainerError:
        assume(False)
    return config


def meaning(config: RunConfig) -> dict[str, Any]:
    """What the options of a run come to, where several ways of writing mean the same."""
    found = {name: plain_value(getattr(config, name)) for name in TESTED}
    found["rates"] = learning_rates(config)
    for name in ("unet_lr", "text_encoder_lr"):
        del found[name]
    for name in ("network_train_unet_only", "network_train_text_encoder_only"):
        del found[name]
    if config.max_train_epochs:
        del found["max_train_steps"]
    for name in ("v2", "v_parameterization"):
        found[name] = found[name].replace("false", "auto")
    if config.lr_scheduler not in ("cosine_with_min_lr", "warmup_stable_decay"):
        del found["lr_scheduler_min_lr_ratio"]
    _network_meaning(config, found)
    return found


def _network_meaning(config: RunConfig, found: dict[str, Any]) -> None:
    """Only what the kind of network has in the trainers of others."""
    kind, lycoris = algorithm(config), config.network_module == "lycoris.kohya"
    idle = {name for name in NETWORK_ARGS if "block_" in name or name.endswith("lr_weight")}
    idle = idle if lycoris else {"dora_wd"}
    idle |= {"factor", "decompose_both", "full_matrix"} if kind != "lokr" else set()
    idle |= {"unit"} if kind != "dylora" else set()
    idle |= {"conv_alpha"} if not (config.conv_dim or config.conv_block_dims or lycoris) else set()
    for name in idle:
        del found[name]
    found["algo"] = kind
    usual = "full" if config.conv_dim else "attn-mlp"
    found["preset"] = (preset_of(config) or usual) if lycoris else None


@pytest.mark.parametrize("form", FOREIGN)
@settings(max_examples=40, deadline=None)
@given(config=runs())
def test_what_is_written_is_read_back(form: str, config: RunConfig) -> None:
    if form == "easy":
        config = replace(config, train_data_dir=None, reg_data_dir=None, dataset_config=None)
    found = read_settings(write_settings(config, form).text)
    assert meaning(found.config()) == meaning(config)
    assert not any("not known" in one for one in found.ignored)


@pytest.mark.parametrize("form", FOREIGN)
def test_every_key_of_the_reference_goes_both_ways(form: str) -> None:
    lycoris = {"network_module": "lycoris.kohya", "algo": "lokr"}
    needs: dict[str, dict[str, Any]] = {
        **dict.fromkeys(("factor", "decompose_both", "full_matrix", "dora_wd"), lycoris),
        "algo": {"network_module": "lycoris.kohya"},
        "preset": lycoris,
        "unit": {"network_module": "networks.dylora"},
        "conv_alpha": {"conv_dim": 4},
        "adaptive_noise_scale": {"noise_offset": 0.05},
        "lr_warmup_steps": {"lr_scheduler": "cosine"},
        "lr_scheduler_min_lr_ratio": {"lr_scheduler": "cosine_with_min_lr"},
        "keep_tokens": {"shuffle_caption": True},
    }
    folders = {"train_data_dir", "reg_data_dir", "dataset_config"} if form == "easy" else set()
    for name in TESTED:
        if name in folders:
            continue
        config = replace(RunConfig(), **(needs.get(name, {}) | {name: another(OPTIONS[name])}))
        read = read_settings(write_settings(config, form).text).config()
        assert meaning(read) == meaning(config), name


def test_every_option_is_shared_or_known_to_be_ours_alone() -> None:
    assert set(OPTIONS) <= {*SAME, *OURS}
    assert not {*SAME} & {*OURS}
    assert set(NETWORK_ARGS) <= {one.name for one in fields(NetworkOptions)}


def test_the_tables_of_the_other_forms_name_only_what_is_shared() -> None:
    easy = [name for table in (ARGS, DATASET_ARGS) for names in table.values() for name in names]
    assert set(easy) <= set(SAME)
    elsewhere = {"train_data_dir", "reg_data_dir", "dataset_config", "optimizer_args"}
    assert set(SAME) == {*easy, *IN_NETWORK_ARGS, *IN_SUBSETS, *elsewhere}
    assert set(FIELDS) <= {*SAME, "lr_scheduler_args", "lr_scheduler_type"}
    assert {name for name in NETWORK_KEYS if name in OPTIONS} <= set(SAME)


def test_options_of_ours_alone_are_said_to_be_left_out() -> None:
    config = RunConfig(ema_decay=0.999, mixed_precision="bf16", v2="true", lr_scheduler="rex")
    for form in FOREIGN:
        said = " ".join(write_settings(config, form).left_out)
        assert "ema_decay = 0.999" in said
        assert ("rex" in said) == (form != "easy")
    assert not write_settings(config, "run").left_out


def test_a_run_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    config = RunConfig(ema_decay=0.5, network_dim=9, pretrained_model_name_or_path="x")
    found = read_settings(dump_run(config))
    assert found.form == "a run file"
    assert found.config() == config
    path = tmp_path / "run.toml"
    path.write_text(write_settings(config, "run").text)
    assert load_run(path).network_dim == 9


def test_adafactor_keeps_its_rate_both_ways() -> None:
    config = RunConfig(optimizer_type="Adafactor", optimizer_args=("weight_decay=0.1",))
    for form in FOREIGN:
        written = write_settings(config, form).text
        assert "relative_step" in written
        read = read_settings(written).config()
        assert {"weight_decay=0.1", "relative_step=False"} <= set(read.optimizer_args)


def test_cycles_go_to_lora_easy_and_back() -> None:
    config = RunConfig(
        lr_scheduler="annealed_cosine",
        lr_scheduler_num_cycles=4,
        lr_scheduler_min_lr_ratio=0.03,
        lr_scheduler_gamma=0.8,
        lr_warmup_steps=0.05,
        unet_lr=5e-4,
    )
    read = read_settings(write_settings(config, "easy").text).config()
    assert math.isclose(read.lr_scheduler_min_lr_ratio, 0.03)
    assert replace(read, lr_scheduler_min_lr_ratio=0.03) == config


def test_a_queue_is_a_folder_of_settings(tmp_path: Path) -> None:
    for name, dim in (("b", 8), ("a", 4)):
        written = write_settings(RunConfig(network_dim=dim), "easy").text
        (tmp_path / f"{name}.toml").write_text(written)
    assert [(name, one.options["network_dim"]) for name, one in read_queue(tmp_path)] == [
        ("a", 4),
        ("b", 8),
    ]
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainerError, match="no settings"):
        read_queue(tmp_path / "empty")


@pytest.mark.parametrize("text", ["", "hello", "[]", "{}", "= 1", "--", "x" * 2_000_000])
def test_what_is_no_settings_is_refused_with_the_known_forms(text: str) -> None:
    with pytest.raises(TrainerError) as caught:
        read_settings(text)
    assert "kohya_ss" in caught.value.hint or "Copy" in caught.value.hint


@settings(max_examples=60, deadline=None)
@given(st.text('{}[]"=,:-\n #a1. \u201c\u201d\u2013', max_size=60))
def test_nothing_that_is_pasted_breaks_the_reader(text: str) -> None:
    with suppress(TrainerError):
        read_settings(text)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*SAME, "LoRA_type", "optimizer", "lr_warmup"]), JSON_VALUES)
)
def test_no_value_under_a_known_key_breaks_the_reader(values: dict[str, Any]) -> None:
    assume(values)
    found = read_settings(json.dumps(values))
    assert replace(RunConfig(), **found.options) == found.config()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({f"key{at}": 1 for at in range(6000)}),
        '{"a": ' + "[" * 900 + "]" * 900 + "}",
        " ".join(f"--flag{at}" for at in range(6000)),
    ],
)
def test_what_is_meant_to_exhaust_is_refused_or_read(text: str) -> None:
    with suppress(TrainerError):
        assert len(read_settings(text).options) < 10


def test_sentences_hold_no_control_characters() -> None:
    found = read_settings(json.dumps({"a\u001b[2J\nb": 1, "output_name": "x\u001b[31m\ny"}))
    said = "".join((*found.understood, *found.changed, *found.ignored, *found.warnings))
    assert said.isprintable()


def test_the_file_of_a_queue_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("garbage [", "utf-8")
    with pytest.raises(TrainerError, match=r"a\.toml: These are no settings"):
        read_queue(tmp_path)
