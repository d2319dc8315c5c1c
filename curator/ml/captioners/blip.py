"""BLIP: one short sentence, however much is asked for."""

from __future__ import annotations

from curator.core.describing import Detail
from curator.ml.captioners.wording import CaptionerFormat

FORMAT = CaptionerFormat(
    title="BLIP",
    prompts=dict.fromkeys(Detail, ""),
    tokens=dict.fromkeys(Detail, 50),
    beams=3,
)
