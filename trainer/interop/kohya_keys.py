"""The keys of kohya_ss' settings (JSON) beside sd-scripts' names, and what each network passes."""

from __future__ import annotations

from collections.abc import Mapping

# Keys that kohya_ss calls otherwise than sd-scripts; of two, the first is what it writes today.
RENAMED: Mapping[str, tuple[str, ...]] = {
    "resolution": ("max_resolution",),
    "optimizer_type": ("optimizer",),
    "network_weights": ("network_weights", "lora_network_weights"),
    "conv_dim": ("conv_dim", "conv_dims"),
    "conv_alpha": ("conv_alpha", "conv_alphas"),
    "preset": ("LyCORIS_preset",),
    "constraint": ("constrain", "constraint"),
    "use_tucker": ("use_tucker", "use_cp"),
    "caption_extension": ("caption_extension", "caption_extention"),
    "no_half_vae": ("sdxl_no_half_vae", "no_half_vae"),
    "cache_text_encoder_outputs": (
        "sdxl_cache_text_encoder_outputs",
        "cache_text_encoder_outputs",
        "flux1_cache_text_encoder_outputs",
    ),
    "stop_text_encoder_training": (
        "stop_text_encoder_training",
        "stop_text_encoder_training_pct",
    ),
}
# LoRA_type: network_module, algo. "" is no LyCORIS type; what is not trained here keeps its name.
LORA_TYPES: Mapping[str, tuple[str, str]] = {
    "Standard": ("networks.lora", ""),
    "Kohya LoCon": ("networks.lora", ""),
    "Kohya DyLoRA": ("networks.dylora", ""),
    "LoRA-FA": ("networks.lora_fa", ""),
    "LyCORIS/LoCon": ("lycoris.kohya", "locon"),
    "LyCORIS/LoHa": ("lycoris.kohya", "loha"),
    "LyCORIS/LoKr": ("lycoris.kohya", "lokr"),
    "LyCORIS/iA3": ("lycoris.kohya", "ia3"),
    "LyCORIS/DyLoRA": ("lycoris.kohya", "dylora"),
    "LyCORIS/Diag-OFT": ("lycoris.kohya", "diag-oft"),
    "LyCORIS/BOFT": ("lycoris.kohya", "boft"),
    "LyCORIS/GLoRA": ("lycoris.kohya", "glora"),
    "LyCORIS/Native Fine-Tuning": ("lycoris.kohya", "full"),
    "LoCon": ("lycoris.kohya", "locon"),
    "LoHa": ("lycoris.kohya", "loha"),
}
_DROPOUTS = ("rank_dropout", "module_dropout")
_BLOCKS = (
    *("down_lr_weight", "mid_lr_weight", "up_lr_weight", "block_lr_zero_threshold"),
    *("block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas", *_DROPOUTS),
)
_CONV = ("conv_dim", "conv_alpha")
_LYCORIS = (
    *("preset", *_CONV, *_DROPOUTS, "rank_dropout_scale", "use_scalar", "use_tucker", "dora_wd"),
    *("train_norm", "constraint", "rescaled", "bypass_mode", "train_on_input", "unit"),
)
# The network arguments that kohya_ss passes on; those of other networks lie idle in its file.
PASSED: Mapping[str, tuple[str, ...]] = {
    "Standard": _BLOCKS,
    "Kohya LoCon": (*_BLOCKS, *_CONV),
    "LoRA-FA": (*_BLOCKS, *_CONV),
    "Kohya DyLoRA": (*_BLOCKS, *_CONV, "unit"),
    "LyCORIS/LoKr": (*_LYCORIS, "factor", "decompose_both", "full_matrix"),
    "": _LYCORIS,  # all others
}
NETWORK_KEYS = frozenset(name for names in PASSED.values() for name in names)
# Options that have a field of their own in kohya_ss; all others go into additional_parameters.
FIELDS = (
    *("pretrained_model_name_or_path", "vae", "v2", "v_parameterization", "clip_skip"),
    *("mixed_precision", "save_precision", "gradient_checkpointing", "dataset_config"),
    *("train_data_dir", "reg_data_dir", "prior_loss_weight", "resolution", "enable_bucket"),
    *("min_bucket_reso", "max_bucket_reso", "bucket_reso_steps", "bucket_no_upscale"),
    *("caption_extension", "shuffle_caption", "keep_tokens", "caption_dropout_rate"),
    *("caption_dropout_every_n_epochs", "flip_aug", "color_aug", "random_crop"),
    *("cache_latents", "cache_text_encoder_outputs", "max_token_length", "weighted_captions"),
    *("network_dim", "network_alpha", "network_dropout", "scale_weight_norms"),
    *("network_weights", "dim_from_weights"),
    *("loraplus_lr_ratio", "loraplus_unet_lr_ratio", "loraplus_text_encoder_lr_ratio"),
    *("train_batch_size", "gradient_accumulation_steps", "max_train_epochs", "max_train_steps"),
    *("seed", "learning_rate", "unet_lr", "text_encoder_lr", "optimizer_type", "optimizer_args"),
    *("lr_scheduler", "lr_scheduler_num_cycles", "lr_scheduler_power", "lr_scheduler_args"),
    *("lr_scheduler_type", "max_grad_norm", "min_snr_gamma", "debiased_estimation_loss"),
    *("scale_v_pred_loss_like_noise_pred", "v_pred_like_loss", "loss_type", "huber_schedule"),
    *("huber_c", "huber_scale", "noise_offset", "noise_offset_random_strength"),
    *("adaptive_noise_scale", "multires_noise_iterations", "multires_noise_discount"),
    *("ip_noise_gamma", "ip_noise_gamma_random_strength", "min_timestep", "max_timestep"),
    *("output_dir", "output_name", "save_every_n_epochs", "save_every_n_steps"),
    *("save_last_n_epochs", "save_last_n_steps", "save_last_n_epochs_state"),
    *("save_last_n_steps_state", "save_state", "save_state_on_train_end", "resume"),
    *("training_comment", "logging_dir", "log_with", "sample_prompts", "sample_sampler"),
    *("log_tracker_name", "wandb_run_name"),
    *("sample_every_n_epochs", "sample_every_n_steps"),
)
# What a 0 becomes, which kohya_ss leaves out of what it runs; everywhere else 0 is off.
ZEROS: Mapping[str, str] = {
    "max_grad_norm": "1.0",
    "prior_loss_weight": "1",
    "network_alpha": "1",
    "network_dim": "4",
    "seed": "one drawn by chance",
    "huber_c": "0.1",
    "huber_scale": "1.0",
    "lr_scheduler_power": "1",
    "multires_noise_discount": "0.3",
}
ORIGINAL_NOISE = ("noise_offset", "noise_offset_random_strength", "adaptive_noise_scale")
MULTIRES_NOISE = ("multires_noise_iterations", "multires_noise_discount")
