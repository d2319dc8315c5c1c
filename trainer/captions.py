"""The caption that a picture is shown with this time: dropped, arranged anew, or as written.

The order of what happens is that of sd-scripts' `process_caption`; what it does not do on purpose
is listed in docs/trainer-deviations.md.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from trainer.draws import generator, shuffled
from trainer.subsets import Subset

_JOINED = ", "
_WILDCARD = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Showing:
    """One time that a picture is shown, all counted from 0; `steps` are those of the whole run."""

    seed: int
    epoch: int
    item: int
    repeat: int
    step: int = 0
    steps: int = 1

    @property
    def name(self) -> tuple[int, ...]:
        """What its chance depends on."""
        return self.seed, self.epoch, self.item, self.repeat


def caption_for(caption: str, subset: Subset, showing: Showing) -> str:
    """The caption for one showing; pure in its arguments.

    `caption` is the text of its file, several lines with wildcards. First it is decided whether it
    is dropped as a whole, then it is arranged.
    """
    if _is_dropped(subset, showing):
        return ""
    key: tuple[object, ...] = showing.name
    if subset.caption_variants:
        chance = generator("variant", *showing.name).random()
        key = _variant_key(showing.seed, showing.item, int(chance * subset.caption_variants))
    return _arranged(caption, subset, key, showing)


def captions_of(caption: str, subset: Subset, seed: int, item: int) -> set[str]:
    """All captions that `caption_for` gives a picture in a run, where they are so few.

    With `caption_variants`, or where nothing is arranged by chance.
    """
    first = Showing(seed, 0, item, 0)
    keys = [_variant_key(seed, item, at) for at in range(max(1, subset.caption_variants))]
    found = {_arranged(caption, subset, key, first) for key in keys}
    dropped = subset.caption_dropout_rate or subset.caption_dropout_every_n_epochs
    return found | ({""} if dropped else set())


def steady_caption(caption: str, subset: Subset) -> str:
    """The caption with nothing of it left to chance, as validation reads it."""
    steady = replace(
        subset, shuffle_caption=False, caption_tag_dropout_rate=0.0, token_warmup_step=0
    )
    return _arranged(caption, steady, ("steady",), Showing(0, 0, 0, 0))


def tags_of(text: str, separator: str) -> list[str]:
    """The tags in a text, without spaces around them; empty ones are left out."""
    return [tag.strip() for tag in text.split(separator) if tag.strip()]


def _variant_key(seed: int, item: int, variant: int) -> tuple[object, ...]:
    return "variant", seed, item, variant


def _is_dropped(subset: Subset, showing: Showing) -> bool:
    every = subset.caption_dropout_every_n_epochs
    if every and (showing.epoch + 1) % every == 0:
        return True
    rate = subset.caption_dropout_rate
    return bool(rate) and generator("dropout", *showing.name).random() < rate


def _arranged(caption: str, subset: Subset, key: tuple[object, ...], showing: Showing) -> str:
    text = _worded(caption, subset, key)
    separator, mark = subset.caption_separator, subset.keep_tokens_separator
    changes = subset.shuffle_caption or subset.token_warmup_step or subset.caption_tag_dropout_rate
    if changes or (mark and mark in text and not subset.exactly_as_sd_scripts):
        text = _in_order(text, subset, key, showing)
    elif subset.pinned_trigger and not _holds(text, subset.pinned_trigger):
        text = f"{subset.pinned_trigger}{_JOINED}{text}" if text else subset.pinned_trigger
    if subset.secondary_separator:
        text = text.replace(subset.secondary_separator, separator)
    return text


def _worded(caption: str, subset: Subset, key: tuple[object, ...]) -> str:
    """One line with what stands before and behind it, wildcards replaced.

    sd-scripts puts these to the first and the last of several lines, and so to one of them at most.
    """
    lines = caption.split("\n")
    if subset.exactly_as_sd_scripts:
        lines = _with_ends(caption, subset).split("\n")
    chance = generator("wildcard", *key)
    line = lines[_below(len(lines), chance.random())] if subset.enable_wildcard else lines[0]
    text = line if subset.exactly_as_sd_scripts else _with_ends(line, subset)
    if not subset.enable_wildcard:
        return text

    def chosen(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        words = found[1].split("|")
        return words[_below(len(words), chance.random())]

    return _WILDCARD.sub(chosen, text)


def _with_ends(text: str, subset: Subset) -> str:
    return " ".join(it for it in (subset.caption_prefix, text, subset.caption_suffix) if it)


def _in_order(text: str, subset: Subset, key: tuple[object, ...], showing: Showing) -> str:
    first, free, last = _parts(text, subset)
    free = free[: _warm_length(len(free), subset, showing)]
    if subset.shuffle_caption:
        free = shuffled(free, generator("shuffle", *key))
    if subset.caption_tag_dropout_rate:
        chance = generator("tag dropout", *key)
        free = [tag for tag in free if chance.random() >= subset.caption_tag_dropout_rate]
    return _JOINED.join(first + free + last)


def _parts(text: str, subset: Subset) -> tuple[list[str], list[str], list[str]]:
    """The tags that stay first, those that may move or be left out, and those that stay last."""
    separator, mark = subset.caption_separator, subset.keep_tokens_separator
    last: list[str] = []
    if mark and mark in text:
        before, _, rest = text.partition(mark)
        middle, _, behind = rest.partition(mark)
        first, free = tags_of(before, separator), tags_of(middle, separator)
        last = tags_of(behind, separator)
    else:
        tags = tags_of(text, separator)
        first, free = tags[: subset.keep_tokens], tags[subset.keep_tokens :]
    trigger = subset.pinned_trigger
    if trigger and not any(_holds(tag, trigger) for tag in first + last):
        pinned = next((tag for tag in free if _holds(tag, trigger)), trigger)
        first = [pinned, *first]
        if pinned in free:
            free.remove(pinned)
    return first, free, last


def _holds(text: str, trigger: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", text) is not None


def _warm_length(count: int, subset: Subset, showing: Showing) -> int:
    """How many of `count` free tags are shown: floor(step (count - min) / warm-up) + min."""
    share = subset.token_warmup_step
    steps = math.floor(share * showing.steps) if 0 < share < 1 else int(share)
    if showing.step >= steps:
        return count
    least = subset.token_warmup_min
    return math.floor(showing.step * (count - least) / steps) + least


def _below(count: int, chance: float) -> int:
    return int(chance * count)
