"""Which layers a network sits on, with which rank and alpha, and how fast each learns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from trainer.adapters import KINDS
from trainer.config import RunConfig
from trainer.model import Part, Target
from trainer.network_blocks import block_of, blocks_of, lr_weights, per_block
from trainer.network_options import algorithm, preset_of

Tensors = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Planned:
    """One layer of a network; `factor` is its share of the learning rate of its part."""

    target: Target
    rank: int
    alpha: float
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Preset:
    """Which layers one of LyCORIS' presets takes.

    `transformers` and `text`: "all", "attention" or "" for none of these; `residual` takes residual
    blocks, `convolutions` takes convolutions that are larger than 1x1, `outer` are the endings of
    those in no block.
    """

    transformers: str = "all"
    text: str = "all"
    residual: bool = False
    convolutions: bool = False
    outer: tuple[str, ...] = ()


_CONVOLUTIONS = ("_conv_in", "_conv_out")
_TIMES = ("_time_embedding_linear_1", "_time_embedding_linear_2")
PRESETS: Mapping[str, Preset] = {
    "full": Preset(residual=True, convolutions=True, outer=(*_CONVOLUTIONS, *_TIMES)),
    "full-lin": Preset(residual=True, outer=_TIMES),
    "attn-mlp": Preset(),
    "attn-only": Preset("attention", "attention"),
    "unet-only": Preset(text="", residual=True, convolutions=True, outer=(*_CONVOLUTIONS, *_TIMES)),
    "unet-transformer-only": Preset(text=""),
    "unet-convblock-only": Preset("", "", residual=True, convolutions=True, outer=_CONVOLUTIONS),
    "ia3": Preset("ia3", "ia3"),
}
_ENDINGS = {"ia3": ("_to_k", "_to_v", "_ff_net_2", "_k_proj", "_v_proj", "_mlp_fc2")}
_ATTENTION = ("_attn1_", "_attn2_", "_self_attn_")


def plan_network(
    config: RunConfig, targets: Sequence[Target], ranks: Tensors | None = None
) -> list[Planned]:
    """The layers of a network in the order of `targets`, of the parts that are trained.

    `ranks` are the tensors of a file from which ranks and alphas are taken (dim_from_weights); a
    layer that it lacks is left out. Raises TrainerError for lists that do not fit the model.
    """
    left_out: dict[Part, bool] = {
        "unet": config.network_train_text_encoder_only,
        "text_encoder": config.network_train_unet_only,
    }
    wanted = [one for one in targets if not left_out[one.part]]
    sizes = _from_file(config, wanted, ranks) if ranks is not None else _sizes(config, wanted)
    factors = _factors(config, wanted)
    return [
        Planned(one, *sizes[one.name], factors[one.name])
        for one in wanted
        if one.name in sizes and factors[one.name] > 0
    ]


def is_large(target: Target) -> bool:
    """Whether it is a convolution larger than 1x1, whose rank is conv_dim."""
    weight = target.module.weight
    return weight.dim() == 4 and weight.shape[2:].numel() > 1


def _sizes(config: RunConfig, targets: Sequence[Target]) -> dict[str, tuple[int, float]]:
    """Rank and alpha of every layer that is not left out, sd-scripts' block lists among them."""
    blocks = blocks_of(one.name for one in targets)
    lists = {
        name: per_block(name, getattr(config, name), blocks)
        for name in ("block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas")
    }
    sizes = {}
    for target in targets:
        if not _is_taken(config, target):
            continue
        large, block = is_large(target), block_of(target.name)
        rank, alpha = conv_size(config) if large else (config.network_dim, config.network_alpha)
        prefix = "conv_block" if large else "block"
        dims, alphas = lists[f"{prefix}_dims"], lists[f"{prefix}_alphas"]
        if block is not None:
            rank = int(dims[block]) if dims else rank
            alpha = alphas[block] if alphas else alpha
        if rank:
            sizes[target.name] = rank, alpha or float(rank)
    return sizes


def conv_size(config: RunConfig) -> tuple[int, float]:
    """Rank and alpha of convolutions; rank 0 leaves them out.

    Not set, they are none and 1, but those of the network with a preset of LyCORIS.
    """
    if preset_of(config) is not None:
        dim, alpha = config.conv_dim or config.network_dim, config.conv_alpha
        return dim, config.network_alpha if alpha is None else alpha
    return config.conv_dim or 0, 1.0 if config.conv_alpha is None else config.conv_alpha


def _is_taken(config: RunConfig, target: Target) -> bool:
    name = preset_of(config)
    if name is None:
        convolutions = bool(config.conv_dim or config.conv_block_dims.strip())
        return not target.outer and (convolutions or not target.locon)
    preset = PRESETS[name]
    if target.outer:
        return target.name.endswith(preset.outer)
    if target.locon:
        return preset.residual and (preset.convolutions or not is_large(target))
    wanted = preset.text if target.part == "text_encoder" else preset.transformers
    if wanted == "attention":
        return any(word in target.name for word in _ATTENTION)
    return target.name.endswith(_ENDINGS.get(wanted, "")) if wanted else False


def _from_file(
    config: RunConfig, targets: Sequence[Target], tensors: Tensors
) -> dict[str, tuple[int, float]]:
    kind = KINDS[algorithm(config)]
    layers = by_layer(tensors)
    sizes = {}
    for target in targets:
        layer = layers.get(target.name, {})
        rank = kind.rank_in(layer)
        if rank is not None:
            sizes[target.name] = rank, float(layer.get("alpha", rank)) or float(rank)
    return sizes


def by_layer(tensors: Tensors) -> dict[str, dict[str, Tensor]]:
    """The tensors of a file by layer, then by the last part of their names."""
    layers: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        layer, _, last = name.partition(".")
        layers.setdefault(layer, {})[last] = tensor
    return layers


def _factors(config: RunConfig, targets: Sequence[Target]) -> dict[str, float]:
    blocks = blocks_of(one.name for one in targets)
    weights = lr_weights(
        config.down_lr_weight,
        config.mid_lr_weight,
        config.up_lr_weight,
        config.block_lr_zero_threshold,
        blocks,
    )
    numbers = {one.name: block_of(one.name) for one in targets}
    return {name: 1.0 if at is None else weights[at] for name, at in numbers.items()}
