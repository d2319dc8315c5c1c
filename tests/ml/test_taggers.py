"""Taggers: each format with its tags, told by what lies beside the model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from curator.core.errors import UserError
from curator.imaging.tagger_input import prepare
from curator.ml.taggers import OpenTagger, open_tagger
from tests.helpers.taggers import BLUE, RED, TAGS, coloured, write_tagger

KINDS = ("wd", "cl", "deepdanbooru")


def opened(path: Path) -> OpenTagger:
    return open_tagger(path, "ab", "tiny", threads=1, use_card=False)


def scores(tagger: OpenTagger, *colours: str) -> NDArray[np.float32]:
    prepared = [prepare(coloured(colour), tagger.preparation) for colour in colours]
    return tagger.scores(np.stack(prepared))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", ["n", 1, 2])
def test_every_format_tells_the_same_of_a_picture(
    tmp_path: Path, kind: str, batch: int | str
) -> None:
    tagger = opened(write_tagger(tmp_path / kind, kind, batch=batch))
    found = scores(tagger, RED, BLUE, RED)
    assert found.shape == (3, len(TAGS))
    logits = [tag[2] + tag[3][2] for tag in TAGS]
    assert np.allclose(found[0], 1 / (1 + np.exp(-np.array(logits))), atol=1e-4)
    assert np.array_equal(found[0], found[2])
    by_tag = dict(zip(tagger.tagger.tags, found[1], strict=True))
    assert by_tag["blue sky"] > 0.8 > by_tag["red hat"]


@pytest.mark.parametrize("kind", KINDS)
def test_tags_are_written_as_captions_do_and_grouped(tmp_path: Path, kind: str) -> None:
    tagger = opened(write_tagger(tmp_path, kind)).tagger
    groups = dict(zip(tagger.tags, tagger.groups, strict=True))
    assert groups["blue sky"] == groups["^_^"] == "general"
    assert groups["explicit"] == groups["general"] == "rating"
    named = "character" if kind != "deepdanbooru" else "general"
    assert groups["miku (append)"] == named
    assert (tagger.sha256, tagger.name) == ("ab", "tiny")


def test_the_other_shape_of_a_tag_mapping_is_read_too(tmp_path: Path) -> None:
    path = write_tagger(tmp_path, "cl")
    mapping = json.loads((tmp_path / "tag_mapping.json").read_text("utf-8"))
    other = {
        "idx_to_tag": {n: row["tag"] for n, row in mapping.items()},
        "tag_to_category": {row["tag"]: row["category"] for row in mapping.values()},
    }
    before = opened(path).tagger
    (tmp_path / "tag_mapping.json").write_text(json.dumps(other), "utf-8")
    assert opened(path).tagger == before


def test_a_model_of_any_size_gets_pictures_of_the_usual_one(tmp_path: Path) -> None:
    tagger = opened(write_tagger(tmp_path, side="s"))  # type: ignore[arg-type]
    assert tagger.preparation.side == 448


def test_a_tag_never_ends_a_tag_of_a_caption(tmp_path: Path) -> None:
    path = write_tagger(tmp_path)
    csv = tmp_path / "selected_tags.csv"
    csv.write_text(csv.read_text("utf-8").replace("red_hat", '"red, hat\n"'), "utf-8")
    assert "red hat" in opened(path).tagger.tags


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("selected_tags.csv", "a,b\n1,2", "no list of a tagger's tags"),
        ("selected_tags.csv", "", "it has 0 tags"),
        ("tag_mapping.json", "[1, 2]", "no list of a tagger's tags"),
        ("tag_mapping.json", '{"3": {"tag": "a", "category": "General"}}', "have no tag"),
        ("tag_mapping.json", "{", "no list of a tagger's tags"),
        ("tags.txt", "only_one", "of different versions"),
        ("tags.txt", "a\n" * 70_000, "70,000 tags"),
    ],
)
def test_what_is_wrong_with_the_tags_is_told(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    path = write_tagger(tmp_path, "cl" if name == "tag_mapping.json" else "wd")
    (tmp_path / "selected_tags.csv").unlink(missing_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(UserError, match=says):
        scores(opened(path), RED)


def test_a_model_alone_or_with_the_tags_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = write_tagger(tmp_path, "cl")
    (tmp_path / "tag_mapping.json").rename(tmp_path / "elsewhere.json")
    with pytest.raises(UserError, match=r"no tags beside model_optimized.onnx.*selected_tags"):
        opened(path)
    (tmp_path / "selected_tags.csv").write_text("name,category\na,0", "utf-8")
    with pytest.raises(UserError, match="does not take pictures as a tagger"):
        opened(path)
    with pytest.raises(UserError, match="of different versions"):
        scores(opened(write_tagger(tmp_path / "more", extra=2)), RED)
