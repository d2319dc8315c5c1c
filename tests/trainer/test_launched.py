"""What torchrun says in the environment."""

from __future__ import annotations

import pytest

from trainer.errors import TrainerError
from trainer.launched import Launched, launched

TORCHRUN = {
    "RANK": "3",
    "WORLD_SIZE": "4",
    "LOCAL_RANK": "1",
    "LOCAL_WORLD_SIZE": "2",
    "MASTER_ADDR": "127.0.0.1",
    "MASTER_PORT": "29500",
}


def test_torchrun_is_understood() -> None:
    assert launched(TORCHRUN) == Launched(3, 4, 1, 2)
    assert not launched(TORCHRUN).leads


@pytest.mark.parametrize("environment", [{}, TORCHRUN | {"WORLD_SIZE": "1", "RANK": "0"}])
def test_one_process_is_as_without_it(environment: dict[str, str]) -> None:
    assert launched(environment) == Launched()
    assert launched(environment).leads


@pytest.mark.parametrize("name", ["RANK", "LOCAL_RANK", "MASTER_ADDR"])
def test_half_an_environment_is_refused(name: str) -> None:
    environment = {key: value for key, value in TORCHRUN.items() if key != name}
    with pytest.raises(TrainerError, match="how the processes meet"):
        launched(environment)
