"""The sample pictures of a run: drawn after epochs and on wish; a failed one never ends the run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from trainer import devices
from trainer.assemble import Training
from trainer.events import Event, Note, Sampled
from trainer.prompts import Prompt
from trainer.sampling import draw, parameters_of, save_picture

logger = logging.getLogger(__name__)


class Previews:
    """Draws the sample prompts of a run with the network as it is."""

    def __init__(self, training: Training, emit: Callable[[Event], None]) -> None:
        self._training = training
        self._emit = emit
        config = training.config
        self._folder = config.sample_dir or config.output_dir / "sample"

    def draw_epoch(self, epoch: int, step: int) -> None:
        """All prompts, named after the epoch."""
        self._draw(f"e{epoch:06d}", epoch, step)

    def draw_step(self, step: int) -> None:
        """All prompts, named after the step; says so when the run has no prompt."""
        if not self._training.prompts:
            self._emit(Note("There is no sample prompt, so no sample picture was drawn."))
        epoch = self._training.plan.epoch_of(max(0, step - 1)) + 1
        self._draw(f"{step:08d}", epoch, step)

    def _draw(self, when: str, epoch: int, step: int) -> None:
        name = self._training.config.output_name
        for number, prompt in enumerate(self._training.prompts):
            path = self._folder / f"{name}_{when}_{number:02d}_{prompt.seed}.png"
            if self._draw_one(prompt, path, step):
                self._emit(Sampled(path, epoch, step))

    def _draw_one(self, prompt: Prompt, path: Path, step: int) -> bool:
        training = self._training
        try:
            with training.averages.shown():
                picture = draw(
                    training.family,
                    training.model,
                    training.compute,
                    training.texts.encode,
                    prompt,
                )
            model = f"{training.model.source.stem} with {training.config.output_name} step {step}"
            save_picture(picture, path, parameters_of(prompt, model))
        except Exception as error:
            logger.exception("A sample picture failed")
            self._emit(Note(f"Sample picture {path.name} failed: {self._why(error)}"))
            return False
        finally:
            if training.config.cache_latents:
                training.model.vae.to("cpu")
        return True

    def _why(self, error: Exception) -> str:
        if isinstance(error, RuntimeError) and devices.is_out_of_memory(error):
            devices.release()
            size = "Training goes on. Smaller pictures need less: --w and --h in the prompt."
            return f"the memory of the device did not suffice. {size}"
        return f"{error} Training goes on."
