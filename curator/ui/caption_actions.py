"""The actions about captions."""

from __future__ import annotations

from curator.ui.action_rows import CAPTIONS, ActionRow, Scope

CAPTION_ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("edit_caption", "Write the caption", CAPTIONS, ("E",), Scope.PICTURES),
    ActionRow("next_uncaptioned", "Next without a caption", CAPTIONS, ("Ctrl+Shift+Down",)),
    ActionRow("find_tag", "Find a tag", CAPTIONS, ("Ctrl+T",)),
    ActionRow("edit_many", "Edit many captions…", CAPTIONS, ("Ctrl+Shift+E",)),
    ActionRow("tags_alike", "Put tags together that look like one…", CAPTIONS),
    ActionRow("undesired_tags", "Undesired tags…", CAPTIONS),
    ActionRow("caption_recipes", "Captions at export…", CAPTIONS),
    ActionRow("tag_lists", "Tag lists…", CAPTIONS),
    ActionRow("caption_next", "Next picture", CAPTIONS, ("PgDown", "Ctrl+Down"), Scope.CAPTION),
    ActionRow("caption_previous", "Previous picture", CAPTIONS, ("PgUp", "Ctrl+Up"), Scope.CAPTION),
)
