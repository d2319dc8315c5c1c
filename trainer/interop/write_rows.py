"""A run under sd-scripts' names, with a sentence for each option that sd-scripts cannot say."""

from __future__ import annotations

from typing import Any

from trainer.config import OPTIONS, PRACTICE_MODEL, RunConfig
from trainer.interop.foreign import shown
from trainer.interop.sd_scripts_keys import NETWORK_ARGS, OURS, SAME
from trainer.network_args import network_args
from trainer.optimizer_options import spelled_out
from trainer.options import plain_value

_LEAST = ("cosine_with_min_lr", "warmup_stable_decay")  # those with a lowest rate in sd-scripts
_SHAPES = ("lr_scheduler_gamma", "lr_scheduler_cycle_multiplier", "lr_scheduler_d")
_NEAREST = {"annealed_cosine": "cosine_with_restarts", "rex": "cosine"}
_TABLE = "csv"  # our log_with, which the others do not know
_CLASSES = {
    "AdamWScheduleFree": "schedulefree.AdamWScheduleFree",
    "ProdigyScheduleFree": "prodigyplus.ProdigyPlusScheduleFree",
}


def rows_of(config: RunConfig, left_out: list[str], *, cycles: bool = False) -> dict[str, Any]:
    """The options by sd-scripts' name as TOML holds them; what is not set is left out.

    `cycles` says that the form has annealed_cosine and rex; without it the nearest schedule is
    taken. What cannot be said is added to `left_out`.
    """
    names = [name for name in SAME if name in OPTIONS and name not in NETWORK_ARGS]
    values = {name: plain_value(getattr(config, name)) for name in names}
    rows = {name: value for name, value in values.items() if value not in (None, "")}
    rows["network_args"] = [f"{name}={text}" for name, text in _arguments(config).items()]
    if config.dora_wd and config.network_module == "networks.lora":
        left_out.append("dora_wd: there only lycoris.kohya has it, with the preset attn-mlp.")
    _base(rows, left_out)
    _length(rows)
    _optimizer(config, rows)
    if not cycles:
        _schedule(rows, left_out)
    elif rows["lr_scheduler"] in _NEAREST:
        rows |= {name: getattr(config, name) for name in _SHAPES}
    if rows["lr_scheduler"] not in (*_LEAST, *_NEAREST):
        _drop(rows, "lr_scheduler_min_lr_ratio", left_out, f"for {rows['lr_scheduler']}")
    for name in OURS:
        if name not in _SHAPES:
            _say(config, name, left_out)
    return rows


def _arguments(config: RunConfig) -> dict[str, str]:
    return {name: "".join(text.split()) for name, text in network_args(config).items()}


def _base(rows: dict[str, Any], left_out: list[str]) -> None:
    for name in ("v2", "v_parameterization"):
        if rows[name] == "auto":
            left_out.append(f"{name} is auto: written as false; switch it on there if it is so.")
        rows[name] = rows[name] == "true"
    if rows["v2"] is False:
        left_out.append("For SDXL the other trainer needs a switch or script: not written.")
    if rows["mixed_precision"] == "auto":
        left_out.append("mixed_precision is auto: not written; choose bf16 or fp16 there.")
        del rows["mixed_precision"]
    if rows.get("pretrained_model_name_or_path") == PRACTICE_MODEL:
        left_out.append("The practice model is only here: choose a base model there.")


def _length(rows: dict[str, Any]) -> None:
    if "max_train_epochs" in rows:
        del rows["max_train_steps"]
    if rows.get("log_with") == _TABLE:
        del rows["log_with"]


def _optimizer(config: RunConfig, rows: dict[str, Any]) -> None:
    rows["optimizer_args"] = list(spelled_out(config))
    rows["optimizer_type"] = _CLASSES.get(rows["optimizer_type"], rows["optimizer_type"])


def _schedule(rows: dict[str, Any], left_out: list[str]) -> None:
    nearest = _NEAREST.get(rows["lr_scheduler"])
    if nearest:
        left_out.append(f"lr_scheduler = {rows['lr_scheduler']}: {nearest} is written.")
        rows["lr_scheduler"] = nearest


def _drop(rows: dict[str, Any], name: str, left_out: list[str], why: str) -> None:
    value = rows.pop(name)
    if value != OPTIONS[name].default:
        left_out.append(f"{name} = {shown(value)}: only this trainer has it {why}.")


def _say(config: RunConfig, name: str, left_out: list[str]) -> None:
    if name in OPTIONS and getattr(config, name) != OPTIONS[name].default:
        left_out.append(f"{name} = {shown(getattr(config, name))}: only this trainer has it.")
