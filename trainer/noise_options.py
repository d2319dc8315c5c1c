"""The options of the noise and its timesteps, and of how the loss is measured and weighed."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.options import option

LOSS_TYPES = ("l2", "l1", "huber", "smooth_l1")
HUBER_SCHEDULES = ("snr", "exponential", "constant")
SAMPLINGS = ("uniform", "sigmoid", "shift")


@dataclass(frozen=True, kw_only=True)
class NoiseOptions:
    """Noise and loss."""

    min_snr_gamma: float = option(
        0.0,
        "Min-SNR gamma",
        "Weighs down the nearly noiseless steps, which steadies learning: 5 is usual, 0 is off.",
        section="min_snr_gamma",
        bounds=(0, 100),
    )
    debiased_estimation_loss: bool = option(
        False,
        "Debiased estimation",
        "Weighs the steps by their noise in another way than min-SNR: switch on only one of them.",
        section="min_snr_gamma",
    )
    scale_v_pred_loss_like_noise_pred: bool = option(
        False,
        "Weigh velocity like noise",
        "For base models that predict velocity: their loss is weighed as if they predicted noise.",
        section="min_snr_gamma",
    )
    v_pred_like_loss: float = option(
        0.0,
        "Velocity-like loss",
        "For base models that predict noise: so much of a loss like that of velocity is added. 0 "
        "is off and usual.",
        section="min_snr_gamma",
        bounds=(0, 100),
    )
    loss_type: str = option(
        "l2",
        "Loss",
        "How errors count: l2 (squared) is usual; huber, smooth_l1 and l1 let a few bad pictures "
        "or stray pixels count less.",
        section="min_snr_gamma",
        choices=LOSS_TYPES,
    )
    huber_schedule: str = option(
        "snr",
        "Huber schedule",
        "How the threshold of huber and smooth_l1 changes with the noise: snr and exponential are "
        "closer to l2 where there is little noise.",
        section="min_snr_gamma",
        choices=HUBER_SCHEDULES,
    )
    huber_c: float = option(
        0.1,
        "Huber threshold",
        "Errors far above it count less; with a schedule it is the threshold at full noise.",
        section="min_snr_gamma",
        bounds=(1e-6, 1),
    )
    huber_scale: float = option(
        1.0,
        "Huber scale",
        "Multiplies the threshold of the schedules exponential and constant.",
        section="min_snr_gamma",
        bounds=(1e-6, 1000),
    )
    normalize_masked_loss: bool = option(
        False,
        "Masks of any size count the same",
        "The loss of a masked picture is divided by the share that its mask leaves. Off, as in "
        "sd-scripts, pictures with small masks teach less.",
        section="min_snr_gamma",
    )
    noise_offset: float = option(
        0.0,
        "Noise offset",
        "Lets the network learn darker and brighter pictures: 0.03 to 0.1 is usual, 0 is off.",
        section="noise",
        bounds=(0, 1),
    )
    noise_offset_random_strength: bool = option(
        False,
        "Random noise offset",
        "Every batch gets a share by chance of the noise offset.",
        section="noise",
    )
    adaptive_noise_scale: float = option(
        0.0,
        "Adaptive noise offset",
        "Adds to the noise offset so much of each picture's own mean; about the noise offset "
        "itself is usual, 0 is off.",
        section="noise",
        bounds=(-10, 10),
    )
    multires_noise_iterations: int = option(
        0,
        "Multires noise",
        "Adds noise of so many coarser sizes, for the same as a noise offset: 6 to 10 is usual, 0 "
        "is off.",
        section="noise",
        bounds=(0, 64),
    )
    multires_noise_discount: float = option(
        0.3,
        "Multires discount",
        "How much each coarser size counts of the one before: 0.1 to 0.3, 0.8 only for very many "
        "pictures.",
        section="noise",
        bounds=(0, 1),
    )
    ip_noise_gamma: float = option(
        0.0,
        "Input noise",
        "Adds noise that the network is not told of, against errors that add up when pictures "
        "are drawn: 0.1 is usual, 0 is off.",
        section="noise",
        bounds=(0, 1),
    )
    ip_noise_gamma_random_strength: bool = option(
        False,
        "Random input noise",
        "Every batch gets a share by chance of the input noise.",
        section="noise",
    )
    zero_terminal_snr: bool = option(
        False,
        "Zero terminal SNR",
        "The last timestep is noise alone, for truly dark and bright pictures. Only for base "
        "models that predict velocity; the same must be set where pictures are drawn.",
        section="noise",
    )
    min_timestep: int = option(
        0,
        "First timestep",
        "Less noise than at this timestep is not trained; higher leaves details alone.",
        section="noise",
        bounds=(0, 999),
    )
    max_timestep: int = option(
        1000,
        "Timesteps below",
        "Timesteps from this one on are not trained; lower leaves the composition alone.",
        section="noise",
        bounds=(1, 1000),
    )
    timestep_sampling: str = option(
        "uniform",
        "Choice of timesteps",
        "uniform is usual; sigmoid (logit-normal) trains the middle more often, shift moves that "
        "towards more noise.",
        section="noise",
        choices=SAMPLINGS,
    )
    sigmoid_scale: float = option(
        1.0,
        "Sigmoid scale",
        "The spread of sigmoid and shift: below 1 closer to the middle, above 1 to both ends.",
        section="noise",
        bounds=(0, 100),
    )
    discrete_flow_shift: float = option(
        3.0,
        "Timestep shift",
        "How far shift moves the timesteps: 1 not at all, above 1 towards more noise, below 1 "
        "towards less.",
        section="noise",
        bounds=(0.01, 100),
    )
