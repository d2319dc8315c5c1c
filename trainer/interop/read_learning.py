"""What sd-scripts' optimizers, schedules and rates are in our options."""

from __future__ import annotations

from typing import Any

from trainer.interop.foreign import Given, Notes, Rows, is_off, is_on, is_unset, number, shown
from trainer.interop.read_network import pairs
from trainer.interop.sd_scripts_keys import CYCLES, OPTIMIZERS, SCHEDULES

_LEAST = ("min_lr", "eta_min")
_FIRST = ("first_cycle_max_steps", "first_cycle_steps", "T_0")
_GROWTH = ("cycle_multiplier", "cycle_mult", "T_mult")
_SHAPES = {"gamma": "lr_scheduler_gamma", "d": "lr_scheduler_d", "power": "lr_scheduler_power"}


def unpack_learning(rows: Rows, notes: Notes) -> None:
    """Give optimizers, schedules, rates and their arguments our names."""
    _rates(rows, notes)
    _optimizer(rows, notes)
    _schedule(rows, notes)
    _schedule_args(rows, notes)
    _adafactor(rows, notes)
    _warmup(rows, notes)
    _cycles(rows, notes)


def rate_of(rows: Rows) -> float | None:
    """The learning rate that least rates are measured by; None when none is known."""
    for name in ("unet_lr", "learning_rate", "text_encoder_lr"):
        rate = number(rows[name].value) if name in rows else None
        if rate:
            return rate
    return None


def _rates(rows: Rows, notes: Notes) -> None:
    given = rows.get("text_encoder_lr")
    if given is None or not isinstance(given.value, list) or not given.value:
        return
    first, *others = given.value
    rows["text_encoder_lr"] = Given(first, given.key)
    if any(number(other) != number(first) for other in others):
        notes.changed.append(
            f"text_encoder_lr has {len(given.value)} rates: {shown(first)}, the first, is taken "
            "for all text encoders, as sd-scripts' LoRA does."
        )


def _optimizer(rows: Rows, notes: Notes) -> None:
    given, bits = rows.get("optimizer_type"), rows.pop("use_8bit_adam", None)
    if bits and is_on(bits.value) and (given is None or is_unset(given.value)):
        given = Given("AdamW8bit", bits.key)
    if given and not is_unset(given.value):
        name = str(given.value).strip().split(".")[-1].lower()
        ours, why = OPTIMIZERS.get(name, ("", ""))
        rows["optimizer_type"] = Given(ours or "AdamW", given.key)
        if not ours:
            notes.warnings.append(
                f"The optimizer {shown(given.value)} is not known here: AdamW is taken, which may "
                "want another learning rate."
            )
            rows.pop("optimizer_args", None)
        elif why:
            notes.changed.append(f"The optimizer {shown(given.value)} becomes {ours}: {why}.")
    words = rows.get("optimizer_args")
    if words:
        found = pairs(words.value)
        rows["optimizer_args"] = Given(_words(found), words.key)


def _words(found: dict[str, Any]) -> list[str]:
    return [f"{name}={''.join(str(value).split())}" for name, value in found.items()]


def _schedule(rows: Rows, notes: Notes) -> None:
    kind, plain = rows.pop("lr_scheduler_type", None), rows.get("lr_scheduler")
    if kind and not is_unset(kind.value):
        ours = SCHEDULES.get(str(kind.value).split(".")[-1].lower())
        if ours:
            rows["lr_scheduler"] = Given(ours, kind.key)
            notes.changed.append(f"lr_scheduler_type {shown(kind.value)} is {ours} here.")
            return
        notes.ignored.append(f"lr_scheduler_type: {shown(kind.value)} is not known here.")
    if plain and not is_unset(plain.value):
        name = str(plain.value).split(":")[0].strip().lower().replace(" ", "_")
        rows["lr_scheduler"] = Given(SCHEDULES.get(name, name), plain.key)
        if name in SCHEDULES and name != SCHEDULES[name]:
            notes.changed.append(f"lr_scheduler {shown(plain.value)} is {SCHEDULES[name]} here.")


def _schedule_args(rows: Rows, notes: Notes) -> None:
    given = rows.pop("lr_scheduler_args", None)
    found = pairs(given.value) if given else {}
    for name, value in found.items():
        key = f"lr_scheduler_args {name}"
        if name in _LEAST:
            _least(rows, notes, Given(value, key))
        elif name in _FIRST:
            _first_cycle(rows, notes, Given(value, key), found)
        elif name in _GROWTH:
            rows["lr_scheduler_cycle_multiplier"] = Given(value, key)
        elif name in _SHAPES:
            rows[_SHAPES[name]] = Given(value, key)
        elif name != "warmup_steps":
            notes.ignored.append(f"{key}: not known here.")


def _least(rows: Rows, notes: Notes, given: Given) -> None:
    """A lowest rate as a share of the rate."""
    least, rate = number(given.value), rate_of(rows)
    if least is None or rate is None:
        notes.ignored.append(f"{given.key}: {shown(given.value)} is no share of a known rate.")
        return
    share = 0.0 if least >= rate else least / rate
    rows["lr_scheduler_min_lr_ratio"] = Given(share, given.key)
    notes.changed.append(
        f"{given.key} is the rate {least:g}: lr_scheduler_min_lr_ratio = {share:g} of {rate:g}."
    )


def _first_cycle(rows: Rows, notes: Notes, given: Given, found: dict[str, Any]) -> None:
    """How long the first cycle is, as the number of cycles, and its warm-up as that of all."""
    first, total = number(given.value), None
    if "max_train_steps" in rows and "max_train_epochs" not in rows:
        total = number(rows["max_train_steps"].value)
    if not first or not total or first > total:
        notes.ignored.append(f"{given.key}: set lr_scheduler_num_cycles instead.")
        return
    cycles = round(total / first)
    rows["lr_scheduler_num_cycles"] = Given(cycles, given.key)
    notes.changed.append(f"{given.key} is {first:g} steps: {cycles} cycles in {total:g} steps.")
    warmup = number(found.get("warmup_steps"))
    if warmup:
        rows["lr_warmup_steps"] = Given(int(warmup * cycles), "lr_scheduler_args warmup_steps")


def _adafactor(rows: Rows, notes: Notes) -> None:
    """Adafactor's own rate, which it has there unless told otherwise, and here only when told."""
    given = rows.get("optimizer_type")
    if given is None or given.value != "Adafactor":
        return
    words = rows.get("optimizer_args") or Given([], "optimizer_args")
    found = pairs(words.value)
    for name in ("scale_parameter", "relative_step"):
        found.setdefault(name, "True")
    rows["optimizer_args"] = Given(_words(found), words.key)
    if not is_on(found["relative_step"]):
        return
    rows["lr_scheduler"] = Given("constant", "lr_scheduler")
    notes.warnings.append(
        "Adafactor without relative_step=False makes its own rate: sd-scripts ignores the learning "
        "rate and the schedule. So it is here; set relative_step=False to use them."
    )


def _warmup(rows: Rows, notes: Notes) -> None:
    schedule = rows.get("lr_scheduler")
    warmup = rows.get("lr_warmup_steps")
    constant = schedule is None or schedule.value == "constant"
    if constant and warmup and not is_off(warmup.value):
        del rows["lr_warmup_steps"]
        notes.changed.append(
            f"{warmup.key} is {shown(warmup.value)}, but the schedule constant has no warm-up: "
            "none is taken. For one, use constant_with_warmup."
        )


def _cycles(rows: Rows, notes: Notes) -> None:
    schedule = str(rows["lr_scheduler"].value) if "lr_scheduler" in rows else "constant"
    given = rows.get("lr_scheduler_num_cycles")
    cycles = (number(given.value) if given else None) or 1
    if schedule == "cosine_with_restarts" and cycles == 1:
        notes.warnings.append(
            "cosine_with_restarts with one cycle never restarts: it is the same as cosine."
        )
    if cycles > 1 and schedule not in CYCLES:
        notes.warnings.append(
            f"lr_scheduler_num_cycles is {cycles:g}, but {schedule} has no cycles: it does "
            "nothing, and never set the number of epochs, as some tutorials say."
        )
