"""Guesses which undecided pictures the person would reject, from what was kept and rejected so far.

Only an order: nothing is applied. Each guess says why, in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from curator.core.jobs import Job
from curator.core.likeness import Points
from curator.core.looks import looks_among
from curator.core.measures import MEANINGS, Measures
from curator.core.project import Project
from curator.core.readable import count, percent
from curator.core.records import Image, Rating, RejectGuess, RejectGuesses

LEAST_JUDGED, LEAST_OF_EACH = 50, 8
STRENGTH = 0.2  # inverse of the L2 penalty: 20 numbers must not explain 50 pictures by heart
LOOKS = 6  # components of how pictures look
FOLDS = 5
CHANCE = 0.6  # of pairs; below it the order is not worth following
REASONS = 3
_LEAST_REASON = 0.1  # of the logit
LIKE_REJECTED = "looks like pictures that you rejected"
LIKE_KEPT = "looks like pictures that you kept"
Columns = NDArray[np.float64]  # (pictures, numbers)


@dataclass(frozen=True, slots=True)
class RejectPrediction:
    """What was learned. `auc`: how often it orders a kept and a rejected picture rightly, 0 to 1.

    Cross-validated, so on pictures it had not seen. `why_not`: why nothing could be learned, else
    "". `guessed`: undecided pictures that have a guess now; `unmeasured`: pictures left out.
    """

    kept: int
    rejected: int
    guessed: int = 0
    unmeasured: int = 0
    auc: float | None = None
    why_not: str = ""

    def in_words(self) -> str:
        """What the person is told."""
        if self.why_not:
            return self.why_not
        rightly = percent(self.auc or 0)
        words = (
            f"{count(self.guessed, 'undecided picture')} in the order of likely rejects, learned"
            f" from {self.kept:,} kept and {self.rejected:,} rejected; {rightly} of pairs stand as"
            " you would have them. It is only an order; nothing is applied."
        )
        if (self.auc or 0) < CHANCE:
            words += " So far that is hardly better than chance: rate more."
        left_out = f" {count(self.unmeasured, 'picture')} left out: not measured yet."
        return words + left_out * bool(self.unmeasured)


def predict_rejects(job: Job, project: Project) -> RejectPrediction:
    """Learn from what is judged, and record a guess for each undecided picture that is measured.

    Logistic regression with an L2 penalty on standardised numbers, the two kinds weighted alike.
    With fewer than 50 judged, or 8 of either kind, older guesses are dropped and it says why.
    """
    images = project.images(project.select())
    measures = project.measures([image.id for image in images])
    seen = [image for image in images if image.id in measures]
    judged = [image for image in seen if image.rejected or image.rating != Rating.UNRATED]
    rejected = sum(image.rejected for image in judged)
    found = RejectPrediction(len(judged) - rejected, rejected, unmeasured=len(images) - len(seen))
    if why_not := _why_not(found):
        project.record([RejectGuesses(())])
        return RejectPrediction(found.kept, found.rejected, why_not=why_not)
    job.progress(0, 2, "Learning")
    _ids, points = looks_among(project, [image.id for image in seen])
    model = _Model(seen, measures, points)
    auc = model.learn(judged)
    job.progress(1, 2, "Ordering")
    undecided = [i for i in seen if not i.rejected and i.rating == Rating.UNRATED]
    guesses = tuple(model.guess(image) for image in undecided)
    project.record([RejectGuesses(guesses)])
    return RejectPrediction(found.kept, found.rejected, len(guesses), found.unmeasured, auc)


def _why_not(found: RejectPrediction) -> str:
    """Why nothing can be learned yet, "" where it can."""
    judged = found.kept + found.rejected
    if judged < LEAST_JUDGED:
        return (
            f"Likely rejects need {LEAST_JUDGED} pictures that are measured and rated or rejected;"
            f" there are {judged:,}."
        )
    if min(found.kept, found.rejected) < LEAST_OF_EACH:
        return (
            f"Likely rejects need {LEAST_OF_EACH} kept and {LEAST_OF_EACH} rejected pictures; there"
            f" are {found.kept:,} and {found.rejected:,}."
        )
    return ""


class _Model:
    """The numbers of all measured pictures, and the weights learned for them."""

    def __init__(
        self, images: Sequence[Image], measures: dict[int, Measures], points: Points
    ) -> None:
        self._row = {image.id: row for row, image in enumerate(images)}
        self._raw = _numbers(images, measures)
        self._known = [n for n in range(self._raw.shape[1]) if np.isfinite(self._raw[:, n]).any()]
        filled = _bent(_filled(self._raw[:, self._known]))
        self._columns = np.concatenate([filled, _looks(points)], axis=1)

    def learn(self, judged: Sequence[Image]) -> float:
        """Learn from these; returns the cross-validated area under the ROC curve."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import StratifiedKFold, cross_val_predict
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        rows = [self._row[image.id] for image in judged]
        kinds = np.array([image.rejected for image in judged])
        regression = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
        model = make_pipeline(StandardScaler(), regression)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        unseen = cross_val_predict(
            model, self._columns[rows], kinds, cv=folds, method="decision_function"
        )
        model.fit(self._columns[rows], kinds)
        scaled = model[0].transform(self._columns)
        self._parts = scaled * regression.coef_[0]
        self._logits = self._parts.sum(axis=1) + regression.intercept_[0]
        filled = _filled(self._raw)[rows]
        self._usual = [np.median(filled[kinds == kind], axis=0) for kind in (False, True)]
        return float(roc_auc_score(kinds, unseen))

    def guess(self, image: Image) -> RejectGuess:
        """The score of a picture, with the strongest reasons for it."""
        row = self._row[image.id]
        score = 1 / (1 + np.exp(-self._logits[row]))
        sign = 1 if score >= 0.5 else -1
        parts = sign * self._parts[row]
        known = enumerate(self._known)
        said = [(parts[at], n) for at, n in known if np.isfinite(self._raw[row, n])]
        said.append((parts[len(self._known) :].sum(), -1))
        strongest = (n for part, n in sorted(said, reverse=True) if part >= _LEAST_REASON)
        words = filter(None, (self._words(row, n, sign) for n in strongest))
        return RejectGuess(image.id, float(score), tuple(islice(words, REASONS)))

    def _words(self, row: int, number: int, sign: int) -> str:
        """A reason, "" for a number that is not seen to differ."""
        if number < 0:
            return LIKE_REJECTED if sign > 0 else LIKE_KEPT
        value, other = self._raw[row, number], self._usual[0 if sign > 0 else 1][number]
        kind = "kept" if sign > 0 else "rejected"
        if number == len(MEANINGS):
            word = "large" if value > other else "small"
            return f"{word}: {value:.1f} MP, those you {kind} have {other:.1f} MP"
        meaning = list(MEANINGS.values())[number]
        word = meaning.judged(bool(value > other))
        shown, usual = meaning.shown(value), meaning.shown(other)
        if shown == usual:
            return ""
        return f"{word}: {meaning.spoken} {shown}, those you {kind} have {usual}"


def _numbers(images: Sequence[Image], measures: dict[int, Measures]) -> Columns:
    """A row per picture: its measures, NaN where there is none, and its megapixels."""
    rows = []
    for image in images:
        found = (getattr(measures[image.id], name) for name in MEANINGS)
        numbers = [np.nan if value is None else value for value in found]
        rows.append([*numbers, image.width * image.height / 1e6])
    return np.array(rows, np.float64).reshape(len(images), len(MEANINGS) + 1)


def _filled(columns: Columns) -> Columns:
    """What is not known is taken for the usual; columns of which nothing is known stay."""
    usual = [
        np.median(one[np.isfinite(one)]) if np.isfinite(one).any() else np.nan for one in columns.T
    ]
    return np.where(np.isfinite(columns), columns, usual)


def _bent(columns: Columns) -> Columns:
    """Numbers without an upper end weigh by their order of magnitude."""
    return np.log1p(np.maximum(columns, 0))


def _looks(points: NDArray[np.float32]) -> Columns:
    """The principal components of how pictures look: (pictures, at most 6)."""
    centred = points - points.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ vectors[:, np.argsort(values)[::-1][:LOOKS]], np.float64)
