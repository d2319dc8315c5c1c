"""One step: what is drawn for it, how pictures are weighed, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.helpers.training import write_pictures
from trainer.assemble import Training, assemble
from trainer.config import RunConfig
from trainer.errors import TrainerError
from trainer.steps import batch_loss, rate_share, take_step

Options = Callable[..., RunConfig]


def assembled(config: RunConfig) -> Training:
    return assemble(config, lambda _done, _total: None)


def test_the_loss_of_a_batch_depends_on_the_step_alone(run: Options) -> None:
    training = assembled(run(noise_offset=0.1, flip_aug=True, shuffle_caption=True))
    first, other = training.plan.batches(0)[0], training.plan.batches(1)[0]
    loss = float(batch_loss(training, first).detach())
    assert float(batch_loss(training, first).detach()) == loss
    assert float(batch_loss(training, other).detach()) != loss


def test_regularization_pictures_have_a_weight_of_their_own(run: Options, tmp_path: Path) -> None:
    write_pictures(tmp_path / "reg" / "1_creature", ((64, 64),) * 12)
    config = run(reg_data_dir=str(tmp_path / "reg"), train_batch_size=1)
    losses = {}
    for weight in (1.0, 0.25):
        training = assembled(replace(config, prior_loss_weight=weight))
        batches = [training.plan.batches(step)[0] for step in range(training.plan.steps_per_epoch)]
        for batch in batches[:8]:
            is_reg = training.dataset.items[batch.items[0]].is_reg
            loss = float(batch_loss(training, batch).detach())
            losses.setdefault((batch.number, is_reg), []).append(loss)
    assert {is_reg for _, is_reg in losses} == {True, False}
    for (_, is_reg), (whole, weighed) in losses.items():
        assert weighed == pytest.approx(whole * (0.25 if is_reg else 1.0), rel=1e-5)


def test_what_a_mask_hides_counts_for_nothing_in_the_loss(run: Options, tmp_path: Path) -> None:
    folder = tmp_path / "train" / "1_masked"
    write_pictures(folder, ((64, 64),) * 2)
    losses = {}
    for share in (1.0, 0.5, 0.0):
        for path in folder.glob("*.png"):
            with Image.open(path) as picture:
                shown = picture.convert("RGB")
            shown.putalpha(round(share * 255))
            shown.save(path)
        config = run(train_data_dir=str(tmp_path / "train"), alpha_mask=True, train_batch_size=1)
        training = assembled(config)
        losses[share] = float(batch_loss(training, training.plan.batches(0)[0]).detach())
    assert losses[0.0] == 0
    assert losses[0.5] == pytest.approx(losses[1.0] * 128 / 255, rel=1e-4)


def test_min_snr_lowers_the_loss_of_nearly_noiseless_steps(run: Options) -> None:
    plain, steadied = assembled(run()), assembled(run(min_snr_gamma=5))
    batch = plain.plan.batches(0)[0]
    assert float(batch_loss(steadied, batch).detach()) <= float(batch_loss(plain, batch).detach())


def test_a_step_moves_what_is_trained_and_leaves_no_gradient(run: Options) -> None:
    training = assembled(run())
    before = [one.detach().clone() for one in training.parameters]
    loss = take_step(training, 0)
    assert loss.isfinite()
    assert not loss.requires_grad
    assert all(one.grad is None for one in training.parameters)
    assert any(not torch.equal(*pair) for pair in zip(before, training.parameters, strict=True))
    assert all(one.grad is None for one in training.model.unet.parameters())


def test_accumulated_batches_weigh_like_one_large_batch(run: Options) -> None:
    training = assembled(run(train_batch_size=1, gradient_accumulation_steps=3))
    batches = training.plan.batches(0)
    expected = sum(float(batch_loss(training, batch).detach()) for batch in batches) / 3
    assert float(take_step(training, 0)) == pytest.approx(expected, rel=1e-5)


def test_the_rate_follows_the_schedule(run: Options) -> None:
    training = assembled(run(lr_scheduler="constant_with_warmup", lr_warmup_steps=4))
    assert [rate_share(training, step) for step in (0, 2, 4, 9)] == [0, 0.5, 1, 1]
    take_step(training, 2)
    assert [group["lr"] for group in training.optimizer.param_groups] == [5e-4, 5e-4]


@pytest.mark.parametrize("max_grad_norm", [0.0, 1.0])
def test_a_gradient_scaler_changes_no_step(run: Options, max_grad_norm: float) -> None:
    config = run(max_grad_norm=max_grad_norm)
    plain, scaled = assembled(config), assembled(config)
    scaled = replace(scaled, scaler=torch.amp.GradScaler("cpu", init_scale=1024.0))
    for step in range(3):
        assert float(take_step(plain, step)) == pytest.approx(float(take_step(scaled, step)))
    for one, other in zip(plain.parameters, scaled.parameters, strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-7)


def test_gradients_that_overflow_skip_the_step_and_lower_the_scale(run: Options) -> None:
    training = assembled(run())
    training = replace(training, scaler=torch.amp.GradScaler("cpu", init_scale=1024.0))
    training.parameters[0].register_hook(lambda gradient: gradient * torch.inf)
    before = [one.detach().clone() for one in training.parameters]
    take_step(training, 0)
    assert all(torch.equal(*pair) for pair in zip(before, training.parameters, strict=True))
    assert training.scaler.get_scale() == 512.0


@pytest.mark.parametrize(
    "options",
    [
        {"network_dropout": 0.5, "rank_dropout": 0.2, "module_dropout": 0.2, "conv_dim": 2},
        {"network_module": "networks.dylora", "unit": 2},
        {"network_module": "lycoris.kohya", "algo": "lokr", "rank_dropout": 0.3},
    ],
)
def test_chance_in_the_network_is_the_same_with_gradient_checkpointing(
    run: Options, options: dict[str, object]
) -> None:
    found = []
    for thrifty in (False, True):
        config = run(gradient_checkpointing=thrifty, scale_weight_norms=0.01, **options)
        training = assembled(config)
        for step in range(2):
            take_step(training, step)
        found.append({name: one.clone() for name, one in training.adapter.state_dict().items()})
        training.adapter.detach()
    plain, other = found
    assert all(torch.allclose(plain[name], other[name], atol=1e-6) for name in plain)


def test_hidden_parts_of_pictures_lower_the_loss(run: Options, tmp_path: Path) -> None:
    folder = tmp_path / "1_cat"
    write_pictures(folder, ((64, 64),))
    (picture,) = folder.glob("*.png")
    config = run(train_data_dir=str(tmp_path), train_batch_size=1)
    plain = assembled(config)
    Image.new("L", (8, 8), 51).save(picture.with_suffix(".mask.png"))
    masked = assembled(config)
    losses = [float(batch_loss(it, it.plan.batches(0)[0]).detach()) for it in (plain, masked)]
    assert losses[1] == pytest.approx(losses[0] / 5, rel=1e-3)


def test_a_step_with_all_that_changes_from_showing_to_showing(run: Options) -> None:
    """Fresh latents by other crops and colours, long captions with weights, growing tag by tag."""
    config = run(
        cache_latents=False,
        color_aug=True,
        random_crop=True,
        flip_aug=True,
        max_token_length=150,
        weighted_captions=True,
        shuffle_caption=True,
        token_warmup_step=0.5,
        caption_tag_dropout_rate=0.2,
        pinned_trigger="fr3dd1e",
    )
    first, again = assembled(config), assembled(config)
    for step in range(3):
        assert float(take_step(first, step)) == float(take_step(again, step))


def test_cached_texts_of_some_variants_train_as_those_that_are_encoded_each_time(
    run: Options, tmp_path: Path
) -> None:
    config = run(
        network_train_unet_only=True,
        shuffle_caption=True,
        caption_variants=3,
        caption_dropout_rate=0.2,
        cache_dir=str(tmp_path / "cache"),
    )
    plain = assembled(config)
    cached = assembled(replace(config, cache_text_encoder_outputs=True))
    for step in range(3):
        assert float(take_step(plain, step)) == pytest.approx(float(take_step(cached, step)))
    assert list((tmp_path / "cache" / "texts").rglob("*.safetensors"))


def test_a_step_in_which_every_layer_is_dropped_changes_nothing(run: Options) -> None:
    training = assembled(
        run(
            module_dropout=0.99,
            network_train_text_encoder_only=True,
            optimizer_args="weight_decay=0",
        )
    )
    before = [one.detach().clone() for one in training.parameters]
    assert float(take_step(training, 0)) > 0
    assert all(map(torch.equal, before, training.parameters))


def test_a_network_without_a_layer_is_refused(run: Options) -> None:
    nothing = {"down_lr_weight": "zeros", "mid_lr_weight": "0", "up_lr_weight": "zeros"}
    with pytest.raises(TrainerError, match="no layer that is trained"):
        assembled(run(**nothing, network_train_unet_only=True))


@pytest.mark.parametrize(
    ("option", "value"),
    [("network_weights", "gone.safetensors"), ("resume", "gone"), ("sample_prompts", "gone.txt")],
)
def test_what_is_missing_is_told_before_pictures_are_encoded(
    run: Options, option: str, value: str
) -> None:
    def encoded(_done: int, _total: int) -> None:
        pytest.fail("pictures are encoded")

    with pytest.raises(TrainerError, match="gone"):
        assemble(run(**{option: value}), encoded)
