"""Reads and writes the settings of kohya_ss' GUI (JSON), as that GUI would have run them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trainer.config import OPTIONS
from trainer.interop.foreign import (
    Given,
    Imported,
    Notes,
    Rows,
    Written,
    is_off,
    number,
    shown,
)
from trainer.interop.kohya_keys import (
    FIELDS,
    LORA_TYPES,
    MULTIRES_NOISE,
    NETWORK_KEYS,
    ORIGINAL_NOISE,
    PASSED,
    RENAMED,
    ZEROS,
)
from trainer.interop.pasted import command_in
from trainer.interop.read_network import pairs
from trainer.interop.read_rows import options_of_rows
from trainer.interop.sd_scripts_keys import DEFAULTS
from trainer.options import plain_value

_FORM = "settings of kohya_ss"
_NAMES = {key: name for name, keys in RENAMED.items() for key in keys}
_ONLY = {"unet_lr": "network_train_text_encoder_only", "text_encoder_lr": "network_train_unet_only"}


def read_kohya(values: Mapping[str, Any]) -> Imported:
    """The options of such a file, its zeros and gates read as kohya_ss would have."""
    notes = Notes()
    rows = _rows(values)
    extra = rows.pop("additional_parameters", None)
    complete = "LoRA_type" in rows or "pretrained_model_name_or_path" in rows
    _rates(rows, notes)
    _zeros(rows, notes)
    _length(rows, notes)
    _noise(rows, notes)
    _warmup(rows)
    _network(rows, notes)
    if extra and not is_off(extra.value):
        _add(rows, str(extra.value))
    options = options_of_rows(rows, notes, complete=complete)
    notes.account(values)
    return notes.done(_FORM, options)


def _rows(values: Mapping[str, Any]) -> Rows:
    """The values by sd-scripts' name; of two keys for one, the one that says something."""
    rows: Rows = {}
    for key, value in values.items():
        name = _NAMES.get(key, key)
        if name not in rows or is_off(rows[name].value):
            rows[name] = Given(value, key)
    return rows


def _rates(rows: Rows, notes: Notes) -> None:
    """A rate of 0 beside one that is not leaves its part as it is; two mean the common rate."""
    off = [name for name in _ONLY if name not in rows or is_off(rows[name].value)]
    for name in off:
        rows.pop(name, None)
    if len(off) == 1:
        rows[_ONLY[off[0]]] = Given(True, off[0])
        notes.changed.append(f"{off[0]} is 0 or empty: kohya_ss then sets {_ONLY[off[0]]}.")


def _zeros(rows: Rows, notes: Notes) -> None:
    """Leave out zeros, as kohya_ss does, with a warning where that means another value."""
    for name in list(rows):
        text = name in OPTIONS and OPTIONS[name].kind in (str, Path)
        if text or isinstance(rows[name].value, bool) or number(rows[name].value) != 0:
            continue
        given = rows.pop(name)
        if name in ZEROS and not (name in MULTIRES_NOISE and _multires_off(rows)):
            notes.warnings.append(
                f"{given.key} is 0, which kohya_ss leaves out: in force was {ZEROS[name]}."
            )
        else:
            notes.off.append(given.key)


def _multires_off(rows: Rows) -> bool:
    given = rows.get("multires_noise_iterations")
    return given is None or is_off(given.value)


def _length(rows: Rows, notes: Notes) -> None:
    """max_train_epochs wins over max_train_steps, and that over epoch."""
    epoch = rows.pop("epoch", None)
    epochs, steps = (rows.get(name) for name in ("max_train_epochs", "max_train_steps"))
    if epochs and not is_off(epochs.value):
        winner = epochs
    elif steps and not is_off(steps.value):
        winner = steps
    elif epoch and not is_off(epoch.value):
        rows["max_train_epochs"] = epoch
        return
    else:
        return
    if epoch and not is_off(epoch.value):
        notes.ignored.append(f"epoch: {winner.key} wins over it.")


def _noise(rows: Rows, notes: Notes) -> None:
    """noise_offset_type says which half of the noise options is in force."""
    kind = rows.pop("noise_offset_type", None)
    if kind is None:
        return
    for name in ORIGINAL_NOISE if kind.value == "Multires" else MULTIRES_NOISE:
        given = rows.pop(name, None)
        if given and not is_off(given.value):
            notes.warnings.append(
                f"{given.key} is {shown(given.value)}, but noise_offset_type is "
                f"{shown(kind.value)}: kohya_ss does not use it."
            )


def _warmup(rows: Rows) -> None:
    """lr_warmup is a percentage of all steps; lr_warmup_steps wins over it."""
    percent = rows.pop("lr_warmup", None)
    share = number(percent.value) if percent else None
    steps = rows.get("lr_warmup_steps")
    if percent and share and (steps is None or is_off(steps.value)):
        rows["lr_warmup_steps"] = Given(share / 100, percent.key)


def _network(rows: Rows, notes: Notes) -> None:
    """The module and algorithm of LoRA_type, and only the arguments that it passes on."""
    kind = rows.pop("LoRA_type", None)
    name = str(kind.value) if kind else "Standard"
    module, algo = LORA_TYPES.get(name, (name, ""))
    key = kind.key if kind else "LoRA_type"
    rows["network_module"] = Given(module, key)
    if algo:
        rows["algo"] = Given(algo, key)
    passed = PASSED.get(name, PASSED["" if algo else "Standard"])
    for idle in NETWORK_KEYS.intersection(rows).difference(passed):
        given = rows.pop(idle)
        if not is_off(given.value):
            notes.ignored.append(f"{given.key}: kohya_ss does not use it for {shown(name)}.")


def _add(rows: Rows, text: str) -> None:
    """The flags of additional_parameters, which win over the fields."""
    for name, value in (command_in(text) or {}).items():
        if name == "network_args":
            rows |= {one: Given(word, f"--{name} {one}") for one, word in pairs(value).items()}
        else:
            rows[name] = Given(value, f"--{name}")


def write_kohya(rows: Mapping[str, Any], left_out: list[str]) -> Written:
    """sd-scripts' options as a file of kohya_ss; what has no field goes to additional_parameters.

    All fields are written, as that GUI keeps its own value for those that are missing.
    """
    values = dict(rows)
    network = pairs(values.pop("network_args", []))
    kind = _lora_type(values.pop("network_module"), network.pop("algo", ""), network)
    passed = (*PASSED.get(kind, PASSED[""]), *FIELDS)
    extra = [name for name in network if name not in passed]
    if extra:
        left_out.append(f"{', '.join(extra)}: kohya_ss has no field for it with {kind}.")
    values |= {name: value for name, value in network.items() if name in passed}
    multires = values.get("multires_noise_iterations") and not values.get("noise_offset")
    found = {"LoRA_type": kind, "noise_offset_type": "Multires" if multires else "Original"}
    found |= _rate_fields(values) | _length_fields(values) | _warmup_fields(values)
    flags = {name: value for name, value in values.items() if not _has_field(name, value, found)}
    found |= {_key(name): _field(it) for name, it in values.items() if name not in flags}
    flags = {name: value for name, value in flags.items() if not _is_usual(name, value)}
    found |= {_key(name): _nothing(name) for name in FIELDS if _is_missing(name, found)}
    found["additional_parameters"] = " ".join(
        word for name, value in flags.items() for word in _flag(name, value)
    )
    return Written(json.dumps(dict(sorted(found.items())), indent=2) + "\n", tuple(left_out))


def _lora_type(module: str, algo: str, network: Mapping[str, Any]) -> str:
    if module == "networks.lora":
        conv = any(name.startswith("conv_") for name in network)
        return "Kohya LoCon" if conv else "Standard"
    wanted = (module, {"lora": "locon"}.get(algo, algo))
    return next(name for name, one in LORA_TYPES.items() if one == wanted)


def _rate_fields(values: dict[str, Any]) -> dict[str, Any]:
    """The rates of both parts as kohya_ss reads them: 0 and 0 where both have the common one."""
    common = values["learning_rate"]
    rates = {name: values.pop(name, None) for name in _ONLY}
    off = [name for name, switch in _ONLY.items() if values.pop(switch, False)]
    if not off and set(rates.values()) == {None}:
        return dict.fromkeys(rates, 0)
    found = {name: common if rate is None else rate for name, rate in rates.items()}
    return found | dict.fromkeys(off, 0)


def _length_fields(values: dict[str, Any]) -> dict[str, Any]:
    epochs, steps = values.pop("max_train_epochs", None), values.pop("max_train_steps", 0)
    return {
        "epoch": epochs or 1,
        "max_train_epochs": 0,
        "max_train_steps": 0 if epochs else steps,
    }


def _warmup_fields(values: dict[str, Any]) -> dict[str, Any]:
    """Steps, or a whole percentage; any other share is left in the values."""
    warmup = values["lr_warmup_steps"]
    percent = round(warmup * 100)
    if warmup and warmup < 1 and percent / 100 != warmup:
        return {"lr_warmup": 0, "lr_warmup_steps": 0}
    del values["lr_warmup_steps"]
    if warmup < 1:
        return {"lr_warmup": percent, "lr_warmup_steps": 0}
    return {"lr_warmup": 0, "lr_warmup_steps": warmup}


def _key(name: str) -> str:
    return RENAMED.get(name, (name,))[0]


def _has_field(name: str, value: Any, found: Mapping[str, Any]) -> bool:
    """Whether kohya_ss has a field for this option that it would pass on with this value."""
    if value and name in (
        ORIGINAL_NOISE if found["noise_offset_type"] == "Multires" else MULTIRES_NOISE
    ):
        return False
    zero_is_another = name in ZEROS and not isinstance(value, str) and value == 0
    return not zero_is_another and (name in FIELDS or name in NETWORK_KEYS)


def _is_usual(name: str, value: Any) -> bool:
    """Whether a flag says what holds in both trainers without it."""
    return name not in (*DEFAULTS, *ZEROS) and value == plain_value(OPTIONS[name].default)


def _is_missing(name: str, found: Mapping[str, Any]) -> bool:
    return _key(name) not in found and name in OPTIONS and not OPTIONS[name].choices


def _nothing(name: str) -> Any:
    return 0 if OPTIONS[name].kind in (int, float) else ""


def _field(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value


def _flag(name: str, value: Any) -> list[str]:
    """A flag of a command line; none for a switch that is off."""
    if value is False:
        return []
    if value is True:
        return [f"--{name}"]
    words = value if isinstance(value, list) else [str(value)]
    return [f"--{name}", *(f'"{word}"' if " " in word or not word else word for word in words)]
