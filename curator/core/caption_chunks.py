"""Where a caption fills the chunks in which a text encoder reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curator.core.captions import count_tokens, one_line, split_caption, split_tags, training_line

CHUNK = 75  # tokens that Stable Diffusion's text encoder sees at a time


@dataclass(frozen=True, slots=True)
class Chunks:
    """`tokens` and `tags`: how many. The ends of chunks behind which something stands, as numbers
    of tokens: `after_tags` by the place of the tag, `in_text` by the words of the free text before.
    """

    tokens: int
    tags: int
    after_tags: Mapping[int, int]
    in_text: Mapping[int, int]

    @property
    def room(self) -> int:
        """The tokens of as many chunks as the caption takes, at least of one."""
        return max(1, -(-self.tokens // CHUNK)) * CHUNK


def chunks_of(caption: str) -> Chunks:
    """The chunks of a caption as it is trained on."""
    words = training_line(caption).split(" ")
    line, text = split_caption(caption)
    tags = split_tags(line)
    own = one_line(text).split(" ") if text.strip() else []
    counts = count_tokens(words)
    ends = _ends(counts)
    first = len(words) - len(own)  # the first word of the free text
    after_tags = {_tag_at(words[: at + 1]): n for at, n in ends.items() if at < first}
    in_text = {sum(map(bool, words[first : at + 1])): n for at, n in ends.items() if at >= first}
    return Chunks(sum(counts), len(tags), after_tags, in_text)


def _ends(counts: Sequence[int]) -> dict[int, int]:
    """By the place of the word with which a chunk is full, the tokens of all chunks till then."""
    found: dict[int, int] = {}
    so_far, total = 0, sum(counts)
    for at, number in enumerate(counts):
        chunk = so_far // CHUNK
        so_far += number
        full = so_far // CHUNK
        if full > chunk and full * CHUNK < total:
            found[at] = full * CHUNK
    return found


def _tag_at(words: Sequence[str]) -> int:
    """The place of the tag in which these words end."""
    return len(split_tags(" ".join(words))) - 1
