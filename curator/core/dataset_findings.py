"""What an export or a run should tell about the pictures that are laid out for it."""

from __future__ import annotations

from collections.abc import Sequence

from curator.core.dataset_layout import Placed
from curator.core.findings import About, Finding
from curator.core.invocation import typed
from curator.core.shown_size import shown_size
from trainer.buckets import BucketRule, choose_bucket

NOTHING_RATED = Finding(
    About.NOTHING_RATED, "No picture is rated, so there is nothing to train on."
)


def caption_findings(placed: Sequence[Placed], trigger: str) -> list[Finding]:
    """Pictures without a caption, and a missing trigger; regularization pictures need neither."""
    trained = [one for one in placed if not one.folder.is_reg]
    bare = [one for one in trained if not one.captioned]
    findings = []
    if bare:
        words = ", ".join(sorted({f'"{one.folder.class_tokens}"' for one in bare}))
        findings.append(
            Finding(
                About.UNCAPTIONED,
                f"{len(bare):,} of {len(trained):,} pictures have no caption; theirs becomes"
                f" {words}.",
                images=tuple(one.image.id for one in bare),
            )
        )
    if not trigger:
        findings.append(
            Finding(
                About.NO_TRIGGER,
                "No trigger word is set, which suits a style; a subject wants one.",
                f"Set it: {typed('set DIR trigger=WORD')}",
            )
        )
    return findings


def size_findings(placed: Sequence[Placed], rule: BucketRule) -> list[Finding]:
    """The pictures that a trainer enlarges to fill their buckets."""
    factors = {}
    for one in placed:
        size = shown_size(one.image)
        factors[one.image.id] = choose_bucket(size, rule).resized[0] / size[0]
    enlarged = {id_: factor for id_, factor in factors.items() if factor > 1}
    if not enlarged:
        return []
    return [
        Finding(
            About.ENLARGED,
            f"{len(enlarged):,} of {len(placed):,} pictures are smaller than their bucket and are"
            f" enlarged, at most {max(enlarged.values()):.1f} times.",
            images=tuple(enlarged),
        )
    ]
