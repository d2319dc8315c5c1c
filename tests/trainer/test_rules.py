"""Options of noise, loss, optimizer and schedule that contradict each other, or the base model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trainer.base_loading import load_base
from trainer.config import RunConfig, parse_options
from trainer.errors import TrainerError

Options = Callable[..., RunConfig]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"min_snr_gamma": 5, "debiased_estimation_loss": True}, "both weigh"),
        ({"adaptive_noise_scale": 0.1}, "noise_offset is 0"),
        ({"min_timestep": 600, "max_timestep": 500}, "above max_timestep"),
        (
            {"scale_v_pred_loss_like_noise_pred": True, "v_pred_like_loss": 1},
            "those that predict noise",
        ),
        ({"zero_terminal_snr": True, "v_parameterization": "false"}, "predicts noise"),
        ({"v_pred_like_loss": 1, "v_parameterization": "true"}, "predicts velocity"),
        ({"lr_scheduler": "warmup_stable_decay"}, "falls during lr_decay_steps"),
        ({"lr_decay_steps": 0.2}, "the lr_scheduler is constant"),
        ({"optimizer_type": "Prodigy"}, "finds its own rate"),
        (
            {"optimizer_type": "DAdaptAdam", "learning_rate": 1, "unet_lr": 0.01}
            | {"network_train_unet_only": True},
            "which is 0.01",
        ),
        ({"optimizer_type": "AdamWScheduleFree", "lr_scheduler": "cosine"}, "no falling schedule"),
        ({"optimizer_type": "AdamWScheduleFree", "ema_decay": 0.9}, "average twice"),
        ({"optimizer_type": "AdamWScheduleFree", "scale_weight_norms": 1}, "does not reach"),
        (
            {"optimizer_type": "Adafactor", "optimizer_args": "relative_step=True"}
            | {"lr_scheduler": "cosine"},
            "makes its own rate",
        ),
        ({"save_last_n_steps": 100}, "save_every_n_steps is 0"),
        ({"save_last_n_epochs": 1, "save_every_n_epochs": 0}, "save_every_n_epochs is 0"),
        ({"save_last_n_epochs_state": 1}, "save_state is off"),
        ({"log_with": "all"}, "no folder"),
        ({"preset": "full"}, "layers of LyCORIS"),
        ({"sample_prompts": "x --ss bogus"}, "no sampler"),
        (
            {"network_module": "lycoris.kohya", "algo": "loha", "loraplus_unet_lr_ratio": 4},
            "loraplus_unet_lr_ratio does nothing with loha",
        ),
        (
            {"network_module": "lycoris.kohya", "algo": "ia3", "scale_weight_norms": 1},
            "does nothing with ia3",
        ),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    values: dict[str, object], words: str
) -> None:
    with pytest.raises(TrainerError, match=words):
        parse_options(values)


def test_options_for_another_prediction_than_that_of_the_base_are_refused(run: Options) -> None:
    import torch

    with pytest.raises(TrainerError, match="zero_terminal_snr is only for"):
        load_base(run(zero_terminal_snr=True), torch.float32)
    forced = run(zero_terminal_snr=True, v_parameterization="true")
    scheduler = load_base(forced, torch.float32).model.scheduler
    assert scheduler["rescale_betas_zero_snr"] is True
    assert scheduler["timestep_spacing"] == "trailing"
