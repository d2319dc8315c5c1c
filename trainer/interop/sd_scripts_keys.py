"""sd-scripts' options beside ours: those we share, those that are idle here, its defaults."""

from __future__ import annotations

from collections.abc import Mapping

# In its network_args: LoRA's, DyLoRA's, and those of LyCORIS.
NETWORK_ARGS = (
    *("algo", "preset", "conv_dim", "conv_alpha", "rank_dropout", "module_dropout", "dora_wd"),
    *("factor", "decompose_both", "full_matrix", "unit", "block_lr_zero_threshold"),
    *("down_lr_weight", "mid_lr_weight", "up_lr_weight"),
    *("block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas"),
    *("loraplus_lr_ratio", "loraplus_unet_lr_ratio", "loraplus_text_encoder_lr_ratio"),
)
# Of a folder in a dataset.toml; sd-scripts takes them for all folders as well.
OF_SUBSETS = (
    *("caption_extension", "caption_prefix", "caption_suffix", "shuffle_caption", "keep_tokens"),
    *("keep_tokens_separator", "caption_separator", "secondary_separator", "enable_wildcard"),
    *("caption_dropout_rate", "caption_dropout_every_n_epochs", "caption_tag_dropout_rate"),
    *("token_warmup_min", "token_warmup_step", "flip_aug", "color_aug", "random_crop"),
    *("face_crop_aug_range", "alpha_mask", "conditioning_data_dir"),
)
OF_DATASETS = (
    *("resolution", "enable_bucket", "min_bucket_reso", "max_bucket_reso", "bucket_reso_steps"),
    *("bucket_no_upscale", "validation_split", "validation_seed"),
)
# Everything that means here what it means there.
SAME = (
    *("pretrained_model_name_or_path", "vae", "v2", "v_parameterization", "clip_skip"),
    *("mixed_precision", "save_precision", "gradient_checkpointing"),
    *("dataset_config", "train_data_dir", "reg_data_dir", "prior_loss_weight"),
    *OF_DATASETS,
    *OF_SUBSETS,
    *("cache_latents", "cache_text_encoder_outputs", "max_token_length", "weighted_captions"),
    *("network_module", "network_dim", "network_alpha", "network_dropout", "scale_weight_norms"),
    *("network_train_unet_only", "network_train_text_encoder_only"),
    *("network_weights", "dim_from_weights"),
    *NETWORK_ARGS,
    *("train_batch_size", "gradient_accumulation_steps", "max_train_epochs", "max_train_steps"),
    *("seed", "learning_rate", "unet_lr", "text_encoder_lr", "optimizer_type", "optimizer_args"),
    *("lr_scheduler", "lr_warmup_steps", "lr_decay_steps", "lr_scheduler_num_cycles"),
    *("lr_scheduler_power", "lr_scheduler_min_lr_ratio", "lr_scheduler_timescale"),
    *("max_grad_norm", "min_snr_gamma", "debiased_estimation_loss", "zero_terminal_snr"),
    *("scale_v_pred_loss_like_noise_pred", "v_pred_like_loss"),
    *("loss_type", "huber_schedule", "huber_c", "huber_scale"),
    *("noise_offset", "noise_offset_random_strength", "adaptive_noise_scale"),
    *("multires_noise_iterations", "multires_noise_discount"),
    *("ip_noise_gamma", "ip_noise_gamma_random_strength", "min_timestep", "max_timestep"),
    *("output_dir", "output_name", "save_every_n_epochs", "save_every_n_steps"),
    *("save_last_n_epochs", "save_last_n_steps", "save_last_n_epochs_state"),
    *("save_last_n_steps_state", "save_state", "save_state_on_train_end", "resume"),
    *("training_comment", "logging_dir", "log_with", "log_tracker_name", "wandb_run_name"),
    *("sample_prompts", "sample_sampler"),
    *("sample_every_n_epochs", "sample_every_n_steps", "sample_at_first"),
    *("validate_every_n_epochs", "validate_every_n_steps", "max_validation_steps"),
)
# Ours alone: no other trainer reads them.
OURS = (
    *("device", "torch_threads", "cache_dir", "state_dir", "sample_dir", "ema_decay"),
    *("bucket_choice", "exactly_as_sd_scripts", "pinned_trigger", "split_at_commas"),
    *("gradient_checkpointing_blocks", "superseded"),
    *("caption_variants", "face_boxes", "normalize_masked_loss"),
    *("timestep_sampling", "sigmoid_scale", "discrete_flow_shift"),
    *("lr_scheduler_gamma", "lr_scheduler_cycle_multiplier", "lr_scheduler_d"),
)
ALIASES: Mapping[str, str] = {
    "caption_extention": "caption_extension",
    "dropout": "network_dropout",
    "block_size": "unit",
    "batch_size": "train_batch_size",
}

_ATTENTION = "the fastest attention of the machine is used by itself"
_MEMORY = "it saves memory in a way that this trainer does not need"
_FAMILY = "the kind of the base model is seen by itself"
_LOADING = "pictures are loaded without processes of their own"
_PROGRAM = "it is about starting the other program"
_UPLOAD = "nothing is sent anywhere"
_TEXTS = "metadata is written from the run and can be edited in the finished file"
# Keys that change nothing here, and why.
IDLE: Mapping[str, str] = {
    **dict.fromkeys(("xformers", "sdpa", "mem_eff_attn", "flash_attn"), _ATTENTION),
    **dict.fromkeys(("lowram", "lowvram", "highvram", "full_fp16", "full_bf16"), _MEMORY),
    **dict.fromkeys(("fp8_base", "fp8_base_unet", "vae_batch_size", "blocks_to_swap"), _MEMORY),
    **dict.fromkeys(("fused_backward_pass", "split_mode", "mem_eff_save"), _MEMORY),
    **dict.fromkeys(("sdxl", "sdxl_checkbox", "sdxl_no_half_vae"), _FAMILY),
    **dict.fromkeys(("max_data_loader_n_workers", "persistent_data_loader_workers"), _LOADING),
    **dict.fromkeys(("num_cpu_threads_per_process", "num_processes", "num_machines"), _PROGRAM),
    **dict.fromkeys(("multi_gpu", "gpu_ids", "main_process_port", "dynamo_backend"), _PROGRAM),
    **dict.fromkeys(("dynamo_mode", "dynamo_use_fullgraph", "dynamo_use_dynamic"), _PROGRAM),
    **dict.fromkeys(("extra_accelerate_launch_args", "config_file", "model_list"), _PROGRAM),
    **dict.fromkeys(("ddp_gradient_as_bucket_view", "ddp_static_graph", "ddp_timeout"), _PROGRAM),
    **dict.fromkeys(("async_upload", "save_state_to_huggingface"), _UPLOAD),
    **dict.fromkeys(("resume_from_huggingface", "huggingface_repo_id"), _UPLOAD),
    **dict.fromkeys(("huggingface_repo_type", "huggingface_repo_visibility"), _UPLOAD),
    "huggingface_path_in_repo": _UPLOAD,
    **dict.fromkeys(("log_tracker_config", "log_config", "log_prefix"), _UPLOAD),
    **dict.fromkeys(("metadata_title", "metadata_author", "metadata_description"), _TEXTS),
    **dict.fromkeys(("metadata_license", "metadata_tags", "no_metadata"), _TEXTS),
    "no_half_vae": "the VAE works in float32 wherever it must",
    "cache_latents_to_disk": "cache_dir says where latents are kept",
    "cache_text_encoder_outputs_to_disk": "cache_dir says where encoded captions are kept",
    "skip_cache_check": "what is cached always fits its picture",
    "masked_loss": "masks count wherever there are masks",
    "save_model_as": "networks are always written as safetensors",
    "stop_text_encoder_training": "it does nothing for a LoRA in the original either",
    "no_token_padding": "it does nothing for a LoRA in the original either",
    "train_on_input": "the layers of IA3 decide it",
    "disable_conv_cp": "convolutions are not taken apart any further",
    "wd_on_output": "it is always so",
    "network_multiplier": "it is always 1",
}
# What sd-scripts takes where nothing is said, if that is not what this trainer takes.
DEFAULTS: Mapping[str, object] = {
    "network_dim": 4,
    "network_alpha": 1.0,
    "learning_rate": 2e-6,
    "enable_bucket": False,
    "save_every_n_epochs": 0,
    "sample_every_n_epochs": 0,
}
# Optimizers by the end of their class's name, in lower case: ours, and why it is another one.
_PAGED = "it differs in memory only"
_BITS = "rounded to 8 bits it saves little for a LoRA"
OPTIMIZERS: Mapping[str, tuple[str, str]] = {
    "adamw": ("AdamW", ""),
    "adamw8bit": ("AdamW8bit", ""),
    "lion": ("Lion", ""),
    "adafactor": ("Adafactor", ""),
    "prodigy": ("Prodigy", ""),
    "dadaptadam": ("DAdaptAdam", ""),
    "adamwschedulefree": ("AdamWScheduleFree", ""),
    "prodigyschedulefree": ("ProdigyScheduleFree", ""),
    "prodigyplusschedulefree": ("ProdigyScheduleFree", "it is the nearest one here"),
    "pagedadamw8bit": ("AdamW8bit", _PAGED),
    "pagedadamw": ("AdamW", _PAGED),
    "pagedadamw32bit": ("AdamW", _PAGED),
    "lion8bit": ("Lion", _BITS),
    "pagedlion8bit": ("Lion", _BITS),
    "dadaptation": ("DAdaptAdam", "it is the nearest one here"),
    "dadaptadampreprint": ("DAdaptAdam", "it is the nearest one here"),
}
# Schedules that are classes, by the end of their name in lower case, and old names.
CYCLES = ("cosine_with_restarts", "annealed_cosine", "rex")
SCHEDULES: Mapping[str, str] = {
    "cosineannealingwarmrestarts": "annealed_cosine",
    "cosineannealingwarmuprestarts": "annealed_cosine",
    "cosine_annealing_warmup_restarts": "annealed_cosine",
    "cosineannealinglr": "cosine",
    "rexannealingwarmrestarts": "rex",
    "rex": "rex",
    "adafactor": "constant",
}
ANNEALED_CLASS = "LoraEasyCustomOptimizer.CosineAnnealingWarmRestarts.CosineAnnealingWarmRestarts"
REX_CLASS = "LoraEasyCustomOptimizer.RexAnnealingWarmRestarts.RexAnnealingWarmRestarts"
MODULES: Mapping[str, tuple[str, str]] = {
    "networks.lora": ("networks.lora", ""),
    "networks.dylora": ("networks.dylora", ""),
    "lycoris.kohya": ("lycoris.kohya", ""),
    "networks.lora_fa": ("networks.lora", "LoRA-FA's frozen matrix is trained too"),
}
