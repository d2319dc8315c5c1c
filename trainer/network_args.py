"""sd-scripts' network_args: options of the network as name=value words, to and from our options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trainer.errors import TrainerError
from trainer.network_options import NetworkOptions, algorithm, preset_of
from trainer.options import nearest, options_of, plain_value

if TYPE_CHECKING:
    from trainer.config import RunConfig

NETWORK_ARGS = "network_args"
_OWN = frozenset(  # options of sd-scripts itself, not of its network_args
    (
        *("network_module", "network_dim", "network_alpha", "network_dropout"),
        *("scale_weight_norms", "network_weights", "dim_from_weights"),
        *("network_train_unet_only", "network_train_text_encoder_only"),
    )
)
_OPTIONS = {name: one for name, one in options_of(NetworkOptions).items() if name not in _OWN}
_SYNONYMS = {"dropout": "network_dropout", "block_size": "unit"}
_IDLE = {  # LyCORIS arguments that are fine at these values, and unknown to us at any other
    **dict.fromkeys(("use_tucker", "use_cp", "use_conv_cp", "use_scalar", "train_norm"), "false"),
    **dict.fromkeys(("rs_lora", "bypass_mode", "rescaled", "rank_dropout_scale"), "false"),
    **dict.fromkeys(("unbalanced_factorization",), "false"),
    **dict.fromkeys(("disable_conv_cp", "wd_on_output"), "true"),
    "constraint": "0",
}
_WORDS = {"": "false", "0": "false", "none": "false", "1": "true"}


def expand(values: Mapping[str, object]) -> dict[str, object]:
    """Options with those of `network_args` in their own places.

    `network_args` is a list of name=value, or one text of them; with it the layers of a LyCORIS
    network are full, as LyCORIS has it. Raises TrainerError for a name that is unknown or has
    another value outside.
    """
    options = dict(values)
    found = _parsed(options.pop(NETWORK_ARGS, None))
    if NETWORK_ARGS in values and options.get("network_module") == "lycoris.kohya":
        found.setdefault("preset", "full")
    for name, text in found.items():
        if name in options and str(options[name]) != text:
            raise TrainerError(
                f'"{name}" is {options[name]!r}, but {text!r} in network_args.',
                "Remove one of them.",
            )
        options[name] = text
    return options


def network_args(config: RunConfig) -> dict[str, str]:
    """The arguments that say in sd-scripts' words what the network is; without those not set.

    Fit for metadata (ss_network_args).
    """
    defaults = NetworkOptions()
    words = {
        name: str(plain_value(getattr(config, name)))
        for name in _OPTIONS
        if getattr(config, name) != getattr(defaults, name)
    }
    if config.network_module != "lycoris.kohya":
        return {name: text for name, text in words.items() if name not in ("algo", "preset")}
    preset = preset_of(config) or ("full" if config.conv_dim else "attn-mlp")
    return words | {"algo": algorithm(config), "preset": preset}


def _parsed(words: object) -> dict[str, str]:
    if words is None:
        return {}
    parts = words.split() if isinstance(words, str) else words
    if not isinstance(parts, list | tuple) or not all(isinstance(one, str) for one in parts):
        raise TrainerError(f"network_args is {words!r}.", "Write a list of name=value.")
    pairs = (_pair(one) for one in parts)
    return {name: text for name, text in pairs if name}


def _pair(word: str) -> tuple[str, str]:
    """A known name and its value; an empty name for what changes nothing."""
    name, sign, text = (part.strip() for part in word.partition("="))
    if not sign:
        raise TrainerError(f'"{word}" in network_args sets nothing.', "Write it as name=value.")
    name = _SYNONYMS.get(name, name)
    if name in _IDLE:
        plain = _WORDS.get(text.lower(), text.lower())
        if plain == _WORDS.get(_IDLE[name], _IDLE[name]):
            return "", ""
        raise TrainerError(
            f"{name}={text} in network_args is not supported.", "Remove it from network_args."
        )
    if name == "algo":
        text = {"locon": "lora"}.get(text.lower(), text.lower())
    if name not in _OPTIONS and name != "network_dropout":
        raise TrainerError(
            f'There is no network argument "{name}".',
            f'The nearest one is "{nearest(name, _OPTIONS)}".',
        )
    return name, text
