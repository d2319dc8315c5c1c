"""sd-scripts' network_args stand for options of ours, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.config import dump_run, load_run, parse_options
from trainer.errors import TrainerError
from trainer.network_args import network_args


def test_arguments_become_options() -> None:
    config = parse_options(
        {
            "network_module": "networks.lora",
            "network_args": ["conv_dim=4", "conv_alpha=1", "down_lr_weight=1,0.5", "dropout=0.1"],
        }
    )
    assert (config.conv_dim, config.conv_alpha) == (4, 1.0)
    assert (config.down_lr_weight, config.network_dropout) == ("1,0.5", 0.1)


def test_lycoris_has_its_own_defaults_where_its_arguments_are_given() -> None:
    config = parse_options(
        {"network_module": "lycoris.kohya", "network_args": "algo=LoKr factor=8 use_tucker=False"}
    )
    assert (config.algo, config.factor, config.preset) == ("lokr", 8, "full")
    assert parse_options({"network_module": "lycoris.kohya"}).preset is None


def test_a_run_file_of_sd_scripts_is_read_and_written_as_ours(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(
        '[network]\nnetwork_module = "lycoris.kohya"\nnetwork_args = ["algo=dylora", '
        '"block_size=4"]\nnetwork_dim = 8\n'
    )
    config = load_run(path)
    assert (config.algo, config.unit) == ("dylora", 4)
    again = tmp_path / "again.toml"
    again.write_text(dump_run(config))
    assert load_run(again) == config


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["conv_din=4"], 'no network argument "conv_din"'),
        (["conv_dim"], "sets nothing"),
        (["use_tucker=True"], "not supported"),
        (4, "network_args is 4"),
        (["conv_dim=many"], "conv_dim"),
    ],
)
def test_what_is_wrong_is_named(words: object, message: str) -> None:
    with pytest.raises(TrainerError, match=message):
        parse_options({"network_args": words})


def test_two_values_for_one_option_are_refused() -> None:
    with pytest.raises(TrainerError, match="conv_dim"):
        parse_options({"conv_dim": 8, "network_args": ["conv_dim=4"]})
    assert parse_options({"conv_dim": 4, "network_args": ["conv_dim=4"]}).conv_dim == 4


def test_metadata_says_only_what_is_set_and_reads_back() -> None:
    assert network_args(parse_options({})) == {}
    config = parse_options({"conv_dim": 4, "module_dropout": 0.1, "loraplus_lr_ratio": 4})
    words = {"conv_dim": "4", "module_dropout": "0.1", "loraplus_lr_ratio": "4.0"}
    assert network_args(config) == words
    read = parse_options({"network_args": [f"{name}={text}" for name, text in words.items()]})
    assert read == config
    lycoris = parse_options({"network_module": "lycoris.kohya", "algo": "ia3"})
    assert network_args(lycoris) == {"algo": "ia3", "preset": "ia3"}
