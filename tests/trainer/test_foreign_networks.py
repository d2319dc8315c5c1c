"""What a run wrote is loaded by LyCORIS, and acts there on the whole model as it does here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.helpers.networks import KINDS, guess
from tests.helpers.training import Owner
from trainer import checkpoint
from trainer.base_files import find_base
from trainer.config import RunConfig
from trainer.families import sd1
from trainer.model import BaseModel
from trainer.network import make_network
from trainer.noise import generator

Options = Callable[..., RunConfig]


def attach(model: BaseModel, tensors: dict[str, Tensor]) -> int:
    """Put LyCORIS' own modules on all layers that the file names; gives their number."""
    modules = pytest.importorskip("lycoris.modules", reason="lycoris-lora is not installed")
    parts = ("lora_te_text_model", model.text_encoders[0]), ("lora_unet", model.unet)
    layers = {
        f"{prefix}_{path}".replace(".", "_"): layer
        for prefix, part in parts
        for path, layer in part.named_modules()
    }
    names = {name.split(".")[0] for name in tensors}
    for name in names:
        made: Any
        if f"{name}.on_input" in tensors:  # its own loader forgets this flag
            own = {last: tensors[f"{name}.{last}"] for last in ("weight", "on_input")}
            made = modules.IA3Module(name, layers[name], train_on_input=bool(own["on_input"]))
            made.load_state_dict(own)
        else:
            made = modules.make_module(*modules.get_module(tensors, name), name, layers[name])
        made.multiplier = 1
        made.apply_to()
    return len(names)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_of_a_run_acts_in_lycoris_as_here(run: Options, practice: Path, kind: str) -> None:
    off = dict.fromkeys(("sample_every_n_epochs", "validate_every_n_epochs"), 0)
    options = {"network_dim": 4, "network_alpha": 2, "learning_rate": 0.05} | KINDS[kind]
    config = run(max_train_epochs=None, max_train_steps=2, save_precision="float", **off, **options)
    Owner().train(config)
    tensors = checkpoint.load_network(config.output_dir / f"{config.output_name}.safetensors")
    ours, theirs = (sd1.FAMILY.load(find_base(practice), torch.float32, None) for _ in range(2))
    plain = guess(ours)
    network = make_network(config, sd1.FAMILY.targets(ours), generator(1))
    assert network.load(tensors) == ()
    assert attach(theirs, tensors) > 20
    assert not torch.allclose(guess(ours), plain, atol=1e-3)
    assert torch.allclose(guess(theirs), guess(ours), atol=1e-4)
