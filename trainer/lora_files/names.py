"""The names of LoRA tensors: Kohya's, diffusers' and peft's in, Kohya's for each family out."""

from __future__ import annotations

import re

FAMILIES = ("sd1", "sd2", "sdxl")  # those whose layers have names here
_ENDINGS = {  # all spellings of the matrices of a LoRA, and the part that each one is
    ".lora_down.weight": "lora_down",
    ".lora_up.weight": "lora_up",
    ".lora_mid.weight": "lora_mid",
    ".lora_A.weight": "lora_down",
    ".lora_B.weight": "lora_up",
    ".lora.down.weight": "lora_down",
    ".lora.up.weight": "lora_up",
    ".lora_linear_layer.down.weight": "lora_down",
    ".lora_linear_layer.up.weight": "lora_up",
    "_lora.down.weight": "lora_down",
    "_lora.up.weight": "lora_up",
    ".lora_magnitude_vector.weight": "magnitude",
    ".lora_magnitude_vector": "magnitude",
    **{f".{part}.weight": part for part in ("a1", "a2", "b1", "b2")},  # GLoRA
}
_PARTS = {  # of other types; their tensors are called the same everywhere
    *("alpha", "dora_scale", "scalar", "on_input", "diff", "diff_b", "w_norm", "b_norm"),
    *("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b", "hada_t1", "hada_t2"),
    *("lokr_w1", "lokr_w1_a", "lokr_w1_b", "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2"),
    *("ia3_l", "oft_blocks", "oft_diag", "rescale"),
}
_KOHYA = ("lora_unet_", "lora_te1_", "lora_te2_", "lora_te_")
_PREFIXES = {"unet_": "lora_unet_", "text_encoder_2_": "lora_te2_", "text_encoder_": "lora_te_"}
_UNET = re.compile(
    r"(down|up|input|output)_blocks_|mid(dle)?_block_|conv_(norm_)?(in|out)$|(time|add)_embed"
)
_TEXT = re.compile(r"(text_model_)?(encoder_layers|embeddings|final_layer_norm)_")
_RESNET = {
    "norm1": "in_layers_0",
    "conv1": "in_layers_2",
    "time_emb_proj": "emb_layers_1",
    "norm2": "out_layers_0",
    "conv2": "out_layers_3",
    "conv_shortcut": "skip_connection",
}
_RESNET_BACK = {theirs: ours for ours, theirs in _RESNET.items()}
_ENDS = {
    "conv_in": "input_blocks_0_0",
    "time_embedding_linear_1": "time_embed_0",
    "time_embedding_linear_2": "time_embed_2",
    "add_embedding_linear_1": "label_emb_0_0",
    "add_embedding_linear_2": "label_emb_0_2",
    "conv_norm_out": "out_0",
    "conv_out": "out_2",
}
_ENDS_BACK = {theirs: ours for ours, theirs in _ENDS.items()}
_OPEN_CLIP = {
    "attn_out_proj": "self_attn_out_proj",
    "mlp_c_fc": "mlp_fc1",
    "mlp_c_proj": "mlp_fc2",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
}
_QKV = ("q_proj", "k_proj", "v_proj")
_PARTS_OF_FILE = {  # of a single checkpoint, and the prefix of Kohya's names for each
    "model.diffusion_model.": "lora_unet_",
    "cond_stage_model.transformer.": "lora_te_",
    "cond_stage_model.model.": "lora_te_",
    "conditioner.embedders.0.transformer.": "lora_te_",
    "conditioner.embedders.1.model.": "lora_te2_",
}
_LAST_SD2_LAYER = 22  # SD2 was made with the last but one layer; the very last one has no part
_TARGET = re.compile(
    r"lora_(unet_((down|up)_blocks_\d+|mid_block)_(attentions|(resnets|(down|up)samplers))_"
    r"|te[12]?_text_model_encoder_layers_(\d+)_)"
)
_CONV3 = re.compile(r"lora_unet_(.*_resnets_\d+_conv[12]|.*samplers_0_conv|conv_in|conv_out)")
_CONV1 = re.compile(r"lora_unet_.*_conv_shortcut")
_CONV1_OF = {"sd1": re.compile(r"_proj_(in|out)$"), "sd2": re.compile(r"_proj_(in|out)$")}


def split(tensor: str) -> tuple[str, str] | None:
    """(module, part) of a LoRA's tensor, the module as it is written there, or None.

    Parts have the names of LyCORIS: lora_down, lora_up, hada_w1_a, lokr_w1, dora_scale...; the
    vector of an IA3 layer is "ia3". Two are peft's own: "magnitude" and "ia3_l".
    """
    name = tensor.replace(".default.", ".").removesuffix(".default")
    for ending, part in _ENDINGS.items():
        if name.endswith(ending):
            module = name.removesuffix(ending)
            return (f"{module}.0" if module.endswith(".to_out") else module), part
    module, _, part = name.rpartition(".")
    if module and part in _PARTS:
        return module, part
    if part == "weight" and module.startswith(("lora_", "lycoris_")):
        return module, "ia3"
    return None


def style(module: str) -> str:
    """Whose name of a module it is: "kohya", "diffusers" (with the part before) or "peft"."""
    flat = module.replace(".", "_")
    if flat.startswith((*_KOHYA, "lycoris_")):
        return "kohya"
    return "diffusers" if flat.startswith(tuple(_PREFIXES)) else "peft"


def to_kohya(module: str) -> str | None:
    """Kohya's name of a module, with the blocks still counted as in `module`; None if unknown."""
    flat = module.replace(".processor.", ".").replace(".", "_")
    flat = flat.removeprefix("base_model_model_").removeprefix("lycoris_")
    prefix = ""
    for start, ours in {**{it: it for it in _KOHYA}, **_PREFIXES}.items():
        if flat.startswith(start):
            prefix, flat = ours, flat.removeprefix(start)
            break
    else:
        prefix = "lora_unet_" if _UNET.match(flat) else "lora_te_" if _TEXT.match(flat) else ""
    if prefix.startswith("lora_te") and not flat.startswith("text_"):
        flat = f"text_model_{flat}"
    return prefix + flat if prefix else None


def canonical(name: str, family: str) -> str:
    """A name from `to_kohya` as sd-scripts writes it for the family.

    That is with the blocks of the original files for SDXL, with those of diffusers for SD 1 and 2.
    """
    if name.startswith("lora_unet_"):
        path = name.removeprefix("lora_unet_")
        renamed = to_original(path) if family == "sdxl" else to_diffusers(path)
        return f"lora_unet_{renamed}" if family in FAMILIES else name
    return name.replace("lora_te_", "lora_te1_", 1) if family == "sdxl" else name


def to_original(path: str) -> str:
    """The path of a UNet's module in the original layout, from diffusers'; "_" between its parts.

    Blocks are counted through there: down_blocks.b.resnets.i is input_blocks.(1 + 3b + i).0,
    attentions.i is input_blocks.(1 + 3b + i).1 (diffusers' convert_ldm_unet_checkpoint, backwards).
    """
    if path in _ENDS:
        return _ENDS[path]
    if found := re.fullmatch(r"(down|up)_blocks_(\d)_(resnets|attentions)_(\d)_(.+)", path):
        side, block, kind, at, rest = found.groups()
        first = 1 if side == "down" else 0
        place = f"{3 * int(block) + int(at) + first}_{int(kind == 'attentions')}"
        return f"{'input' if side == 'down' else 'output'}_blocks_{place}_{_RESNET.get(rest, rest)}"
    if found := re.fullmatch(r"mid_block_(resnets|attentions)_(\d)_(.+)", path):
        kind, at, rest = found.groups()
        middle = 1 if kind == "attentions" else 2 * int(at)
        return f"middle_block_{middle}_{_RESNET.get(rest, rest)}"
    if found := re.fullmatch(r"down_blocks_(\d)_downsamplers_0_conv", path):
        return f"input_blocks_{3 * int(found[1]) + 3}_0_op"
    if found := re.fullmatch(r"up_blocks_(\d)_upsamplers_0_conv", path):
        return f"output_blocks_{3 * int(found[1]) + 2}_2_conv"
    return path


def to_diffusers(path: str) -> str:
    """`to_original` backwards; other paths stay as they are."""
    if path in _ENDS_BACK:
        return _ENDS_BACK[path]
    if found := re.fullmatch(r"input_blocks_(\d+)_0_op", path):
        return f"down_blocks_{int(found[1]) // 3 - 1}_downsamplers_0_conv"
    if found := re.fullmatch(r"output_blocks_(\d+)_[12]_conv", path):
        return f"up_blocks_{int(found[1]) // 3}_upsamplers_0_conv"
    if found := re.fullmatch(r"(input|output)_blocks_(\d+)_([01])_(.+)", path):
        side, number, kind, rest = found.groups()
        block, at = divmod(int(number) - (side == "input"), 3)
        inner = f"attentions_{at}_{rest}" if kind == "1" else f"resnets_{at}_{_back(rest)}"
        return f"{'down' if side == 'input' else 'up'}_blocks_{block}_{inner}"
    if found := re.fullmatch(r"middle_block_([012])_(.+)", path):
        at, rest = int(found[1]), found[2]
        inner = f"attentions_0_{rest}" if at == 1 else f"resnets_{at // 2}_{_back(rest)}"
        return f"mid_block_{inner}"
    return path


def _back(rest: str) -> str:
    return _RESNET_BACK.get(rest, rest)


def kernel(name: str, family: str) -> tuple[int, ...]:
    """The kernel of the layer of that name, () for a linear one.

    proj_in and proj_out of SD 2 are linear, but sd-scripts writes them as convolutions.
    """
    plain = canonical(name, "sd1")
    if _CONV3.fullmatch(plain):
        return (3, 3)
    special = _CONV1_OF.get(family)
    return (1, 1) if _CONV1.fullmatch(plain) or (special and special.search(plain)) else ()


def is_target(name: str, family: str, *, conv: bool) -> bool:
    """Whether sd-scripts trains the layer: attention and text, and with `conv` all convolutions."""
    found = _TARGET.match(canonical(name, "sd1") if "unet" in name else name)
    if found is None or (found[4] and found[5] and not conv):
        return False
    return not (found[7] and family == "sd2" and int(found[7]) > _LAST_SD2_LAYER)


def block(name: str) -> str:
    """The block as block weights count them: IN00 to IN11, MID, OUT00 to OUT11, TE, TE1, TE2."""
    if name.startswith("lora_te"):
        return name.split("_")[1].upper()
    path = to_original(name.removeprefix("lora_unet_"))
    if found := re.match(r"(in|out)put_blocks_(\d+)_", path):
        return f"{found[1].upper()}{int(found[2]):02}"
    return "MID" if path.startswith("middle_block") else "other"


def of_base(tensor: str, part: str, family: str) -> list[tuple[str, str, int | None]]:
    """(Kohya's module, "weight" or "bias", third) of all layers in a base model's tensor.

    `part` is the folder in a diffusers model, "" in a single file. `third` says which third of a
    fused matrix of query, key and value the layer is; None for a whole tensor.
    """
    prefix, path = _place(tensor, part)
    if not prefix:
        return []
    if fused := re.fullmatch(r"(.*resblocks_\d+)_attn_in_proj_(weight|bias)", path):
        start = _of_open_clip(f"{fused[1]}_self_attn")
        names = [f"{prefix}{start}_{one}" for one in _QKV]
        return [(canonical(one, family), fused[2], at) for at, one in enumerate(names)]
    module, _, end = path.rpartition("_")
    if end not in ("weight", "bias"):
        return []
    if prefix != "lora_unet_":
        module = _of_open_clip(module)
    found = to_kohya(f"{prefix}{module}")
    return [(canonical(found, family), end, None)] if found else []


def _place(tensor: str, part: str) -> tuple[str, str]:
    if part:
        return _PREFIXES.get(f"{part}_", ""), tensor.replace(".", "_")
    for start, prefix in _PARTS_OF_FILE.items():
        if tensor.startswith(start):
            return prefix, tensor.removeprefix(start).replace(".", "_")
    return "", ""


def _of_open_clip(module: str) -> str:
    """open_clip's transformer.resblocks.N.mlp.c_fc is encoder.layers.N.mlp.fc1 of transformers."""
    found = re.fullmatch(r"transformer_resblocks_(\d+)_(.+)", module)
    if found is None:
        return module
    return f"text_model_encoder_layers_{found[1]}_{_OPEN_CLIP.get(found[2], found[2])}"
