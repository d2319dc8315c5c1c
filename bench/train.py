"""How many steps a second a run trains, beside a bare loop of the same UNet.

Run: python bench/train.py [--base small|sd15] [--device cpu|cuda] [--side N] [--batch N]
[--dim N] [--steps N] [--rounds N]. The bare loop has the UNet with peft's LoRA on the same
layers, its latents and text states in memory, AdamW (fused), the same precision, gradient
clipping, and nothing else: no buckets, captions, events or saving. Both train in turns on weights
drawn by chance; `small` is a UNet of SD 1.x with narrow layers, `sd15` has its full size. Steps per
second, the median of the rounds, and the run's share of the bare loop's; 1.0 and more is the aim.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import diffusers  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from peft import LoraConfig  # noqa: E402
from PIL import Image  # noqa: E402
from torch import Tensor  # noqa: E402
from transformers import CLIPTextConfig, CLIPTextModel  # noqa: E402

from trainer.assemble import Training, assemble  # noqa: E402
from trainer.config import parse_options  # noqa: E402
from trainer.families.sd1 import CONFIGS  # noqa: E402
from trainer.noise import Schedule  # noqa: E402
from trainer.steps import take_step  # noqa: E402

UNET: Any = diffusers.UNet2DConditionModel  # untyped
VAE: Any = diffusers.AutoencoderKL
SMALL = {"block_out_channels": (64, 128, 256, 256), "cross_attention_dim": 64}
SMALL_TEXT = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
LAYERS = ["to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2"]
WARM = 3  # steps that are not timed
Step = Callable[[int], Tensor]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--base", choices=["small", "sd15"], default="small")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--dim", type=int, default=16)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_base(place / "base", asked.base == "sd15")
        training = assemble(parse_options(run_values(asked, place)), lambda _done, _of: None)
        bare = bare_loop(training, asked)
        print(f"{training.compute.label()}, {training.compute.precision}, batch {asked.batch}")
        compare(lambda step: take_step(training, step), bare, asked.steps, asked.rounds)
    return 0


def write_base(folder: Path, is_full: bool) -> None:
    """A base model of SD 1.x with weights drawn by chance, as a diffusers folder."""
    configs = {
        name: json.loads((CONFIGS / name / "config.json").read_text("utf-8"))
        for name in ("unet", "vae", "text_encoder")
    }
    if not is_full:
        configs["unet"] |= SMALL
        configs["text_encoder"] |= SMALL_TEXT
        configs["vae"] |= {"block_out_channels": (32, 32, 32, 32)}
    torch.manual_seed(1)
    UNET.from_config(configs["unet"]).save_pretrained(folder / "unet")
    VAE.from_config(configs["vae"]).save_pretrained(folder / "vae")
    CLIPTextModel(CLIPTextConfig(**configs["text_encoder"])).save_pretrained(
        folder / "text_encoder"
    )
    for part in ("scheduler/scheduler_config.json", "model_index.json"):
        (folder / part).parent.mkdir(exist_ok=True)
        (folder / part).write_bytes((CONFIGS / part).read_bytes())


def run_values(asked: argparse.Namespace, place: Path) -> dict[str, Any]:
    """The run: square pictures, the UNet alone."""
    photos = place / "photos" / "1_thing"
    photos.mkdir(parents=True)
    random = np.random.default_rng(1)
    for n in range(4 * asked.batch):
        pixels = random.integers(0, 255, (asked.side, asked.side, 3), np.uint8)
        Image.fromarray(pixels).save(photos / f"{n}.png")
        (photos / f"{n}.txt").write_text(f"thing, photo {n}")
    return {
        "pretrained_model_name_or_path": str(place / "base"),
        "train_data_dir": str(place / "photos"),
        "output_dir": str(place / "out"),
        "resolution": asked.side,
        "train_batch_size": asked.batch,
        "max_train_steps": 100_000,
        "network_dim": asked.dim,
        "network_train_unet_only": True,
        "device": asked.device,
        "mixed_precision": asked.precision,
    }


def bare_loop(training: Training, asked: argparse.Namespace) -> Step:
    """The smallest loop that trains the same."""
    compute, config = training.compute, training.config
    source = training.model.source / "unet"
    unet = UNET.from_pretrained(source, torch_dtype=compute.dtype)
    unet.requires_grad_(False).to(compute.device)
    unet.add_adapter(
        LoraConfig(r=asked.dim, lora_alpha=int(config.network_alpha), target_modules=LAYERS)
    )
    found = [one for one in unet.parameters() if one.requires_grad]
    for one in found:
        one.data = one.data.float()
    optimizer = torch.optim.AdamW(found, lr=config.learning_rate, fused=True)
    scaler, noise = compute.scaler(), Schedule(training.model.scheduler, compute.device)
    size = (asked.batch, 4, asked.side // 8, asked.side // 8)
    latents = torch.randn(size, device=compute.device)
    width = unet.config.cross_attention_dim
    states = torch.randn((asked.batch, 77, width), device=compute.device, dtype=compute.dtype)

    def step(_number: int) -> Tensor:
        drawn = torch.randn_like(latents)
        times = torch.randint(0, 1000, (asked.batch,), device=compute.device)
        noisy = noise.add(latents, drawn, times)
        with compute.autocast():
            predicted = unet(noisy, times, states).sample
        loss = torch.nn.functional.mse_loss(predicted.float(), drawn)
        scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(found, config.max_grad_norm)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    return step


def compare(ours: Step, bare: Step, steps: int, rounds: int) -> None:
    speeds: dict[str, list[float]] = {"the run": [], "the bare loop": []}
    at = 0
    for _ in range(rounds):
        for name, step in (("the run", ours), ("the bare loop", bare)):
            for number in range(at, at + WARM):
                float(step(number))
            started, losses = time.perf_counter(), []
            for number in range(at + WARM, at + WARM + steps):
                losses.append(step(number))
            float(torch.stack(losses).sum())  # waits for the device
            speeds[name].append(steps / (time.perf_counter() - started))
        at += WARM + steps
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    for name, speed in medians.items():
        print(f"{name:14} {speed:8.2f} steps/s")
    print(f"share          {medians['the run'] / medians['the bare loop']:8.2f}")


if __name__ == "__main__":
    raise SystemExit(main())
