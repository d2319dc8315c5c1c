"""The places of sd-scripts' options in a TOML file of LoRA_Easy_Training_Scripts."""

from __future__ import annotations

from collections.abc import Mapping

from trainer.interop.sd_scripts_keys import NETWORK_ARGS, OF_SUBSETS

# Section: the options in it. Its table is SECTION.args, or SECTION.dataset_args.
ARGS: Mapping[str, tuple[str, ...]] = {
    "general_args": (
        *("pretrained_model_name_or_path", "vae", "v2", "v_parameterization", "clip_skip"),
        *("max_train_epochs", "max_train_steps", "gradient_accumulation_steps"),
        *("gradient_checkpointing", "seed", "mixed_precision", "max_token_length"),
        *("weighted_captions", "cache_latents", "prior_loss_weight", "keep_tokens_separator"),
        *("scale_v_pred_loss_like_noise_pred", "v_pred_like_loss", "training_comment"),
    ),
    "network_args": (
        *("network_dim", "network_alpha", "network_dropout", "network_module"),
        *("network_train_unet_only", "network_train_text_encoder_only"),
        *("network_weights", "dim_from_weights", "cache_text_encoder_outputs"),
        *("min_timestep", "max_timestep", "ip_noise_gamma", "ip_noise_gamma_random_strength"),
    ),
    "optimizer_args": (
        *("optimizer_type", "learning_rate", "unet_lr", "text_encoder_lr", "lr_scheduler"),
        *("lr_scheduler_num_cycles", "lr_scheduler_power", "lr_scheduler_min_lr_ratio"),
        *("lr_scheduler_timescale", "lr_warmup_steps", "lr_decay_steps", "max_grad_norm"),
        *("scale_weight_norms", "min_snr_gamma", "debiased_estimation_loss"),
        *("zero_terminal_snr", "loss_type", "huber_schedule", "huber_c", "huber_scale"),
    ),
    "saving_args": (
        *("output_dir", "output_name", "save_precision", "save_every_n_epochs"),
        *("save_every_n_steps", "save_last_n_epochs", "save_last_n_steps", "save_state"),
        *("save_last_n_epochs_state", "save_last_n_steps_state", "save_state_on_train_end"),
        *("resume",),
    ),
    "noise_args": (
        *("noise_offset", "noise_offset_random_strength", "adaptive_noise_scale"),
        *("multires_noise_iterations", "multires_noise_discount"),
    ),
    "sample_args": (
        *("sample_prompts", "sample_sampler", "sample_every_n_epochs", "sample_every_n_steps"),
        *("sample_at_first",),
    ),
    "logging_args": (
        *("logging_dir", "log_with", "log_tracker_name", "wandb_run_name"),
        *("validate_every_n_epochs", "validate_every_n_steps"),
        *("max_validation_steps",),
    ),
}
DATASET_ARGS: Mapping[str, tuple[str, ...]] = {
    "general_args": ("resolution", "train_batch_size", "validation_split", "validation_seed"),
    "bucket_args": (
        *("enable_bucket", "min_bucket_reso", "max_bucket_reso", "bucket_reso_steps"),
        *("bucket_no_upscale",),
    ),
}
SECTIONS = (*ARGS, "bucket_args")
RENAMED: Mapping[str, str] = {"batch_size": "train_batch_size"}  # theirs: ours
IN_SUBSETS = OF_SUBSETS
IN_NETWORK_ARGS = NETWORK_ARGS
# Keys of LoRA_Easy alone, and why they change nothing here.
IDLE: Mapping[str, str] = {
    "fa": "LoRA-FA's frozen matrix is trained too",
    "tag_occurrence": "how often each tag occurs is always written into the network",
    "tag_file_location": "how often each tag occurs is always written into the network",
    "save_toml": "the options are kept with every run",
    "save_toml_location": "the options are kept with every run",
    "train_mode": "only LoRA is trained",
    "name": "it names a folder in the other program",
}
