"""Florence-2: a sentence, several, or a paragraph, by its own task words."""

from __future__ import annotations

from curator.core.describing import Detail
from curator.ml.captioners.wording import CaptionerFormat

FORMAT = CaptionerFormat(
    title="Florence-2",
    prompts={
        Detail.SHORT: "<CAPTION>",
        Detail.DETAILED: "<DETAILED_CAPTION>",
        Detail.PARAGRAPH: "<MORE_DETAILED_CAPTION>",
    },
    tokens={Detail.SHORT: 64, Detail.DETAILED: 256, Detail.PARAGRAPH: 512},
    beams=3,
)
