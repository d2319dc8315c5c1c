"""`python -m trainer keys`: names and shapes of the file that a network would be written to."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence

from trainer.config import RunConfig, parse_options
from trainer.families import FAMILIES
from trainer.network import make_network
from trainer.quiet import quiet

_FAMILIES = {"sd15": "sd1", "sd21": "sd2", "sdxl": "sdxl"}
_NETWORKS: Mapping[str, Mapping[str, object]] = {
    "lora": {},
    "locon": {},
    "dylora": {"network_module": "networks.dylora"},
    "loha": {"network_module": "lycoris.kohya", "algo": "loha"},
    "lokr": {"network_module": "lycoris.kohya", "algo": "lokr"},
    "ia3": {"network_module": "lycoris.kohya", "algo": "ia3"},
}


def main(arguments: Sequence[str]) -> int:
    """Print what the command line asks for. Raises TrainerError for options that do not fit."""
    wanted = _parser().parse_args(arguments)
    found = keys(wanted.family, _options(wanted))
    if wanted.json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        lines = (f"{name} {'x'.join(map(str, shape))}\n" for name, shape in found.items())
        sys.stdout.writelines(lines)
    return 0


def keys(family: str, config: RunConfig) -> dict[str, list[int]]:
    """Every tensor's name and shape for the model of a family's single files, without weights."""
    row = FAMILIES[_FAMILIES[family]]
    with quiet():
        network = make_network(config, row.targets(row.empty()), None)
    return {name: list(tensor.shape) for name, tensor in network.state_dict().items()}


def _options(wanted: argparse.Namespace) -> RunConfig:
    conv_dim = wanted.conv_dim
    if conv_dim is None and wanted.network == "locon":
        conv_dim = wanted.dim
    return parse_options(
        {
            **_NETWORKS[wanted.network],
            "network_dim": wanted.dim,
            "network_alpha": wanted.alpha,
            "conv_dim": conv_dim,
            "conv_alpha": wanted.conv_alpha,
            "preset": wanted.preset,
            "dora_wd": wanted.dora,
            "factor": wanted.factor,
        }
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer keys",
        description="Names and shapes of the tensors that a network of this kind is written to.",
    )
    parser.add_argument("--family", required=True, choices=_FAMILIES)
    parser.add_argument("--network", required=True, choices=_NETWORKS)
    parser.add_argument("--dim", type=int, default=4)
    parser.add_argument("--alpha", type=float, default=1.0)
    parser.add_argument("--conv-dim", type=int, help="trains convolutions too, with this rank")
    parser.add_argument("--conv-alpha", type=float)
    parser.add_argument("--preset", help="the layers that LyCORIS takes: full, attn-mlp, ...")
    parser.add_argument("--dora", action="store_true", help="with the lengths of DoRA")
    parser.add_argument("--factor", type=int, default=-1, help="of LoKr")
    parser.add_argument("--json", action="store_true", help="{name: shape}")
    return parser
