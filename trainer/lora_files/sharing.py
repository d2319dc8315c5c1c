"""A LoRA's metadata without what tells of its maker: folders, paths, prompts, captions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trainer.headers import read_header
from trainer.lora_files import streams
from trainer.lora_files.metadata import parsed, triggers

_KNOWN = ("ss_", "modelspec.")  # others may hold anything, such as a whole workflow
_NEEDED = ("format", "lora_adapter_metadata")  # without which the file would be read wrongly
_BY_FOLDER = ("ss_tag_frequency", "ss_dataset_dirs", "ss_reg_dataset_dirs")
_FILES = ("ss_sd_model_name", "ss_vae_name", "ss_output_name")
_PATH = re.compile(r"""(^|[\s"'=(,\[{:])(file:|~?/|\.{1,2}[\\/]|[A-Za-z]:[\\/]|\\\\)(?!/)\S""")
_PROMPT, _PLACES = (
    re.compile("prompt", re.I),
    re.compile(r"(^|_)(dirs?|files?|path)$|caption", re.I),
)
_TAG_WORDS, _TAG_COUNT = 4, 2  # a longer or rarer one is a sentence of a caption, not a tag


def share_safe(source: Path, target: Path) -> tuple[str, ...]:
    """Write the file without private metadata; gives the keys that were removed or changed.

    Tensors stay bit for bit. Raises TrainerError when it is damaged or cannot be written.
    """
    before = dict(read_header(source).metadata)
    streams.rewrite(source, target, stripped(before))
    after = read_header(target).metadata
    return tuple(
        key
        for key, text in before.items()
        if after.get(key) != text and not key.startswith("sshs_")
    )


def stripped(metadata: Mapping[str, str]) -> dict[str, str]:
    """The metadata with triggers, tags and all settings, but without names of folders and files.

    Folders are numbered, files lose their folders, prompts and unknown keys go, and so do any other
    values with a path in them. Of the tags those stay that stand in several captions and have few
    words, and the trigger.
    """
    words = {word.strip().lower() for text in triggers(metadata) for word in text.split(",")}
    kept = {}
    for key, text in metadata.items():
        if key in _FILES:
            kept[key] = re.split(r"[\\/]", text)[-1]
        elif key in _BY_FOLDER:
            kept[key] = json.dumps(_numbered(parsed(text), words))
        elif key in _NEEDED or (key.startswith(_KNOWN) and not _PROMPT.search(key)):
            cleaned = _cleaned(text)
            kept |= {key: cleaned} if cleaned is not None else {}
    return kept


def _numbered(folders: Mapping[str, Any], triggers: set[str]) -> dict[str, Any]:
    """The folders as "1", "2"..., in their order; of tags only what `stripped` lets stay."""
    rows: dict[str, Any] = {}
    for at, counts in enumerate(folders.values(), 1):
        known = counts if isinstance(counts, dict) else {}
        rows[str(at)] = {
            tag: count
            for tag, count in known.items()
            if isinstance(count, int) and _is_tag(tag, count, triggers)
        }
    return rows


def _is_tag(tag: str, count: int, triggers: set[str]) -> bool:
    if tag in ("n_repeats", "img_count") or tag.strip().lower() in triggers:
        return True
    return count >= _TAG_COUNT and len(tag.split()) <= _TAG_WORDS and not _PATH.search(tag)


def _cleaned(text: str) -> str | None:
    """The value, without what inside of JSON is private; None where nothing may stay."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None if _PATH.search(text) else text
    if not isinstance(content, dict | list):
        return None if _PATH.search(text) else text
    return json.dumps(_without_places(content))


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_places(one)
            for key, one in value.items()
            if not (_PROMPT.search(key) or _is_place(key, one) or _PATH.search(key))
        }
    if isinstance(value, list):
        return [_without_places(one) for one in value if not _is_text_with_path(one)]
    return value


def _is_place(key: str, value: Any) -> bool:
    named = isinstance(value, str) and _PLACES.search(key)
    by_folder = key in ("tag_frequency", "class_tokens", "metadata_file")
    return bool(named or by_folder or _is_text_with_path(value))


def _is_text_with_path(value: Any) -> bool:
    return isinstance(value, str) and bool(_PATH.search(value))
