"""Which options contradict each other, and which a run cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainer.data_rules import check_data
from trainer.errors import TrainerError
from trainer.learning_options import learning_rates
from trainer.network_blocks import check_weights, entries
from trainer.network_options import algorithm
from trainer.optimizer_options import ADAPTIVE, SCHEDULE_FREE
from trainer.prompts import is_file, read_prompts

if TYPE_CHECKING:
    from trainer.config import RunConfig

_RATIOS = ("loraplus_lr_ratio", "loraplus_unet_lr_ratio", "loraplus_text_encoder_lr_ratio")
_TOO_SLOW = 0.1  # an adaptive optimizer's rate at or below it is meant for AdamW


def check(config: RunConfig) -> None:
    """Raise TrainerError for the first pair of options that contradict each other."""
    for conflict in conflicts(config):
        raise conflict


def conflicts(config: RunConfig) -> Iterator[TrainerError]:
    """What contradicts each other, the first of each kind."""
    learning = (_parts, _network, _noise, _schedule, _optimizer)
    for rule in (*learning, check_data, _names, _saves, _samples, _logs):
        try:
            rule(config)
        except TrainerError as error:
            yield error


def require_complete(config: RunConfig) -> None:
    """Raise TrainerError for the first thing missing without which no training can begin."""
    if not config.pretrained_model_name_or_path:
        raise TrainerError(
            "No base model was chosen.",
            'Set pretrained_model_name_or_path to a model, or to "practice" to try things out.',
        )
    if config.dataset_config is None and config.train_data_dir is None:
        raise TrainerError("There is nothing to train on.", "Set dataset_config or train_data_dir.")


def check_prediction(config: RunConfig, *, velocity: bool) -> None:
    """Raise TrainerError for options that a base which predicts velocity, or noise, rules out."""
    for name in ("scale_v_pred_loss_like_noise_pred", "zero_terminal_snr"):
        if getattr(config, name) and not velocity:
            raise TrainerError(
                f"{name} is only for base models that predict velocity; this one predicts noise.",
                f"Switch {name} off.",
            )
    if config.v_pred_like_loss and velocity:
        raise TrainerError(
            "v_pred_like_loss is only for base models that predict noise; this one predicts "
            "velocity.",
            "Set v_pred_like_loss to 0.",
        )


def _parts(config: RunConfig) -> None:
    unet_only = config.network_train_unet_only
    text_only = config.network_train_text_encoder_only
    if unet_only and text_only:
        raise TrainerError(
            "network_train_unet_only and network_train_text_encoder_only leave nothing to train.",
            "Switch one of them off.",
        )
    if not any(learning_rates(config)):
        raise TrainerError(
            "Every learning rate is 0, so nothing would be trained.", "Set learning_rate."
        )


def _network(config: RunConfig) -> None:
    kind = algorithm(config)
    if config.network_module != "lycoris.kohya" and config.algo != "lora":
        raise TrainerError(
            f"algo is {config.algo}, a LyCORIS type, but network_module {config.network_module}.",
            'Set network_module to "lycoris.kohya", or algo to "lora".',
        )
    if config.network_module != "lycoris.kohya" and config.preset:
        raise TrainerError(
            f"preset chooses layers of LyCORIS, but network_module is {config.network_module}.",
            'Set network_module to "lycoris.kohya", or leave preset out.',
        )
    if kind == "dylora" and config.network_dim % config.unit:
        raise TrainerError(
            f"network_dim is {config.network_dim}, no multiple of the unit {config.unit}.",
            "Set unit to 1, or to a divisor of network_dim.",
        )
    if kind == "dylora" and config.conv_dim not in (None, 0, config.network_dim):
        raise TrainerError(
            f"DyLoRA has one dim for all layers, but network_dim is {config.network_dim} and "
            f"conv_dim {config.conv_dim}.",
            "Set conv_dim to the same number, or leave it out.",
        )
    if config.dora_wd and kind in ("dylora", "ia3"):
        raise TrainerError(f"dora_wd does not go with {kind}.", "Switch one of them off.")
    if config.dim_from_weights and config.network_weights is None:
        raise TrainerError(
            "dim_from_weights takes the dims from network_weights, which is not set.",
            "Set network_weights, or switch dim_from_weights off.",
        )
    _network_dropout(config, kind)
    _network_rates(config, kind)
    _network_blocks(config)


def _network_dropout(config: RunConfig, kind: str) -> None:
    name = "DoRA" if config.dora_wd else kind
    if config.network_dropout and (config.dora_wd or kind not in ("lora", "dylora")):
        raise TrainerError(
            f"network_dropout does nothing with {name}.", "Use rank_dropout or module_dropout."
        )
    if config.rank_dropout and kind == "ia3":
        raise TrainerError("rank_dropout does nothing with ia3.", "Use module_dropout.")


def _network_rates(config: RunConfig, kind: str) -> None:
    for name in _RATIOS if kind not in ("lora", "dylora") else ():
        if getattr(config, name):
            raise TrainerError(
                f"{name} does nothing with {kind}, which has no second matrix.",
                f"Leave {name} out, or use LoRA, LoCon or DyLoRA.",
            )
    if config.scale_weight_norms and kind == "ia3":
        raise TrainerError(
            "scale_weight_norms does nothing with ia3.", "Set scale_weight_norms to none."
        )


def _network_blocks(config: RunConfig) -> None:
    for name in ("down_lr_weight", "mid_lr_weight", "up_lr_weight"):
        check_weights(name, getattr(config, name))
    for name in ("block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas"):
        text = getattr(config, name)
        if text.strip() and min(entries(name, text)) < 0:
            raise TrainerError(f"{name} has a number below 0.", "0 leaves a block out.")


def _noise(config: RunConfig) -> None:
    if config.min_snr_gamma and config.debiased_estimation_loss:
        raise TrainerError(
            "min_snr_gamma and debiased_estimation_loss both weigh the steps by their noise.",
            "Use one of them.",
        )
    if config.adaptive_noise_scale and not config.noise_offset:
        raise TrainerError(
            "adaptive_noise_scale changes the noise offset, but noise_offset is 0.",
            "Set noise_offset, or adaptive_noise_scale to 0.",
        )
    if config.min_timestep > config.max_timestep:
        raise TrainerError(
            f"min_timestep is {config.min_timestep}, above max_timestep {config.max_timestep}.",
            "Exchange them.",
        )
    if config.scale_v_pred_loss_like_noise_pred and config.v_pred_like_loss:
        raise TrainerError(
            "scale_v_pred_loss_like_noise_pred is for base models that predict velocity, "
            "v_pred_like_loss for those that predict noise.",
            "Switch one of them off.",
        )
    if config.v_parameterization != "auto":
        check_prediction(config, velocity=config.v_parameterization == "true")


def _schedule(config: RunConfig) -> None:
    if config.lr_scheduler == "constant" and config.lr_warmup_steps:
        raise TrainerError(
            'The lr_scheduler "constant" has no warm-up, but lr_warmup_steps is '
            f"{config.lr_warmup_steps:g}.",
            'Use the lr_scheduler "constant_with_warmup", or set lr_warmup_steps to 0.',
        )
    falls = config.lr_scheduler == "warmup_stable_decay"
    if falls != bool(config.lr_decay_steps):
        raise TrainerError(
            "The lr_scheduler warmup_stable_decay falls during lr_decay_steps, which is "
            f"{config.lr_decay_steps:g}, but the lr_scheduler is {config.lr_scheduler}.",
            "Set lr_decay_steps to 0.2 or so." if falls else "Set lr_decay_steps to 0.",
        )


def _optimizer(config: RunConfig) -> None:
    kind, stays = config.optimizer_type, config.lr_scheduler.startswith("constant")
    if kind in ADAPTIVE and (rate := max(learning_rates(config))) <= _TOO_SLOW:
        raise TrainerError(
            f"{kind} finds its own rate and multiplies it by the learning rate, which is {rate:g}.",
            "Set learning_rate, or the rates of the parts, to 1.",
        )
    if kind in SCHEDULE_FREE and not stays:
        raise TrainerError(
            f"{kind} takes no falling schedule, but lr_scheduler is {config.lr_scheduler}.",
            "Set lr_scheduler to constant, or to constant_with_warmup.",
        )
    if kind in SCHEDULE_FREE and config.ema_decay:
        raise TrainerError(
            f"{kind} averages the network itself, so ema_decay would average twice.",
            "Set ema_decay to 0.",
        )
    if kind in SCHEDULE_FREE and config.scale_weight_norms:
        raise TrainerError(
            f"scale_weight_norms does not reach the weights that {kind} saves.",
            "Set scale_weight_norms to none, or use another optimizer.",
        )
    words = [argument.replace(" ", "") for argument in config.optimizer_args]
    if kind == "Adafactor" and "relative_step=True" in words and config.lr_scheduler != "constant":
        raise TrainerError(
            "Adafactor with relative_step=True makes its own rate, but lr_scheduler is "
            f"{config.lr_scheduler}.",
            "Set lr_scheduler to constant, or relative_step to False.",
        )


def _names(config: RunConfig) -> None:
    name = config.output_name
    if not name.strip() or any(sign in name for sign in '/\\:*?"<>|') or not name.isprintable():
        raise TrainerError(
            f'The output_name "{name}" cannot be the name of a file.',
            'Leave out / \\ : * ? " < > | and line breaks, and do not leave it empty.',
        )


def _saves(config: RunConfig) -> None:
    needs = {
        "save_last_n_epochs": "save_every_n_epochs",
        "save_last_n_epochs_state": "save_every_n_epochs",
        "save_last_n_steps": "save_every_n_steps",
        "save_last_n_steps_state": "save_every_n_steps",
    }
    for last, every in needs.items():
        if getattr(config, last) and not getattr(config, every):
            raise TrainerError(
                f"{last} has nothing to keep, because {every} is 0.",
                f"Set {every}, or set {last} to 0.",
            )
    for last in ("save_last_n_epochs_state", "save_last_n_steps_state"):
        if getattr(config, last) and not config.save_state:
            raise TrainerError(
                f"{last} keeps states, but save_state is off.",
                f"Switch save_state on, or set {last} to 0.",
            )


def _samples(config: RunConfig) -> None:
    """A prompt that stands in the option itself; a file of prompts is read when the run begins."""
    if not is_file(config.sample_prompts):
        read_prompts(config.sample_prompts, config.resolution, config.seed)


def _logs(config: RunConfig) -> None:
    if config.log_with in ("tensorboard", "all") and config.logging_dir is None:
        raise TrainerError(
            f"log_with is {config.log_with}, but there is no folder for it.", "Set logging_dir."
        )
