"""CLIP text: captions to token ids by the shipped vocabulary, ids to what a UNet attends to.

A long text is read in pieces of 75 tokens, each between marks for begin and end of its own, as
sd-scripts does: ids of all pieces stand in one row, and of their states the marks between pieces
are taken out again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import torch
from torch import Tensor
from transformers import CLIPTokenizer

from trainer.reading import PIECE, Reading, Weighed, pieces_of
from trainer.resources import RESOURCES

MAX_TOKENS = PIECE + 2  # with the marks for begin and end
_PLAIN = Reading()


@cache
def _tokenizer() -> Any:
    folder = RESOURCES / "clip"
    vocab = json.loads((folder / "vocab.json").read_text("utf-8"))
    lines = (folder / "merges.txt").read_text("utf-8").splitlines()
    merges: Any = [tuple(line.split()) for line in lines if line and "#version" not in line]
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=MAX_TOKENS)


def tokenize(
    texts: Sequence[str], reading: Reading = _PLAIN, *, paddings: Sequence[int | None]
) -> Tensor:
    """Token ids for several encoders, (encoders, texts, 77 per piece); the rest of a text is cut.

    `paddings` holds the id after the end of the text for each encoder, None for the end mark again.
    """
    end = _tokenizer().eos_token_id
    rows = [_pieces(text, reading)[: reading.pieces] for text in texts]
    found = [
        [_ids(row, reading.pieces, end if padding is None else padding) for row in rows]
        for padding in paddings
    ]
    return torch.tensor(found)


def weigh(texts: Sequence[str], reading: Reading) -> Tensor | None:
    """What the states of each token are multiplied by, (texts, 75 per piece + 2); None for 1."""
    if not reading.weighted:
        return None
    rows = []
    for text in texts:
        pieces = _pieces(text, reading)[: reading.pieces]
        filled = [weight for piece in pieces for weight in _filled(piece)]
        rows.append([1.0, *filled, *[1.0] * (reading.max_tokens - len(filled)), 1.0])
    return torch.tensor(rows)


def is_too_long(text: str, reading: Reading = _PLAIN) -> bool:
    """Whether the end of a caption is cut off."""
    return len(_pieces(text, reading)) > reading.pieces


def encode(text_encoder: Any, ids: Tensor, clip_skip: int) -> Tensor:
    """States of shape (batch, 75 per piece + 2, width) for ids (batch, 77 per piece).

    `clip_skip` n reads the n-th layer from the end, through the last norm as sd-scripts does.
    """
    split = in_pieces(ids)
    if clip_skip <= 1:
        return joined(text_encoder(split).last_hidden_state, len(ids))
    states = text_encoder(split, output_hidden_states=True).hidden_states
    depth = len(states) - 1  # the first of them are the embeddings
    chosen: Tensor = text_encoder.final_layer_norm(states[-min(clip_skip, depth)])
    return joined(chosen, len(ids))


def in_pieces(ids: Tensor) -> Tensor:
    """Every piece as a text of its own: (texts, 77 per piece) -> (texts x pieces, 77)."""
    return ids.reshape(-1, MAX_TOKENS)


def joined(states: Tensor, texts: int) -> Tensor:
    """States of pieces as those of texts: (texts x pieces, 77, width) -> (texts, 75 n + 2, width).

    The first mark for begin, the 75 states of each piece, the last mark for end.
    """
    pieces = states.reshape(texts, -1, *states.shape[1:])
    inner = pieces[:, :, 1:-1].flatten(1, 2)
    return torch.cat([pieces[:, 0, :1], inner, pieces[:, -1, -1:]], dim=1)


@lru_cache(maxsize=4096)
def _pieces(text: str, reading: Reading) -> list[list[Weighed]]:
    return pieces_of(text, reading, _encode, _comma())


def _encode(words: str) -> list[int]:
    ids: list[int] = _tokenizer()(words, add_special_tokens=False, verbose=False).input_ids
    return ids


@cache
def _comma() -> int:
    return _encode(",")[0]


def _ids(pieces: Sequence[Sequence[Weighed]], count: int, padding: int) -> list[int]:
    begin, end = _tokenizer().bos_token_id, _tokenizer().eos_token_id
    ids = []
    for at in range(count):
        inner = [token for token, _ in pieces[at]] if at < len(pieces) else []
        ids += [begin, *inner, end, *[padding] * (PIECE - len(inner))]
    return ids


def _filled(piece: Sequence[Weighed]) -> list[float]:
    return [weight for _, weight in piece] + [1.0] * (PIECE - len(piece))
