"""What sd-scripts' network_module and network_args are in our options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.interop.foreign import Given, Notes, Rows, is_off, is_on, shown
from trainer.interop.sd_scripts_keys import ALIASES, MODULES, NETWORK_ARGS
from trainer.network_options import ALGORITHMS

_LYCORIS = "lycoris.kohya"
_LISTS = tuple(name for name in NETWORK_ARGS if "block_" in name or name.endswith("lr_weight"))
_USUAL = ("disable_conv_cp", "wd_on_output")  # true is what we do


def unpack_network(rows: Rows, notes: Notes) -> None:
    """Put network_args in places of their own, and replace networks that are not trained here."""
    given = rows.pop("network_args", None)
    if given:
        for name, value in pairs(given.value).items():
            rows.setdefault(ALIASES.get(name, name), Given(value, f"network_args {name}"))
    for name in _USUAL:
        if name in rows and is_on(rows[name].value):
            del rows[name]
    for name in _LISTS:
        if name in rows and isinstance(rows[name].value, list):
            rows[name] = Given(",".join(map(str, rows[name].value)), rows[name].key)
    _module(rows, notes)
    _algorithm(rows, notes)
    _weights(rows, notes)


def pairs(value: object) -> dict[str, Any]:
    """["a=1", "b=2"], "a=1 b=2" or a table as {name: value}; words without "=" are left out."""
    if isinstance(value, Mapping):
        return {str(name): one for name, one in value.items()}
    if isinstance(value, str):
        value = value.replace(", ", ",").replace('"', "").split()
    words = value if isinstance(value, list | tuple) else ()
    found = (str(word).partition("=") for word in words)
    return {name.strip(): text.strip() for name, sign, text in found if sign}


def _module(rows: Rows, notes: Notes) -> None:
    given = rows.get("network_module")
    if given is None or str(given.value) in ("", "networks.lora", "networks.dylora", _LYCORIS):
        return
    ours, why = MODULES.get(str(given.value), ("networks.lora", ""))
    del rows["network_module"]
    rows["network_module"] = Given(ours, given.key)
    if why:
        notes.changed.append(f"network_module {shown(given.value)} becomes {ours}: {why}.")
    else:
        _plain(given, notes)


def _algorithm(rows: Rows, notes: Notes) -> None:
    given, module = rows.get("algo"), rows.get("network_module")
    lycoris = module is not None and module.value == _LYCORIS
    if given is None and not lycoris:
        return
    if given is not None and not lycoris:
        notes.ignored.append("algo: only the network_module lycoris.kohya has it.")
        del rows["algo"]
        rows.pop("preset", None)
        return
    named = str(given.value).lower() if given else "lora"
    algo = "lora" if named == "locon" else named
    if algo not in ALGORITHMS:
        _plain(given or Given(algo, "algo"), notes)
        algo = "lora"
    rows["algo"] = Given(algo, given.key if given else "algo")
    if "preset" not in rows or is_off(rows["preset"].value):
        rows["preset"] = Given("ia3" if algo == "ia3" else "full", "preset")
        notes.changed.append(f"preset = {rows['preset'].value}, as LyCORIS has it when not set.")
    dropout = rows.get("network_dropout")
    if algo not in ("lora", "dylora") and dropout and not is_off(dropout.value):
        notes.ignored.append(f"{dropout.key}: it does nothing with {algo}.")
        del rows["network_dropout"]


def _plain(given: Given, notes: Notes) -> None:
    notes.warnings.append(
        f"{given.key} is {shown(given.value)}, which is not trained here; a LoRA of the same dims "
        "is taken instead."
    )


def _weights(rows: Rows, notes: Notes) -> None:
    """dim_from_weights as LoRA_Easy has it: the path of a file."""
    given = rows.get("dim_from_weights")
    if (
        given
        and isinstance(given.value, str)
        and not is_off(given.value)
        and not is_on(given.value)
    ):
        rows["network_weights"] = Given(given.value, given.key)
        rows["dim_from_weights"] = Given(True, given.key)
        notes.changed.append("dim_from_weights was a file: it is network_weights, and on, here.")
