"""What there is to say about pictures, as (label, value) for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from curator.core.balance import Plan
from curator.core.readable import count, megapixels, moment, percent, ratio, size
from curator.core.records import Image, ImageSet, ImportNote, Rating, Summary
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


def crop_facts(image: Image, source: str, crops: int) -> Facts:
    """Of which picture it is a crop, how many it has itself, and whether a part of it is masked."""
    facts = [("Crop of", source)] if source else []
    facts += [("Crops", f"{crops:,} beside it")] if crops else []
    return [*facts, *([("Mask", "a part of it is learned")] if image.mask else [])]


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
    summed: Summary, sets: Mapping[int, ImageSet], plan: Plan, settings: ProjectSettings
) -> Facts:
    """What there is to say about several pictures."""
    ratings: Counter[str] = Counter()
    in_sets: Counter[str] = Counter()
    share = Fraction(0)
    for image, number in summed.alike:
        in_set = sets.get(image.set_id or 0)
        ratings["rejected" if image.rejected else judgement(image)] += number
        in_sets[in_set.name if in_set else "none"] += number
        share += number * standing(image, in_set, plan, settings).share
    return [
        ("Ratings", _counted(ratings)),
        ("Sets", _counted(in_sets)),
        ("Captions", f"{summed.captioned:,} of {summed.images:,}"),
        ("Share", f"{percent(share)} of the steps" if share else "none of the steps"),
        ("Formats", _counted(Counter(dict(summed.formats)))),
        ("Files", size(summed.size_bytes)),
        ("Smallest", "{:,} x {:,}".format(*summed.smallest)),
        ("Largest", "{:,} x {:,}".format(*summed.largest)),
    ]


def _counted(counts: Counter[str]) -> str:
    return "\n".join(f"{number:,} {word}" for word, number in counts.most_common())
