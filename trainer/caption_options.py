"""The options that say what is read of a caption, and how it changes from showing to showing."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.options import Number, option


@dataclass(frozen=True, kw_only=True)
class CaptionOptions:
    """Captions: their files, their tags, what is left out of them, and their length."""

    caption_extension: str = option(
        ".txt",
        "Caption extension",
        "The caption of photo.jpg is looked for in photo.txt. (sd-scripts looks for .caption by "
        "default and silently trains without the .txt files.)",
        section="caption",
    )
    pinned_trigger: str = option(
        "",
        "Pinned trigger",
        "This word stands in every caption: added where it is missing, and in front whenever tags "
        "are shuffled or left out. A caption that is dropped as a whole stays empty. (Not in "
        "sd-scripts, where keep_tokens comes nearest.)",
        section="caption",
    )
    caption_prefix: str = option(
        "",
        "Text before",
        "Put before every caption, with a space; usual is nothing.",
        section="caption",
    )
    caption_suffix: str = option(
        "",
        "Text after",
        "Put behind every caption, with a space; usual is nothing.",
        section="caption",
    )
    shuffle_caption: bool = option(
        False,
        "Shuffle tags",
        "The tags of a caption, split at commas, come in another order each time.",
        section="caption",
    )
    keep_tokens: int = option(
        0,
        "Tags kept in front",
        "So many tags stay first when tags are shuffled: 1 keeps the trigger word. It counts tags "
        "between commas, not tokens of the text encoder.",
        section="caption",
        bounds=(0, 255),
    )
    keep_tokens_separator: str = option(
        "",
        "Mark behind kept tags",
        'Such as "|||": what stands before it in a caption stays first, what stands behind a '
        "second one stays last. Where it is found, the number of kept tags says nothing.",
        section="caption",
    )
    caption_separator: str = option(
        ",",
        "Tag separator",
        "What stands between two tags; usual is the comma.",
        section="caption",
    )
    secondary_separator: str = option(
        "",
        "Second separator",
        'Such as ";;;": tags joined by it move as one, and are parted by the tag separator in the '
        "end.",
        section="caption",
    )
    enable_wildcard: bool = option(
        False,
        "Wildcards",
        "One line of a caption of several is chosen by chance, and of {red|green} one word; {{ and "
        "}} stand for brackets. Without it the first line counts.",
        section="caption",
    )
    caption_dropout_rate: float = option(
        0.0,
        "Caption dropout",
        "This share of captions is left empty, by chance: 0.1 is one in ten.",
        section="caption",
        bounds=(0, 1),
    )
    caption_dropout_every_n_epochs: int = option(
        0,
        "Every so many epochs without captions",
        "In every n-th epoch all captions are left empty; 0 is never.",
        section="caption",
        bounds=(0, 10_000),
    )
    caption_tag_dropout_rate: float = option(
        0.0,
        "Tag dropout",
        "This share of tags is left out, by chance; kept tags never are. Usual: 0 to 0.1.",
        section="caption",
        bounds=(0, 1),
    )
    token_warmup_step: Number = option(
        0,
        "Tag warm-up",
        "Until this step, or this share of all steps, captions grow tag by tag to their full "
        "length; 0 switches it off.",
        section="caption",
        bounds=(0, None),
    )
    token_warmup_min: int = option(
        1,
        "Tags at first",
        "With how many tags, beside the kept ones, a warm-up begins.",
        section="caption",
        bounds=(0, 255),
    )
    max_token_length: int = option(
        75,
        "Longest caption",
        "In tokens of the text encoder: 75, 150 or 225. More than 75 are encoded in pieces; the "
        "programs that draw do the same.",
        section="caption",
        bounds=(75, 225),
    )
    split_at_commas: bool = option(
        False,
        "Split long captions at commas",
        "A piece of 75 tokens ends at its last comma where one of its last 20 tokens is one, so "
        "that no tag is cut in two, as A1111 does. (sd-scripts always cuts after 75.)",
        section="caption",
    )
    weighted_captions: bool = option(
        False,
        "Weights in captions",
        "(word), [word] and (word:1.3) count more or less, as A1111 reads them; without it, "
        "brackets are read as text.",
        section="caption",
    )
    caption_variants: int = option(
        0,
        "Variants of a caption",
        "So many arrangements of each caption (order, tags left out, wildcards) are made and "
        "encoded once, then taken by chance; 0 arranges anew each time. Only where the text "
        "encoder is not trained; usual: 10 to 20. (Not in sd-scripts.)",
        section="caption",
        bounds=(0, 1000),
    )
    cache_text_encoder_outputs: bool = option(
        False,
        "Cache encoded captions",
        "All captions are encoded before the training, then the text encoders leave the device; "
        "kept in the cache folder, if there is one. Only where the text encoder is not trained. "
        "(In sd-scripts for SDXL only, and without shuffling.)",
        section="caption",
    )
