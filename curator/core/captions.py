"""What a caption says: its tags, and its length in the tokens that the text encoder counts.

The caption's text is the only truth; reading tags out of it never changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

Kind = TypeVar("Kind")

CLIP_FILES = Path(__file__).resolve().parents[2] / "resources" / "clip"
_MARKS = ("<|startoftext|>", "<|endoftext|>")
# The pieces CLIP's byte-pair encoding never joins across (openai/CLIP, simple_tokenizer.py).
_PIECES = (
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
)


def split_caption(caption: str) -> tuple[str, str]:
    """(line of tags, free text): the first line, and what stands below it.

    Trainers read the first line alone; a text of sentences below it is not cut at its commas.
    """
    tags, _, text = caption.partition("\n")
    return tags, text


def split_tags(caption: str) -> list[str]:
    """The tags of a caption in their order: what stands between commas, trimmed, none empty."""
    line = caption.partition("\n")[0]
    return [tag for part in line.split(",") if (tag := part.strip())]


class _Kept(dict[str, Kind]):
    """What was computed of texts; all is forgotten once it is of so many."""

    def __init__(self, compute: Callable[[str], Kind], most: int) -> None:
        self._compute = compute
        self._most = most

    def __missing__(self, text: str) -> Kind:
        if len(self) >= self._most:
            self.clear()
        value = self[text] = self._compute(text)
        return value


_trimmed = _Kept(str.strip, 200_000).__getitem__


def _tags_of(line: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_trimmed, line.split(","))))


# A bulk edit takes the same captions apart for its preview, its sources and the tag index; at 30
# tags this is 30 MB.
_tags_of_line = _Kept(_tags_of, 40_000).__getitem__


def split_all(captions: Iterable[str]) -> list[tuple[str, ...]]:
    """`split_tags` of many captions; equal tags are one object, so that comparing them is quick."""
    return [_tags_of_line(caption.partition("\n")[0]) for caption in captions]


def differing(old: Sequence[str], new: Sequence[str]) -> tuple[set[str], set[str]]:
    """The tags that go and those that come, from tags as `split_all` gives them."""
    most = min(len(old), len(new))
    if old[:most] == new[:most]:  # tags were only put behind others, or taken from there
        gone, come = set(old[most:]), set(new[most:])
        return gone.difference(new) if gone else gone, come.difference(old) if come else come
    before, after = set(old), set(new)
    return before - after, after - before


def join_tags(tags: Iterable[str]) -> str:
    """The caption that lists these tags."""
    return ", ".join(tags)


def one_line(text: str) -> str:
    """The text in one line."""
    return " ".join(line for part in text.splitlines() if (line := part.strip()))


def with_tags(caption: str, tags: Sequence[str]) -> str:
    """The caption with these tags in its first line; all else stays as it was written.

    A tag that was there keeps the white space around it, and the free text stays; one that stood
    first gets a blank before it once it does not, where the others have one.
    """
    line, text = split_caption(caption)
    old = split_tags(line)
    if old == tags or old == list(tags):
        return caption
    end = "\r" if line.endswith("\r") else ""
    is_plain = join_tags(old) == line.removesuffix(end)
    line = (join_tags(tags) if is_plain else _rewritten(line, tags)) + end
    return f"{line}\n{text}" if "\n" in caption else line


def _rewritten(line: str, tags: Sequence[str]) -> str:
    first, *others = line.split(",")
    is_tight = bool(others) and not others[0][:1].isspace()
    written: dict[str, list[str]] = {}
    for part in (first if is_tight else f" {first.lstrip()}", *others):
        written.setdefault(part.strip(), []).append(part.rstrip())
    parts = [written[tag].pop(0) if written.get(tag) else f" {tag}" for tag in tags]
    return ",".join(parts).lstrip()


def with_text(caption: str, text: str) -> str:
    """The caption with this free text below its tags; without one there is one line."""
    line = split_caption(caption)[0]
    return f"{line}\n{text}" if text.strip() else line


def training_line(caption: str) -> str:
    """The caption in one line, as trainers read it: the tags, then the free text."""
    line, text = map(one_line, split_caption(caption))
    return ", ".join(part for part in (line.rstrip(", "), text) if part) if text else line


def count_tokens(texts: Sequence[str]) -> list[int]:
    """How many CLIP tokens each text has, without the start and end marks that the encoder adds.

    Stable Diffusion's text encoder sees 75 of them at a time.
    """
    return [
        sum(map(_tokens_before_comma, tags[:-1])) + _count_words(tags[-1])
        if (tags := _tags_of_line(text)) and join_tags(tags) == text
        else _count_words(text)
        for text in texts
    ]


def _count_words(text: str) -> int:
    return sum(map(_tokens_of_word, text.split(" ")))


def _count_tokens_of(word: str) -> int:
    if not word:
        return 0  # without a caption no tokenizer is loaded, which takes as long as ten photos
    return len(_clip_tokenizer().encode(word, add_special_tokens=False))


# No piece of CLIP's encoding reaches over a space, so words are counted once and summed:
# ten thousand captions take 0.04 s instead of 1.8 s.
_tokens_of_word = _Kept(_count_tokens_of, 200_000).__getitem__
_tokens_before_comma = _Kept(lambda tag: _count_words(f"{tag},"), 200_000).__getitem__


@cache
def _clip_tokenizer() -> Tokenizer:
    """CLIP ViT-L/14's tokenizer, as transformers' CLIPTokenizer builds it, without transformers."""
    model = models.BPE.from_file(
        str(CLIP_FILES / "vocab.json"),
        str(CLIP_FILES / "merges.txt"),
        unk_token=_MARKS[1],
        end_of_word_suffix="</w>",
    )
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.add_special_tokens(list(_MARKS))
    return tokenizer


def token_pieces(text: str) -> list[str]:
    """The pieces that a text has for the text encoder, one for each token, as they are written."""
    if not text:
        return []
    offsets = _clip_tokenizer().encode(text, add_special_tokens=False).offsets
    return [text[first:after] for first, after in offsets]
