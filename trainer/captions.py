"""The caption that a picture is shown with this time: dropped, shuffled, or as it is written."""

from __future__ import annotations

from trainer.draws import generator, shuffled
from trainer.subsets import Subset

SEPARATOR = ","


def caption_for(caption: str, subset: Subset, *showing: int) -> str:
    """The caption for one showing, named by numbers such as (seed, epoch, item, repeat).

    Pure in its arguments. In sd-scripts' order: dropped with the chance of the dropout rate, else,
    when tags are shuffled, split at commas; the first `keep_tokens` tags stay in front.
    """
    rate = subset.caption_dropout_rate
    if rate and generator("dropout", *showing).random() < rate:
        return ""
    if not subset.shuffle_caption:
        return caption
    tags = [tag.strip() for tag in caption.split(SEPARATOR) if tag.strip()]
    kept, free = tags[: subset.keep_tokens], tags[subset.keep_tokens :]
    return f"{SEPARATOR} ".join(kept + shuffled(free, generator("shuffle", *showing)))


def is_flipped(subset: Subset, *showing: int) -> bool:
    """Whether the picture is mirrored in this showing: every second time, by chance."""
    return subset.flip_aug and generator("flip", *showing).random() < 0.5
