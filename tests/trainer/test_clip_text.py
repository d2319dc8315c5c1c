"""Token ids as CLIP's own vocabulary gives them, and the layer that clip skip reads."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from trainer import clip_text
from trainer.base_files import find_base
from trainer.families import sd1


def test_ids_are_those_of_openai_padded_with_the_end_mark() -> None:
    ids = clip_text.tokenize(["a photo of a cat", "A  Photo of a\ncat"], [None])[0]
    expected = [49406, 320, 1125, 539, 320, 2368, 49407]
    assert ids.shape == (2, 77)
    assert ids[0].tolist() == expected + [49407] * 70
    assert ids[1].tolist() == ids[0].tolist()


def test_each_encoder_has_its_own_padding() -> None:
    first, second = clip_text.tokenize(["a cat"], [None, 0])[:, 0]
    assert first[:5].tolist() == [49406, 320, 2368, 49407, 49407]
    assert second[:5].tolist() == [49406, 320, 2368, 49407, 0]
    assert set(second[5:].tolist()) == {0}


def test_a_long_caption_is_cut_and_still_ends() -> None:
    ids = clip_text.tokenize(["hat " * 200], [None])[0]
    assert ids.shape == (1, 77)
    assert ids[0, -1] == 49407


@pytest.mark.parametrize(("words", "too_long"), [(75, False), (76, True)])
def test_75_tokens_fit(words: int, too_long: bool) -> None:
    assert clip_text.is_too_long("hat " * words) is too_long


def test_clip_skip_reads_a_layer_from_the_end_through_the_last_norm(practice: Path) -> None:
    encoder = sd1.FAMILY.load(find_base(practice), torch.float32, None).text_encoders[0]
    ids = clip_text.tokenize(["a creature"], [None])[0]
    with torch.no_grad():
        hidden = encoder(ids, output_hidden_states=True).hidden_states
        for skip in (1, 2):
            expected = encoder.final_layer_norm(hidden[-skip])
            assert torch.allclose(clip_text.encode(encoder, ids, skip), expected, atol=1e-6)
        assert not torch.allclose(
            clip_text.encode(encoder, ids, 1), clip_text.encode(encoder, ids, 2)
        )
