"""Token ids as CLIP's own vocabulary gives them, and the layer that clip skip reads."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from trainer import clip_text
from trainer.base_files import find_base
from trainer.families import sd1
from trainer.reading import Reading


def test_ids_are_those_of_openai_padded_with_the_end_mark() -> None:
    ids = clip_text.tokenize(["a photo of a cat", "A  Photo of a\ncat"], paddings=[None])[0]
    expected = [49406, 320, 1125, 539, 320, 2368, 49407]
    assert ids.shape == (2, 77)
    assert ids[0].tolist() == expected + [49407] * 70
    assert ids[1].tolist() == ids[0].tolist()


def test_each_encoder_has_its_own_padding() -> None:
    first, second = clip_text.tokenize(["a cat"], paddings=[None, 0])[:, 0]
    assert first[:5].tolist() == [49406, 320, 2368, 49407, 49407]
    assert second[:5].tolist() == [49406, 320, 2368, 49407, 0]
    assert set(second[5:].tolist()) == {0}


def test_a_long_caption_is_cut_and_still_ends() -> None:
    ids = clip_text.tokenize(["hat " * 200], paddings=[None])[0]
    assert ids.shape == (1, 77)
    assert ids[0, -1] == 49407


@pytest.mark.parametrize(("words", "too_long"), [(75, False), (76, True)])
def test_75_tokens_fit(words: int, too_long: bool) -> None:
    assert clip_text.is_too_long("hat " * words) is too_long


def test_clip_skip_reads_a_layer_from_the_end_through_the_last_norm(practice: Path) -> None:
    encoder = sd1.FAMILY.load(find_base(practice), torch.float32, None).text_encoders[0]
    ids = clip_text.tokenize(["a creature"], paddings=[None])[0]
    with torch.no_grad():
        hidden = encoder(ids, output_hidden_states=True).hidden_states
        for skip in (1, 2):
            expected = encoder.final_layer_norm(hidden[-skip])
            assert torch.allclose(clip_text.encode(encoder, ids, skip), expected, atol=1e-6)
        assert not torch.allclose(
            clip_text.encode(encoder, ids, 1), clip_text.encode(encoder, ids, 2)
        )


def test_long_captions_are_read_in_pieces_between_marks() -> None:
    """As sd-scripts cuts the ids of a text that was padded to 152."""
    ids = clip_text.tokenize(["hat " * 80], Reading(150), paddings=[None, 0])
    assert ids.shape == (2, 1, 154)
    hat = ids[0, 0, 1]
    for row, padding in zip(ids[:, 0], (49407, 0), strict=True):
        assert row[:77].tolist() == [49406, *[hat] * 75, 49407]
        assert row[77:].tolist() == [49406, *[hat] * 5, 49407, *[padding] * 70]


def test_an_empty_piece_begins_with_the_end_mark() -> None:
    ids = clip_text.tokenize(["hat"], Reading(150), paddings=[0])[0, 0]
    assert ids[77:].tolist() == [49406, 49407, *[0] * 75]


@pytest.mark.parametrize(("words", "too_long"), [(150, False), (151, True)])
def test_two_pieces_hold_150_tokens(words: int, too_long: bool) -> None:
    assert clip_text.is_too_long("hat " * words, Reading(150)) is too_long


def test_no_tag_is_cut_in_two_where_pieces_end_at_commas() -> None:
    text = "hat " * 70 + ", " + "red hat " * 5
    plain = clip_text.tokenize([text], Reading(150), paddings=[None])[0, 0]
    kept = clip_text.tokenize([text], Reading(150, at_commas=True), paddings=[None])[0, 0]
    assert int((plain[:77] == 49407).sum()) == 1
    assert int((kept[:77] == 49407).sum()) == 5  # 70 hats and a comma, then its end
    red = clip_text.tokenize(["red"], paddings=[None])[0, 0, 1]
    assert kept[78] == red


def test_of_all_marks_between_pieces_the_outer_ones_stay(practice: Path) -> None:
    encoder = sd1.FAMILY.load(find_base(practice), torch.float32, None).text_encoders[0]
    ids = clip_text.tokenize(["hat " * 80, "a"], Reading(225), paddings=[None])[0]
    with torch.no_grad():
        states = clip_text.encode(encoder, ids, 1)
        first, second, third = (encoder(part).last_hidden_state for part in ids.split(77, dim=1))
    parts = [first[:, :1], first[:, 1:76], second[:, 1:76], third[:, 1:76], third[:, -1:]]
    assert states.shape == (2, 227, 32)
    assert torch.allclose(states, torch.cat(parts, dim=1), atol=1e-6)


def test_weights_stand_beside_their_tokens_in_all_pieces() -> None:
    assert clip_text.weigh(["(hat)"], Reading()) is None
    weights = clip_text.weigh(["a (hat:1.5)", "hat " * 75 + "[hat]"], Reading(150, weighted=True))
    assert weights is not None
    assert weights.shape == (2, 152)
    assert weights[0].tolist() == [1.0, 1.0, 1.5] + [1.0] * 149
    assert weights[1, 76] == pytest.approx(1 / 1.1)
    assert bool((weights[1, :76] == 1).all())
