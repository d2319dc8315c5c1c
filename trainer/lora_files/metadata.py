"""Metadata of LoRA files: read, edited, and made for files that come from others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from trainer.errors import TrainerError
from trainer.headers import read_header
from trainer.lora_files import streams
from trainer.lora_files.layers import Parts
from trainer.lora_files.reading import PEFT_METADATA, LoraFile
from trainer.lora_files.resizing import ranks

_VERSIONS = {"sd1": "sd_v1", "sd2": "sd_v2", "sdxl": "sdxl_base_v1-0"}
_ARCHITECTURES = {
    "sd1": "stable-diffusion-v1/lora",
    "sd2": "stable-diffusion-v2-768-v/lora",
    "sdxl": "stable-diffusion-xl-v1-base/lora",
}
_TAGS, _TRIGGER = "ss_tag_frequency", "modelspec.trigger_phrase"
_COMMENT = "ss_training_comment"  # where this trainer writes the trigger too
_SPEC_VERSION = "1.0.1"


def edit(
    source: Path,
    values: Mapping[str, str],
    removed: Collection[str] = (),
    target: Path | None = None,
) -> dict[str, str]:
    """Set and remove metadata, in place or as `target`; gives all metadata of the new file.

    Tensors stay bit for bit, the hashes of the file (sshs_*) are made anew. Raises TrainerError
    for a key to remove that is not there, and when the file is damaged or cannot be written.
    """
    metadata = dict(read_header(source).metadata)
    missing = [key for key in removed if key not in metadata]
    if missing:
        raise TrainerError(
            f"{source} has no metadata called {', '.join(missing)}.", "See them with lora show."
        )
    kept = {key: text for key, text in metadata.items() if key not in removed} | dict(values)
    path = target or source
    streams.rewrite(source, path, kept)
    return dict(read_header(path).metadata)


def tags(metadata: Mapping[str, str]) -> dict[str, int]:
    """How often each tag stands in the captions, all folders together, the commonest first."""
    found: Counter[str] = Counter()
    for counts in parsed(metadata.get(_TAGS, "")).values():
        for tag, count in counts.items() if isinstance(counts, dict) else ():
            if isinstance(count, int) and tag.strip():
                found[tag.strip()] += count
    return dict(found.most_common())


def triggers(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The words that call the subject, as far as the file says them."""
    said = (metadata.get(_TRIGGER, ""), metadata.get(_COMMENT, ""))
    return tuple(dict.fromkeys(text.strip() for text in said if text.strip() not in ("", "None")))


def parsed(text: str) -> dict[str, Any]:
    """A JSON object in metadata, {} where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def derived(files: Sequence[LoraFile], layers: Mapping[str, Parts], title: str) -> dict[str, str]:
    """Metadata for a plain LoRA made from `files`: what they agree on, tags and triggers of all."""
    first, *others = (file.metadata for file in files)
    agreed = {
        key: text
        for key, text in first.items()
        if key != PEFT_METADATA and all(one.get(key) == text for one in others)
    }
    if others:
        folders: dict[str, Any] = {}
        for at, file in enumerate(files, 1):
            for folder, counts in parsed(file.metadata.get(_TAGS, "")).items():
                folders[folder if folder not in folders else f"{folder} ({at})"] = counts
        phrases = dict.fromkeys(word for file in files for word in triggers(file.metadata))
        agreed |= {_TAGS: json.dumps(folders)} if folders else {}
        agreed |= {_TRIGGER: ", ".join(phrases)} if phrases else {}
        agreed["modelspec.merged_from"] = ", ".join(file.path.stem for file in files)
    return agreed | plain_network(files[0].family, layers, title)


def extracted(layers: Mapping[str, Parts], family: str, base: str, title: str) -> dict[str, str]:
    """Metadata for a LoRA that was extracted; `base` is the name of the model it belongs on."""
    return {"ss_sd_model_name": base} | plain_network(family, layers, title)


def plain_network(family: str, layers: Mapping[str, Parts], title: str) -> dict[str, str]:
    """What programs need to know of a plain LoRA; "Dynamic" for ranks that differ, as sd-scripts'
    resize_lora.py writes."""
    low, high = ranks(layers)
    rank = str(high) if low == high else "Dynamic"
    known = {
        "ss_output_name": title,
        "ss_network_module": "networks.lora",
        "ss_network_dim": rank,
        "ss_network_alpha": rank if low == high else "Dynamic",
        "ss_network_args": json.dumps(_conv_args(layers)),
        "modelspec.sai_model_spec": _SPEC_VERSION,
        "modelspec.title": title,
    }
    if family not in _VERSIONS:
        return known
    return known | {
        "ss_v2": str(family == "sd2"),
        "ss_base_model_version": _VERSIONS[family],
        "modelspec.architecture": _ARCHITECTURES[family],
    }


def rescaled(metadata: Mapping[str, str], by: float) -> dict[str, str]:
    """The metadata with alphas times `by`."""
    changed = {key: text for key, text in metadata.items() if key != PEFT_METADATA}
    with suppress(KeyError, ValueError):
        changed["ss_network_alpha"] = str(float(metadata["ss_network_alpha"]) * by)
    args = parsed(metadata.get("ss_network_args", ""))
    try:
        args["conv_alpha"] = str(float(args["conv_alpha"]) * by)
    except (KeyError, ValueError, TypeError):
        return changed
    return changed | {"ss_network_args": json.dumps(args)}


def _conv_args(layers: Mapping[str, Parts]) -> dict[str, str]:
    """conv_dim and conv_alpha, where there are convolutions larger than 1x1."""
    wide = {name: one for name, one in layers.items() if one["lora_down"].shape[2:] == (3, 3)}
    rank = str(ranks(wide)[1])
    return {"conv_dim": rank, "conv_alpha": rank} if wide else {}
