"""CLIP text: captions to token ids by the shipped vocabulary, ids to what a UNet attends to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor
from transformers import CLIPTokenizer

from trainer.resources import RESOURCES

MAX_TOKENS = 77  # with the marks for begin and end


@cache
def _tokenizer() -> Any:
    folder = RESOURCES / "clip"
    vocab = json.loads((folder / "vocab.json").read_text("utf-8"))
    lines = (folder / "merges.txt").read_text("utf-8").splitlines()
    merges: Any = [tuple(line.split()) for line in lines if line and "#version" not in line]
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=MAX_TOKENS)


def tokenize(texts: Sequence[str], paddings: Sequence[int | None]) -> Tensor:
    """Token ids for several encoders, (encoders, texts, 77); the rest of a text is cut off.

    `paddings` holds the id after the end of the text for each encoder, None for the end mark again.
    """
    encoded = _tokenizer()(
        list(texts),
        padding="max_length",
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors="pt",
    )
    ids: Tensor = encoded.input_ids
    after = encoded.attention_mask == 0
    return torch.stack([ids if it is None else ids.masked_fill(after, it) for it in paddings])


def is_too_long(text: str) -> bool:
    """Whether the end of a caption is cut off."""
    return len(_tokenizer()(text, verbose=False).input_ids) > MAX_TOKENS


def encode(text_encoder: Any, ids: Tensor, clip_skip: int) -> Tensor:
    """States of shape (batch, 77, width) for ids (batch, 77).

    `clip_skip` n reads the n-th layer from the end, through the last norm as sd-scripts does.
    """
    if clip_skip <= 1:
        last: Tensor = text_encoder(ids).last_hidden_state
        return last
    states = text_encoder(ids, output_hidden_states=True).hidden_states
    depth = len(states) - 1  # the first of them are the embeddings
    chosen: Tensor = text_encoder.final_layer_norm(states[-min(clip_skip, depth)])
    return chosen
