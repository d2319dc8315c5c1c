"""Ways out of a conflict, read from the trainer's own hints."""

from __future__ import annotations

import pytest

from curator.core.mending import Mend, mends_in
from trainer.config import OPTIONS, parse_options
from trainer.errors import TrainerError


@pytest.mark.parametrize(
    ("hint", "offered"),
    [
        ("Set unit to 1, or to a divisor of network_dim.", [("unit", "1")]),
        ("Set network_weights, or switch dim_from_weights off.", [("dim_from_weights", "no")]),
        ("Set noise_offset, or adaptive_noise_scale to 0.", [("adaptive_noise_scale", "0")]),
        ("Set lr_decay_steps to 0.2 or so.", [("lr_decay_steps", "0.2")]),
        (
            "Set lr_scheduler to constant, or to constant_with_warmup.",
            [("lr_scheduler", "constant"), ("lr_scheduler", "constant_with_warmup")],
        ),
        (
            'Use the lr_scheduler "constant_with_warmup", or set lr_warmup_steps to 0.',
            [("lr_scheduler", "constant_with_warmup"), ("lr_warmup_steps", "0")],
        ),
        ("Set scale_weight_norms to none, or use another optimizer.", [("scale_weight_norms", "")]),
        ("Switch color_aug or cache_latents off.", [("color_aug", "no"), ("cache_latents", "no")]),
        ("Set conv_dim to the same number, or leave it out.", []),
        ("Use a smaller picture.", []),
        ("", []),
    ],
)
def test_a_hint_offers_what_it_says_plainly(hint: str, offered: list[tuple[str, str]]) -> None:
    assert mends_in("", hint) == tuple(Mend(*one) for one in offered)


@pytest.mark.parametrize(
    "values",
    [
        {"network_train_unet_only": "yes", "network_train_text_encoder_only": "yes"},
        {"min_snr_gamma": "5", "debiased_estimation_loss": "yes"},
        {"algo": "loha"},
        {"lr_warmup_steps": "10"},
        {"adaptive_noise_scale": "0.1"},
        {"optimizer_type": "AdamWScheduleFree", "lr_scheduler": "cosine"},
        {"color_aug": "yes"},
        {"network_module": "networks.dylora", "unit": "3"},
    ],
)
def test_each_offer_ends_the_conflict_that_it_was_made_for(values: dict[str, str]) -> None:
    with pytest.raises(TrainerError) as conflict:
        parse_options(values)
    mends = mends_in(conflict.value.message, conflict.value.hint)
    assert mends
    for mend in mends:
        assert mend.option in OPTIONS
        parse_options({**values, mend.option: mend.text})
