"""The practice model: a tiny pipeline of the shape of SD 1.x, drawn from a seed.

It draws nothing recognisable, but it is loaded, trained and saved exactly like a real one, so that
everything can be tried within a minute on any machine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel

from trainer.families import sd1
from trainer.files import replaced_folder
from trainer.noise import generator
from trainer.quiet import quiet
from trainer.resources import RESOURCES

_SEED = 15
_VERSION = 1  # part of the folder's name; raise it when the model is to be made anew
_WIDTH = 32  # of the text states
_LATENT_SCALE = 0.18215
_UNET = {
    "sample_size": 32,
    "block_out_channels": (32, 64),
    "layers_per_block": 1,
    "cross_attention_dim": _WIDTH,
    "attention_head_dim": 2,
    "norm_num_groups": 8,
    "down_block_types": ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
}
_VAE = {
    "sample_size": 256,
    "block_out_channels": (8, 8, 16, 16),
    "layers_per_block": 1,
    "norm_num_groups": 4,
    "latent_channels": 4,
    "scaling_factor": _LATENT_SCALE,
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
}
_TEXT: dict[str, Any] = {
    "vocab_size": 49408,
    "hidden_size": _WIDTH,
    "intermediate_size": 2 * _WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 77,
    "hidden_act": "quick_gelu",
    "bos_token_id": 0,
    "eos_token_id": 2,
    "pad_token_id": 1,
}


def practice_model(folder: Path) -> Path:
    """The practice model as a diffusers folder inside `folder`, made if it is not there yet.

    Raises TrainerError when the disk refuses.
    """
    path = folder / f"practice-model-{_VERSION}"
    if not path.exists():
        with replaced_folder(path) as new:
            _write(new)
    return path


def _write(folder: Path) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        unet = UNet2DConditionModel(**_UNET)
        vae = AutoencoderKL(**_VAE)
        text_encoder = CLIPTextModel(CLIPTextConfig(**_TEXT))
    _whiten(vae)
    with quiet():
        unet.save_pretrained(folder / "unet")
        vae.save_pretrained(folder / "vae")
        text_encoder.save_pretrained(folder / "text_encoder")
    for name in ("scheduler/scheduler_config.json", "model_index.json"):
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((sd1.CONFIGS / name).read_bytes())
    _write_tokenizer(folder / "tokenizer")


@torch.no_grad()
def _whiten(vae: Any) -> None:
    """Turn the last layer of the encoder so that latents of pictures have mean 0 and variance 1.

    A random encoder gives nearly the same four numbers everywhere; a noise schedule needs latents
    as wide as its noise. The variance that the encoder claims is set to nearly nothing.
    """
    features = vae.encoder(_pictures()).movedim(1, -1).flatten(0, 2).double()
    values, vectors = torch.linalg.eigh(features.T.cov())
    turn = (vectors[:, -4:] / values[-4:].sqrt()).T / _LATENT_SCALE
    vae.quant_conv.weight.zero_()
    vae.quant_conv.bias.fill_(-20.0)
    vae.quant_conv.weight[:4] = turn[:, :, None, None].float()
    vae.quant_conv.bias[:4] = -(turn @ features.mean(0)).float()


def _pictures() -> Tensor:
    """Coloured blots on coloured grounds in several sizes, (8, 3, 128, 128) from -1 to 1."""
    random = generator("practice pictures", _SEED)
    layers = [
        torch.nn.functional.interpolate(
            torch.rand((8, 3, side, side), generator=random), size=128, mode="bicubic"
        )
        for side in (2, 5, 16, 64)
    ]
    return (torch.stack(layers).mean(0) * 3 - 1.5).clamp(-1, 1)


def _write_tokenizer(folder: Path) -> None:
    folder.mkdir()
    for name in ("vocab.json", "merges.txt"):
        (folder / name).write_bytes((RESOURCES / "clip" / name).read_bytes())
    settings = json.loads((sd1.CONFIGS / "tokenizer" / "tokenizer_config.json").read_text("utf-8"))
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2), "utf-8")
