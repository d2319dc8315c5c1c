"""The actions about captions."""

from __future__ import annotations

from curator.ui.action_rows import CAPTIONS, ActionRow, Scope

CAPTION_ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("edit_caption", "Write the caption", CAPTIONS, ("E",), Scope.PICTURES),
    ActionRow("tag", "Look for tags…", CAPTIONS, ("Ctrl+T",)),
    ActionRow("apply_tags", "Give the tags that are proposed", CAPTIONS),
    ActionRow("describe", "Describe in sentences…", CAPTIONS),
    ActionRow("next_uncaptioned", "Next without a caption", CAPTIONS, ("Ctrl+Shift+Down",)),
    ActionRow("caption_next", "Next picture", CAPTIONS, ("PgDown", "Ctrl+Down"), Scope.CAPTION),
    ActionRow("caption_previous", "Previous picture", CAPTIONS, ("PgUp", "Ctrl+Up"), Scope.CAPTION),
)
