"""The actions about captions."""

from __future__ import annotations

from curator.ui.action_rows import CAPTIONS, ActionRow, Scope

CAPTION_ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("edit_caption", "Write the caption", CAPTIONS, ("E",), Scope.PICTURES),
    ActionRow("tag", "Look for tags…", CAPTIONS, ("Ctrl+T",)),
    ActionRow("apply_tags", "Give the tags that are proposed", CAPTIONS),
    ActionRow("describe", "Describe in sentences…", CAPTIONS),
    ActionRow("next_uncaptioned", "Next without a caption", CAPTIONS, ("Ctrl+Shift+Down",)),
    ActionRow("trigger_wizard", "Trigger word…", CAPTIONS, ("Ctrl+Shift+T",)),
    ActionRow("coverage", "Coverage", CAPTIONS, ("Ctrl+Shift+C",)),
    ActionRow("lint", "Check captions", CAPTIONS, ("Ctrl+L",)),
    ActionRow("sweep", "Sweep a tag…", CAPTIONS, ("Ctrl+Shift+Y",)),
    ActionRow("sweep_yes", "Yes, it is there", CAPTIONS, ("Y",), Scope.SWEEPING),
    ActionRow("sweep_no", "No, it is not there", CAPTIONS, ("N",), Scope.SWEEPING),
    ActionRow("sweep_skip", "Skip", CAPTIONS, ("S",), Scope.SWEEPING),
    ActionRow("sweep_back", "Take back the last answer", CAPTIONS, ("Backspace",), Scope.SWEEPING),
    ActionRow("find_tag", "Find a tag", CAPTIONS, ("Ctrl+G",)),
    ActionRow("edit_many", "Edit many captions…", CAPTIONS, ("Ctrl+Shift+E",)),
    ActionRow("tags_alike", "Put tags together that look like one…", CAPTIONS),
    ActionRow("undesired_tags", "Undesired tags…", CAPTIONS),
    ActionRow("caption_recipes", "Captions at export…", CAPTIONS),
    ActionRow("tag_lists", "Tag lists…", CAPTIONS),
    ActionRow("caption_next", "Next picture", CAPTIONS, ("PgDown", "Ctrl+Down"), Scope.CAPTION),
    ActionRow("caption_previous", "Previous picture", CAPTIONS, ("PgUp", "Ctrl+Up"), Scope.CAPTION),
)
