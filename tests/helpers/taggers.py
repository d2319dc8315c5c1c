"""Tiny taggers as ONNX files with their tags beside them: they tell which colour a picture has."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from tests.helpers.onnx_files import ints, node, number, write_network

RATINGS = ("general", "sensitive", "questionable", "explicit")
# name, category of Danbooru, logit without a picture, logits for full blue, green and red
TAGS: tuple[tuple[str, int, float, tuple[float, float, float]], ...] = (
    ("general", 9, 1.0, (0, 0, 0)),
    ("sensitive", 9, -4.0, (8, 0, 0)),
    ("questionable", 9, -4.0, (0, 0, 0)),
    ("explicit", 9, -4.0, (0, 0, 10)),
    ("blue_sky", 0, -2.0, (4, 0, 0)),
    ("green_grass", 0, -2.0, (0, 4, 0)),
    ("red_hat", 0, -2.0, (0, 0, 4)),
    ("outdoors", 0, 0.5, (0, 0, 0)),
    ("^_^", 0, -0.9, (0, 0, 0)),
    ("miku_(append)", 4, 2.5, (0, 0, 0)),
)
BLUE, GREEN, RED = ("blue", "lime", "red")  # Pillow's names of the full colours


def write_tagger(
    folder: Path, kind: str = "wd", side: int = 16, batch: int | str = "n", *, extra: int = 0
) -> Path:
    """Write a tagger of a kind (wd, cl or deepdanbooru) and its tags; returns the model's file.

    `extra`: so many scores more than there are tags.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = np.array([tag[3] for tag in TAGS], np.float32).T
    bias = np.array([tag[2] for tag in TAGS], np.float32)
    if kind == "wd":  # BGR from 0 to 255
        weights = weights / 255
    elif kind == "cl":  # BGR from -1 to 1
        weights, bias = weights / 2, bias + weights.sum(axis=0) / 2
    else:  # RGB from 0 to 1
        weights = weights[::-1]
    weights = np.pad(weights, ((0, 0), (0, extra))).astype(np.float32)
    bias = np.pad(bias, (0, extra)).astype(np.float32)
    is_last = kind != "cl"
    nodes = [node("Transpose", ["in"], "planes", ints("perm", (0, 3, 1, 2)))] if is_last else []
    nodes += [
        node("GlobalAveragePool", ["planes" if is_last else "in"], "pooled"),
        node("Flatten", ["pooled"], "colour", number("axis", 1)),
        node("MatMul", ["colour", "weights"], "weighted"),
        node("Add", ["weighted", "bias"], "logits" if is_last else "out"),
    ]
    nodes += [node("Sigmoid", ["logits"], "out")] if is_last else []
    shape = (batch, side, side, 3) if is_last else (batch, 3, side, side)
    name = "model_optimized.onnx" if kind == "cl" else "model.onnx"
    path = write_network(
        folder / name,
        nodes,
        {"in": shape},
        {"out": (batch, len(bias))},
        {"weights": weights, "bias": bias},
    )
    _write_tags(folder, kind)
    return path


def _write_tags(folder: Path, kind: str) -> None:
    if kind == "wd":
        rows = [f"{n},{name},{group},{100 - n}" for n, (name, group, *_) in enumerate(TAGS)]
        text = "\n".join(["tag_id,name,category,count", *rows])
        (folder / "selected_tags.csv").write_text(text, "utf-8")
    elif kind == "cl":
        words = {9: "Rating", 0: "General", 4: "Character"}
        rows_of = {str(n): {"tag": t[0], "category": words[t[1]]} for n, t in enumerate(TAGS)}
        (folder / "tag_mapping.json").write_text(json.dumps(rows_of), "utf-8")
    else:
        names = [f"rating:{t[0]}" if t[1] == 9 else t[0] for t in TAGS]
        text = "\n".join(names).replace("rating:general", "rating:safe")
        (folder / "tags.txt").write_text(text, "utf-8")


def coloured(colour: str, size: tuple[int, int] = (32, 32)) -> Pillow.Image:
    """A picture of one colour."""
    return Pillow.new("RGB", size, colour)
