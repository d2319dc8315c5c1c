"""Whole runs on the practice model: what they save, how they obey, and that they learn.

One file, so that one worker makes the runs that many of the tests look at.
"""

from __future__ import annotations

import gc
import hashlib
import json
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from tests.helpers.training import Answer, Owner
from trainer.assemble import Training, assemble
from trainer.buckets import BucketRule
from trainer.cache import Progress
from trainer.config import RunConfig
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import (
    Caching,
    Event,
    Finished,
    Note,
    Paused,
    Sampled,
    Saved,
    Started,
    StateSaved,
    Step,
    Stopped,
    Validated,
)
from trainer.interop.dataset_toml import DatasetFolder, write_dataset_toml
from trainer.ranks import Ranks

Options = Callable[..., RunConfig]


def at_step(number: int, *verbs: Callable[[Control], None]) -> Answer:
    def answer(control: Control, event: Event) -> None:
        if isinstance(event, Step) and event.step == number:
            for verb in verbs:
                verb(control)

    return answer


def after(kind: type[Event], verb: Callable[[Control], None]) -> Answer:
    def answer(control: Control, event: Event) -> None:
        if isinstance(event, kind):
            verb(control)

    return answer


def same_tensors(first: Path, second: Path) -> bool:
    one, other = load_file(first), load_file(second)
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_saves_every_epoch_and_tells_of_all_it_does(run: Options) -> None:
    config = run(sample_prompts="fr3dd1e --s 2", save_state=True)
    owner = Owner().train(config)
    epoch = ["Step"] * 6 + ["Validated", "Saved", "StateSaved", "Sampled"]
    kinds = [kind for kind in owner.kinds() if kind != "Note"]
    assert kinds == ["Caching"] * 7 + ["Started", "Validated", *epoch, *epoch, "Finished"]
    assert [event.step for event in owner.of(Step)] == list(range(1, 13))
    assert [event.epoch for event in owner.of(Step)] == [1] * 6 + [2] * 6
    names = ["fred-000001.safetensors", "fred.safetensors"]
    assert [path.name for path in owner.of(Finished)[0].checkpoints] == names
    assert all(event.path.is_file() for event in owner.of(Saved) + owner.of(Sampled))
    assert owner.of(Started)[0].total_steps == 12
    assert owner.of(Step)[-1].seconds_left == 0


def test_training_provably_learns(run: Options) -> None:
    config = run(max_train_epochs=12, learning_rate=3e-3, save_every_n_epochs=0)
    losses = [event.loss for event in Owner().train(config).of(Validated)]
    assert losses[-1] < 0.9 * losses[0]


def test_the_metadata_names_the_run(finished: Owner) -> None:
    path = finished.of(Finished)[0].checkpoints[-1]
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    assert metadata["ss_training_comment"] == "fr3dd1e"
    assert metadata["ss_base_model_version"] == "sd_v1"
    assert (metadata["ss_network_dim"], metadata["ss_network_alpha"]) == ("4", "2.0")
    assert metadata["ss_steps"] == "6"
    assert "fr3dd1e creature" in json.loads(metadata["ss_tag_frequency"])["2_fr3dd1e creature"]
    data = path.read_bytes()
    body = data[8 + int.from_bytes(data[:8], "little") :]
    assert metadata["sshs_model_hash"] == hashlib.sha256(body).hexdigest()


def test_a_resumed_run_equals_an_uninterrupted_one_bit_for_bit(
    run: Options, tmp_path: Path
) -> None:
    options = {
        "resolution": "128,64",  # three buckets
        "lr_scheduler": "cosine",
        "lr_warmup_steps": 3,
        "noise_offset": 0.05,
        "noise_offset_random_strength": True,
        "adaptive_noise_scale": 0.05,
        "multires_noise_iterations": 4,
        "ip_noise_gamma": 0.1,
        "ip_noise_gamma_random_strength": True,
        "timestep_sampling": "shift",
        "loss_type": "huber",
        "min_snr_gamma": 5,
        "shuffle_caption": True,
        "caption_dropout_rate": 0.2,
        "flip_aug": True,
        "save_precision": "float",
        "validate_every_n_epochs": 0,
    }
    straight = run(**options, output_dir=str(tmp_path / "straight"))
    whole = Owner().train(straight).of(Finished)[0]

    done, resume = 0, {}
    for stop_at in (3, 6, 8):  # within an epoch, at its end, within the next one
        broken = run(**options, **resume, output_dir=str(tmp_path / "broken"))
        part = Owner(at_step(stop_at, Control.stop)).train(broken)
        assert part.of(Started)[0].first_step == done
        assert [event.step for event in part.of(Step)] == list(range(done + 1, stop_at + 1))
        assert part.events[-1] == Stopped(stop_at)
        done, resume = stop_at, {"resume": str(part.of(StateSaved)[0].path)}
    last = Owner().train(run(**options, **resume, output_dir=str(tmp_path / "broken")))

    assert [event.step for event in last.of(Step)] == list(range(9, 13))
    assert same_tensors(whole.checkpoints[-1], last.of(Finished)[0].checkpoints[-1])
    assert {path.name for path in whole.checkpoints} <= {
        path.name for path in last.of(Finished)[0].checkpoints
    }


def test_the_same_seed_gives_the_same_network_and_another_one_does_not(
    run: Options, tmp_path: Path
) -> None:
    def trained(name: str, seed: int) -> Path:
        config = run(output_dir=str(tmp_path / name), seed=seed, max_train_steps=3)
        return Owner(at_step(3, Control.stop)).train(config).of(Saved)[0].path

    first = trained("a", 1)
    assert same_tensors(first, trained("b", 1))
    assert not same_tensors(first, trained("c", 2))


def test_a_stop_saves_before_it_ends(run: Options) -> None:
    owner = Owner(at_step(2, Control.stop)).train(run())
    assert owner.kinds()[-4:] == ["Step", "Saved", "StateSaved", "Stopped"]
    assert owner.of(Saved)[0].path.name == "fred-step00000002.safetensors"


def test_a_stop_before_the_first_step_leaves_nothing_behind(run: Options) -> None:
    config = run()
    owner = Owner(after(Caching, Control.stop)).train(config)
    assert owner.events[-1] == Stopped(0)
    assert not owner.of(Started)
    assert list(config.output_dir.iterdir()) == []


def test_saving_now_keeps_going(run: Options) -> None:
    owner = Owner(at_step(2, Control.save_now)).train(run(max_train_epochs=1))
    names = [event.path.name for event in owner.of(Saved)]
    assert names == ["fred-step00000002.safetensors", "fred.safetensors"]
    assert [event.step for event in owner.of(StateSaved)] == [2]


def test_a_pause_waits_saves_and_goes_on(run: Options) -> None:
    def press_all(control: Control, event: Event) -> None:
        if isinstance(event, Paused):
            control.save_now()
        if isinstance(event, StateSaved):
            control.resume()

    owner = Owner(at_step(2, Control.pause), press_all).train(run(max_train_epochs=1))
    kinds = owner.kinds()
    at = kinds.index("Paused")
    assert kinds[at : at + 5] == ["Paused", "Saved", "StateSaved", "Resumed", "Step"]
    assert kinds[-1] == "Finished"


def test_a_stop_ends_a_pause(run: Options) -> None:
    def stop_when_paused(control: Control, event: Event) -> None:
        if isinstance(event, Paused):
            control.stop()

    owner = Owner(at_step(2, Control.pause), stop_when_paused).train(run())
    assert owner.kinds()[-4:] == ["Paused", "Saved", "StateSaved", "Stopped"]


def test_sampling_now_draws_a_picture_named_after_the_step(run: Options) -> None:
    config = run(sample_prompts="fr3dd1e --s 2", sample_every_n_epochs=0, max_train_epochs=1)
    owner = Owner(at_step(3, Control.sample_now)).train(config)
    (sampled,) = owner.of(Sampled)
    assert (sampled.path.name, sampled.step) == ("fred_00000003_00_42.png", 3)


def test_a_failed_preview_is_noted_and_the_run_goes_on(
    run: Options, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "no folder").write_text("in the way")
    config = run(
        sample_prompts="fr3dd1e --s 1", sample_dir=str(tmp_path / "no folder"), max_train_epochs=1
    )
    owner = Owner().train(config)
    assert any("failed" in note.text for note in owner.of(Note))
    assert not owner.of(Sampled)
    assert owner.of(Finished)
    caplog.clear()  # the failure is logged, as it should be


def test_a_loss_that_is_no_number_ends_the_run_and_names_the_pictures(
    run: Options, train_dir: Path
) -> None:
    # This decay throws the weights beyond what float32 can hold.
    config = run(learning_rate=10, max_grad_norm=0, optimizer_args="weight_decay=1e36")
    owner = Owner()
    with pytest.raises(TrainerError, match="is not a number") as caught:
        owner.train(config)
    assert str(train_dir) in caught.value.message
    assert not owner.of(Saved)


def test_a_network_can_be_trained_further(run: Options, finished: Owner) -> None:
    weights = str(finished.of(Finished)[0].checkpoints[-1])
    config = run(network_weights=weights, network_alpha=2, max_train_epochs=1)
    further = Owner().train(config)
    ending = finished.of(Validated)[-1].loss
    assert further.of(Validated)[0].loss == pytest.approx(ending, rel=1e-6)


def test_a_network_of_another_dim_is_refused_with_what_to_set(
    run: Options, finished: Owner
) -> None:
    weights = str(finished.of(Finished)[0].checkpoints[-1])
    with pytest.raises(TrainerError, match="does not fit") as caught:
        Owner().train(run(network_weights=weights, network_dim=8, network_alpha=2))
    assert "dim 4 and alpha 2, the run 8 and 2" in caught.value.hint


def test_a_network_of_other_layers_is_refused_with_what_to_set(
    run: Options, finished: Owner
) -> None:
    weights = str(finished.of(Finished)[0].checkpoints[-1])
    with pytest.raises(TrainerError, match="does not fit") as caught:
        Owner().train(run(network_weights=weights, network_alpha=2, dora_wd=True))
    assert "set dora_wd, conv_dim" in caught.value.hint


def test_a_network_of_another_alpha_is_refused(run: Options, finished: Owner) -> None:
    weights = str(finished.of(Finished)[0].checkpoints[-1])
    with pytest.raises(TrainerError, match="does not fit"):
        Owner().train(run(network_weights=weights, network_alpha=1))


def test_a_resumed_run_does_not_need_the_network_that_it_began_with(
    run: Options, finished: Owner, tmp_path: Path
) -> None:
    state = str(finished.of(StateSaved)[-1].path)
    gone = str(tmp_path / "gone.safetensors")
    config = run(network_weights=gone, network_alpha=2, max_train_epochs=1, resume=state)
    assert Owner().train(config).of(Finished)


def test_a_folder_that_cannot_be_written_is_told_before_the_work(
    run: Options, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    owner = Owner()
    with pytest.raises(TrainerError, match="could not be written"):
        owner.train(run(output_dir=str(tmp_path / "file" / "out")))
    assert not owner.events


def test_what_a_killed_run_left_half_written_is_cleared_away(run: Options) -> None:
    config = run(max_train_epochs=1)
    config.output_dir.mkdir()
    (config.output_dir / ".fred-000001.safetensors.12.abc.tmp").write_bytes(b"half")
    (config.output_dir / ".other.safetensors.12.abc.tmp").write_bytes(b"of another run")
    Owner().train(config)
    assert {path.name for path in config.output_dir.iterdir()} == {
        ".other.safetensors.12.abc.tmp",
        "fred.safetensors",
    }


@pytest.mark.parametrize(
    ("flag", "there", "missing"),
    [
        ("network_train_unet_only", "lora_unet_", "lora_te_"),
        ("network_train_text_encoder_only", "lora_te_", "lora_unet_"),
    ],
)
def test_one_part_can_be_trained_alone(run: Options, flag: str, there: str, missing: str) -> None:
    owner = Owner().train(run(max_train_epochs=1, **{flag: True}))
    tensors = load_file(owner.of(Finished)[0].checkpoints[-1])
    assert all(name.startswith(there) for name in tensors)
    assert any(tensor.any() for name, tensor in tensors.items() if "lora_up" in name)


def test_a_rate_of_0_leaves_a_part_as_it_was(run: Options) -> None:
    owner = Owner().train(run(max_train_epochs=1, text_encoder_lr=0))
    tensors = load_file(owner.of(Finished)[0].checkpoints[-1])
    changed = {
        name.split("_")[1] for name, one in tensors.items() if "lora_up" in name and one.any()
    }
    assert changed == {"unet"}


def test_a_run_that_has_ended_holds_no_memory(
    run: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = []

    def watched(config: RunConfig, progress: Progress, ranks: Ranks) -> Training:
        training = assemble(config, progress, ranks)
        models.append(weakref.ref(training.model.unet))
        return training

    monkeypatch.setattr("trainer.loop.assemble", watched)
    gc.disable()  # which a window could not wait for
    try:
        Owner().train(run(max_train_epochs=1, sample_prompts="fr3dd1e --s 1"))
    finally:
        gc.enable()
    assert [model() for model in models] == [None]


@pytest.mark.parametrize("blocks", ["whole", "large"])
def test_gradient_checkpointing_changes_no_number(
    run: Options, finished: Owner, blocks: str
) -> None:
    options = {"gradient_checkpointing": True, "gradient_checkpointing_blocks": blocks}
    thrifty = Owner().train(run(max_train_epochs=1, network_alpha=2, **options))
    losses = [[event.loss for event in owner.of(Step)] for owner in (finished, thrifty)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_accumulated_batches_make_fewer_steps(run: Options) -> None:
    owner = Owner().train(run(max_train_epochs=1, gradient_accumulation_steps=3))
    assert owner.of(Started)[0].steps_per_epoch == 2
    assert len(owner.of(Step)) == 2


def test_bf16_trains_too(run: Options) -> None:
    owner = Owner().train(run(max_train_epochs=1, mixed_precision="bf16"))
    assert owner.of(Started)[0].precision == "bf16"
    assert owner.of(Finished)


def test_fresh_latents_train_too(run: Options) -> None:
    owner = Owner().train(run(max_train_epochs=1, cache_latents=False, flip_aug=True))
    assert not owner.of(Caching)
    assert owner.of(Finished)


def test_a_state_of_another_run_is_refused_and_says_what_differs(
    run: Options, finished: Owner
) -> None:
    state = str(finished.of(StateSaved)[-1].path)
    with pytest.raises(TrainerError, match="learning_rate changed"):
        Owner().train(run(resume=state, network_alpha=2, learning_rate=5e-4))


def test_a_batch_size_that_a_dataset_file_changed_is_another_run(
    run: Options, finished: Owner, train_dir: Path, tmp_path: Path
) -> None:
    (folder,) = train_dir.iterdir()
    rows = (DatasetFolder(image_dir=folder, num_repeats=2, class_tokens="fr3dd1e creature"),)
    config = run(resume=str(finished.of(StateSaved)[-1].path), network_alpha=2)
    file = tmp_path / "dataset.toml"
    file.write_text(write_dataset_toml(rows, BucketRule.of(config), 3), "utf-8")
    with pytest.raises(TrainerError, match=r"another run: train_batch_size changed"):
        Owner().train(replace(config, dataset_config=file))


def test_a_finished_run_can_be_given_more_epochs(run: Options, finished: Owner) -> None:
    state = str(finished.of(StateSaved)[-1].path)
    owner = Owner().train(run(max_train_epochs=2, network_alpha=2, resume=state))
    assert [event.step for event in owner.of(Step)] == list(range(7, 13))


def test_a_state_beyond_the_end_is_refused(run: Options, finished: Owner) -> None:
    state = str(finished.of(StateSaved)[-1].path)
    config = run(max_train_epochs=None, max_train_steps=3, network_alpha=2, resume=state)
    with pytest.raises(TrainerError, match="only 3"):
        Owner().train(config)


def test_losses_are_written_into_the_log_folder(finished: Owner) -> None:
    log = finished.of(Saved)[0].path.parents[1] / "logs" / "fred.csv"
    rows = log.read_text("utf-8").splitlines()
    assert rows[0] == "step,epoch,loss,learning_rate,validation_loss,train_loss"
    assert [row.split(",")[0] for row in rows[1:]] == ["0", *map(str, range(1, 7)), "6"]


def test_captions_that_are_too_long_are_noted(run: Options, tmp_path: Path) -> None:
    from tests.helpers.pictures import draw

    folder = tmp_path / "long" / "1_x"
    folder.mkdir(parents=True)
    draw(1, (64, 64)).save(folder / "a.png")
    (folder / "a.txt").write_text("hat, " * 60, "utf-8")
    owner = Owner().train(run(train_data_dir=str(tmp_path / "long"), max_train_epochs=1))
    assert any("too long" in note.text for note in owner.of(Note))


def test_a_bucket_that_the_model_cannot_take_is_refused(run: Options) -> None:
    with pytest.raises(TrainerError, match="multiples of 64"):
        Owner().train(run(bucket_reso_steps=32, resolution=96))
