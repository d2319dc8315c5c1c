"""Likely rejects: learned from what was judged, explained in words, and only an order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curator.core import edits
from curator.core.installed_models import use_file
from curator.core.jobs import Job
from curator.core.looks import looks_key, mark_of
from curator.core.measures import Measures
from curator.core.project import Project
from curator.core.records import Image, Measured, Rating
from curator.core.store.embeddings import EmbeddingCache
from curator.tasks.predict_rejects import RejectPrediction, predict_rejects
from tests.helpers.projects import fill


def judged_project(project: Project, count: int = 120, judged: int = 80) -> list[Image]:
    """Pictures of which every third is soft; the person rejects those that are soft."""
    images = fill(project, count)
    dice = np.random.default_rng(1)
    found = []
    for n, image in enumerate(images):
        sharp = dice.normal(14, 4) if n % 3 == 0 else dice.normal(50, 8)
        numbers = Measures(
            sharpness=float(max(0, sharp)),
            noise=float(abs(dice.normal(2, 1))),
            contrast=float(dice.normal(20, 3)),
            jpeg_quality=90.0 if n % 2 else None,
        )
        described = dice.integers(0, 255, 224, dtype=np.uint8).tobytes()
        found.append(Measured(image.id, numbers, 0.0, described))
    project.record(found)
    project.apply(edits.reject([i for n, i in enumerate(images[:judged]) if n % 3 == 0]))
    kept = [i for n, i in enumerate(images[:judged]) if n % 3]
    project.apply(edits.set_rating(kept, Rating.PRIMARY))
    return images


def learn(project: Project) -> RejectPrediction:
    return predict_rejects(Job(), project)


def test_what_is_like_the_rejected_comes_first_and_says_why(project: Project) -> None:
    images = judged_project(project)
    learned = learn(project)
    assert learned.guessed == 40
    assert learned.auc is not None
    assert learned.auc > 0.9
    order = list(project.select("is:undecided sort:-reject"))
    soft = {i.id for n, i in enumerate(images) if n % 3 == 0}
    first = order[:13]
    assert len(soft & set(first)) >= 12
    guesses = project.reject_guesses(order)
    best = guesses[order[0]]
    assert best.score > 0.5 > guesses[order[-1]].score
    assert best.reasons[0].startswith("soft: sharpness ")
    assert "those you kept have" in best.reasons[0]
    assert guesses[order[-1]].reasons[0].startswith("sharp: sharpness ")
    assert len(best.reasons) <= 3
    assert "only an order" in learned.in_words()


def test_nothing_is_applied(project: Project) -> None:
    images = judged_project(project)
    before = project.images([image.id for image in images])
    label = project.undo_label()
    learn(project)
    assert project.images([image.id for image in images]) == before
    assert project.undo_label() == label


@pytest.mark.parametrize(("judged", "words"), [(20, "need 50"), (0, "there are 0")])
def test_too_few_are_a_sentence(project: Project, judged: int, words: str) -> None:
    judged_project(project, judged=judged)
    learned = learn(project)
    assert words in learned.why_not
    assert learned.in_words() == learned.why_not


def test_one_kind_alone_teaches_nothing_and_older_guesses_go(project: Project) -> None:
    images = judged_project(project)
    learn(project)
    project.apply(edits.unreject(project.images(project.select("is:rejected"))))
    project.apply(edits.set_rating(project.images(project.select()), Rating.PRIMARY))
    learned = learn(project)
    assert "8 kept and 8 rejected" in learned.why_not
    assert project.reject_guesses([image.id for image in images]) == {}


def test_what_is_not_measured_is_left_out_and_told(project: Project) -> None:
    judged_project(project)
    fill(project, 1)
    learned = learn(project)
    assert learned.unmeasured == 1
    assert "1 picture left out" in learned.in_words()


def test_it_comes_out_the_same_each_time(project: Project) -> None:
    judged_project(project)
    learn(project)
    before = project.reject_guesses(project.select())
    learn(project)
    assert project.reject_guesses(project.select()) == before


def test_what_an_embedding_model_saw_is_learned_from(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    images = fill(project, 120)
    dice = np.random.default_rng(2)
    noise = [dice.integers(0, 255, 224, dtype=np.uint8).tobytes() for _image in images]
    rows = zip(images, noise, strict=True)
    project.record([Measured(image.id, Measures(), 0.0, look) for image, look in rows])
    project.apply(edits.reject([i for n, i in enumerate(images[:80]) if n % 3 == 0]))
    project.apply(edits.set_rating([i for n, i in enumerate(images[:80]) if n % 3], Rating.PRIMARY))
    blind = learn(project).auc
    (tmp_path / "model.onnx").write_bytes(b"is not opened here")
    model = use_file("embedding", tmp_path / "model.onnx").path
    seen = [(looks_key(i), np.eye(3, dtype=np.float32)[n % 3]) for n, i in enumerate(images)]
    with EmbeddingCache(project.cache_dir, mark_of(model)) as cache:
        cache.put([(key, one.tobytes()) for key, one in seen])
    found = learn(project).auc
    assert blind is not None
    assert found is not None
    assert blind < 0.8 < 0.99 < found
    assert "looks like" in next(iter(project.reject_guesses([images[-1].id]).values())).reasons[0]
