"""What there is to say about the quality of one picture, as (label, value) for people."""

from __future__ import annotations

from curator.core.badges import fit_percent
from curator.core.image_facts import Facts
from curator.core.measures import facts_of
from curator.core.readable import percent
from curator.core.records import Image, Rating
from curator.core.view import ProjectView

NOT_MEASURED = "not measured yet"
ONLY_AN_ORDER = "a guess from your ratings; nothing is applied"


def quality_facts(project: ProjectView, image: Image, resolution: int) -> Facts:
    """Its measures, and its size against the bucket."""
    fit = f"{fit_percent(image, resolution):,.0f} % of {resolution:,} px"
    found = project.measures([image.id]).get(image.id)
    numbers = facts_of(found) if found is not None else [("Measures", NOT_MEASURED)]
    return [("Size", fit), *numbers]


def guess_facts(project: ProjectView, image: Image) -> Facts:
    """How likely it would be rejected and why, while it is undecided and was guessed."""
    guess = project.reject_guesses([image.id]).get(image.id)
    if guess is None or image.rejected or image.rating != Rating.UNRATED:
        return []
    reasons = (
        [("Because", "\n".join(f"• {reason}" for reason in guess.reasons))] if guess.reasons else []
    )
    return [("Guess", f"{percent(guess.score)}, {ONLY_AN_ORDER}"), *reasons]
