"""What there is to say about pictures, as (label, value) for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from curator.core.balance import Plan
from curator.core.readable import count, megapixels, moment, percent, ratio, size
from curator.core.records import Image, ImageSet, ImportNote, Rating
from curator.core.settings import ProjectSettings
from curator.core.shares import Standing, standing

Facts = list[tuple[str, str]]


def file_facts(image: Image) -> Facts:
    """What the file is."""
    pixels = f"{image.width:,} x {image.height:,}"
    shape = f"{megapixels(image.width, image.height)}, {ratio(image.width, image.height)}"
    facts = [
        ("Picture", f"{pixels}\n{shape}"),
        ("File", f"{image.format}, {size(image.size_bytes)}"),
    ]
    if image.frames > 1:
        facts.append(("Frame", f"{image.frame + 1:,} of {image.frames:,}"))
    return [*facts, ("Path", image.path)]


def date_facts(image: Image) -> Facts:
    """When it was taken and added."""
    taken = [("Taken", moment(image.taken))] if image.taken is not None else []
    return [*taken, ("Added", moment(image.added))]


def source_facts(image: Image, note: ImportNote | None) -> Facts:
    """Where it came from, and under what it may be used."""
    facts = [("From", image.source), ("Page", image.source_url)]
    if note is not None:
        facts += [("Licence", note.licence), ("Consent", note.consent), ("Note", note.note)]
    return [(label, value) for label, value in facts if value]


def training_facts(image: Image, in_set: ImageSet | None, stands: Standing) -> Facts:
    """What the training makes of it."""
    facts = [("Rating", judgement(image)), ("Set", in_set.name if in_set else "none")]
    if not stands.takes_part:
        return [*facts, ("Trained on", f"no. {stands.why_not}")]
    facts.append(("Shown", f"{count(stands.repeats, 'time')} an epoch"))
    if stands.share:
        facts.append(("Share", f"{percent(stands.share)} of the steps"))
    return [*facts, ("Folder", stands.folder)]


def judgement(image: Image) -> str:
    """How a picture is rated, in a word, with the reason where it is rejected."""
    if image.rejected:
        return f"rejected: {image.reject_reason}" if image.reject_reason else "rejected"
    return Rating(image.rating).name.lower()


def facts_of_many(
    images: Sequence[Image], sets: Mapping[int, ImageSet], plan: Plan, settings: ProjectSettings
) -> Facts:
    """Several pictures counted and summed up."""
    areas = sorted(images, key=lambda image: image.width * image.height)
    least, most = areas[0], areas[-1]
    in_sets = [(image, sets.get(image.set_id or 0)) for image in images]
    stands = [standing(image, in_set, plan, settings) for image, in_set in in_sets]
    share = sum((one.share for one in stands), Fraction(0))
    captioned = sum(bool(image.caption) for image in images)
    return [
        ("Ratings", _counted("rejected" if i.rejected else judgement(i) for i in images)),
        ("Sets", _counted(in_set.name if in_set else "none" for _image, in_set in in_sets)),
        ("Captions", f"{captioned:,} of {len(images):,}"),
        ("Share", f"{percent(share)} of the steps" if share else "none of the steps"),
        ("Formats", _counted(image.format for image in images)),
        ("Files", size(sum(image.size_bytes for image in images))),
        ("Smallest", f"{least.width:,} x {least.height:,}"),
        ("Largest", f"{most.width:,} x {most.height:,}"),
    ]


def _counted(words: Iterable[str]) -> str:
    counts = Counter(words)
    return "\n".join(f"{number:,} {word}" for word, number in counts.most_common())
