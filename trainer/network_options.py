"""The options that say what the network is, and what it begins with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.options import option

if TYPE_CHECKING:
    from trainer.config import RunConfig

NETWORK_MODULES = ("networks.lora", "networks.dylora", "lycoris.kohya")
ALGORITHMS = ("lora", "loha", "lokr", "ia3", "dylora")
PRESETS = (
    *("full", "full-lin", "attn-mlp", "attn-only", "unet-only"),
    *("unet-transformer-only", "unet-convblock-only", "ia3"),
)
_MOST = 1024  # of a rank or an alpha


@dataclass(frozen=True, kw_only=True)
class NetworkOptions:
    """The network on top of the base model; sd-scripts has most of these in its network_args."""

    network_module: str = option(
        "networks.lora",
        "Network",
        "networks.lora is LoRA (LoCon with a conv dim), networks.dylora works with fewer ranks "
        "too, lycoris.kohya is one of the LyCORIS types below.",
        section="net",
        choices=NETWORK_MODULES,
    )
    algo: str = option(
        "lora",
        "LyCORIS type",
        "Of lycoris.kohya only: loha and lokr hold more in small files, ia3 is tiny and wants a "
        "rate of about 5e-3. dylora is trained as networks.dylora is.",
        section="net",
        choices=ALGORITHMS,
    )
    preset: str | None = option(
        None,
        "LyCORIS layers",
        "Of lycoris.kohya only: which layers are trained. Not set, those of LoRA, with a conv dim "
        "those of LoCon, and ia3 for ia3. (LyCORIS: full.)",
        section="net",
        choices=PRESETS,
    )
    network_dim: int = option(
        32,
        "Network dim",
        "The rank: how much the network can hold, and how large its file is. (sd-scripts: 4.)",
        section="net",
        bounds=(1, _MOST),
    )
    network_alpha: float = option(
        16.0,
        "Network alpha",
        "The network's output is scaled by alpha / dim; 0 means the same as dim. (sd-scripts: 1.)",
        section="net",
        bounds=(0, _MOST),
    )
    conv_dim: int | None = option(
        None,
        "Conv dim",
        "The rank of 3x3 convolutions, usually at most half the dim. Not set, they are left as "
        "they are; LyCORIS layers then take the dim.",
        section="net",
        bounds=(0, _MOST),
    )
    conv_alpha: float | None = option(
        None,
        "Conv alpha",
        "Alpha of the convolutions; 0 means the same as conv dim. Not set it is 1, with LyCORIS "
        "layers the network alpha.",
        section="net",
        bounds=(0, _MOST),
    )
    network_dropout: float = option(
        0.0,
        "Dropout",
        "The chance that a number between the two matrices is dropped in a step, against "
        "overfitting; .1 to .5 is usual. For LoRA, LoCon and DyLoRA.",
        section="net",
        bounds=(0, 0.99),
    )
    rank_dropout: float = option(
        0.0,
        "Rank dropout",
        "The chance that a whole rank is dropped in a step; .1 to .3 is usual. With LoHa, LoKr and "
        "DoRA outputs are dropped instead.",
        section="net",
        bounds=(0, 0.99),
    )
    module_dropout: float = option(
        0.0,
        "Module dropout",
        "The chance that a layer goes without the network in a step; .1 to .3 is usual.",
        section="net",
        bounds=(0, 0.99),
    )
    dora_wd: bool = option(
        False,
        "DoRA",
        "Length and direction of the weights are trained apart; slower, often better at a low dim. "
        "diffusers ignores the lengths, so its pictures differ.",
        section="net",
    )
    factor: int = option(
        -1,
        "LoKr factor",
        "How LoKr cuts the layers: -1 as near to square as can be, 4 to 16 for larger files that "
        "hold more.",
        section="net",
        bounds=(-1, _MOST),
    )
    decompose_both: bool = option(
        False, "LoKr: cut both", "The smaller matrix of LoKr is of low rank too.", section="net"
    )
    full_matrix: bool = option(
        False, "LoKr: cut none", "Both matrices of LoKr are whole; the dim is idle.", section="net"
    )
    unit: int = option(
        1,
        "DyLoRA unit",
        "So many ranks are trained at a time; network dim must be a multiple. (LyCORIS calls it "
        "block_size, and takes 4.)",
        section="net",
        bounds=(1, _MOST),
    )
    down_lr_weight: str = option(
        "",
        "Down block rates",
        "The share of the UNet rate for each block going down: 12 numbers with commas (SDXL: 9), "
        "or cosine, sine, linear, reverse_linear, zeros, with +.25 added if wanted.",
        section="net",
    )
    mid_lr_weight: str = option(
        "",
        "Middle block rate",
        "The share of the UNet rate for the middle block; SDXL has three.",
        section="net",
    )
    up_lr_weight: str = option(
        "", "Up block rates", "As for the blocks going down, for those going up.", section="net"
    )
    block_lr_zero_threshold: float = option(
        0.0,
        "Smallest block rate",
        "Blocks with a share of at most this are left out of the network.",
        section="net",
        bounds=(0, 10),
    )
    block_dims: str = option(
        "",
        "Block dims",
        "The dim of each block of the UNet, 25 numbers with commas (SDXL: 23), 0 to leave a block "
        "out; down from the first, then the middle, then up.",
        section="net",
    )
    block_alphas: str = option(
        "", "Block alphas", "The alpha of each block, as many numbers.", section="net"
    )
    conv_block_dims: str = option(
        "",
        "Block conv dims",
        "The conv dim of each block, as many numbers; these alone switch convolutions on.",
        section="net",
    )
    conv_block_alphas: str = option(
        "", "Block conv alphas", "The conv alpha of each block, as many numbers.", section="net"
    )
    loraplus_lr_ratio: float | None = option(
        None,
        "LoRA+ ratio",
        "The second matrix of each layer learns so many times faster than the first; 4 to 16 is "
        "usual. For LoRA, LoCon and DyLoRA.",
        section="lr",
        bounds=(0, 1000),
    )
    loraplus_unet_lr_ratio: float | None = option(
        None,
        "LoRA+ ratio, UNet",
        "Replaces the ratio for the UNet.",
        section="lr",
        bounds=(0, 1000),
    )
    loraplus_text_encoder_lr_ratio: float | None = option(
        None,
        "LoRA+ ratio, text encoder",
        "Replaces the ratio for the text encoder.",
        section="lr",
        bounds=(0, 1000),
    )
    scale_weight_norms: float | None = option(
        None,
        "Norm limit",
        "After every step, layers whose change is larger than this are shrunk to it, against "
        "overfitting; 1 is usual.",
        section="net",
        bounds=(0.001, 1000),
    )
    network_train_unet_only: bool = option(
        False, "UNet only", "The text encoder is left as it is.", section="net"
    )
    network_train_text_encoder_only: bool = option(
        False, "Text encoder only", "The UNet is left as it is.", section="net"
    )
    network_weights: Path | None = option(
        None,
        "Continue from",
        "A finished checkpoint that training begins with; only its weights are taken. To go on "
        "with an interrupted run use Resume.",
        section="net",
    )
    dim_from_weights: bool = option(
        False,
        "Dims from that file",
        "Every layer takes its dim and alpha from Continue from, and layers that are not in it are "
        "left out. Dropouts do nothing then.",
        section="net",
    )


def algorithm(config: RunConfig) -> str:
    """The kind of the network's layers, one of ALGORITHMS."""
    kinds = {"networks.lora": "lora", "networks.dylora": "dylora"}
    return kinds.get(config.network_module, config.algo)


def preset_of(config: RunConfig) -> str | None:
    """Which layers a LyCORIS network takes, one of PRESETS; None for those of LoRA and LoCon."""
    if config.network_module != "lycoris.kohya":
        return None
    return config.preset or ("ia3" if config.algo == "ia3" else None)
