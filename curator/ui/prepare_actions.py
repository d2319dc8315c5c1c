"""The actions of preparing pictures: tools, what is done with one, steps and presets."""

from __future__ import annotations

from curator.ui.action_rows import PREPARE, ActionRow, Scope

_P, _T = Scope.PICTURES, Scope.TOOLING

PREPARE_ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("crop", "Crop", PREPARE, ("R",), _P),
    ActionRow("straighten", "Straighten", PREPARE, ("Shift+R",), _P),
    ActionRow("heal", "Heal", PREPARE, ("H",), _P),
    ActionRow("blur", "Blur or pixelate", PREPARE, ("Shift+B",), _P),
    ActionRow("paint", "Paint", PREPARE, ("P",), _P),
    ActionRow("adjust", "Adjust light and colour", PREPARE, ("J",), _P),
    ActionRow("pad", "Pad", PREPARE, ("Shift+P",), _P),
    ActionRow("cut_out", "Cut out by hand", PREPARE, ("K",), _P),
    ActionRow("cut_out_subject", "Cut the subject out by a model", PREPARE, ("Shift+K",), _P),
    ActionRow("enlarge", "Enlarge to the bucket", PREPARE, ("Shift+E",), _P),
    ActionRow("filter_picture", "Filter by a model", PREPARE, ("Shift+F",), _P),
    ActionRow("mask", "Paint a mask of the training", PREPARE, ("Shift+M",), _P),
    ActionRow("before", "Before, while the key is held", PREPARE, ("B",), _P),
    ActionRow("copy_steps", "Copy the steps", PREPARE, ("Ctrl+Alt+C",), _P),
    ActionRow("paste_steps", "Paste the steps", PREPARE, ("Ctrl+Alt+V",), _P),
    ActionRow("clear_steps", "Take all steps back", PREPARE),
    ActionRow("presets", "Apply a preset…", PREPARE, ("Ctrl+P",), _P),
    ActionRow("tool_accept", "Accept", PREPARE, ("Return", "Enter"), _T),
    ActionRow("tool_next", "Accept, next picture, same framing", PREPARE, ("Shift+Return",), _T),
    ActionRow("tool_cancel", "Cancel", PREPARE, ("Escape",), _T),
    ActionRow("tool_ratio", "Next bucket's shape", PREPARE, ("R",), _T),
    ActionRow("tool_ratio_back", "Previous bucket's shape", PREPARE, ("Shift+R",), _T),
    ActionRow("tool_lock", "Keep the ratio, or not", PREPARE, ("L",), _T),
    ActionRow("tool_thirds", "Rule of thirds", PREPARE, ("T",), _T),
    ActionRow("tool_full", "Proposal: full", PREPARE, ("1",), _T),
    ActionRow("tool_upper_body", "Proposal: upper body", PREPARE, ("2",), _T),
    ActionRow("tool_head", "Proposal: head", PREPARE, ("3",), _T),
    ActionRow("tool_smaller", "Smaller brush", PREPARE, ("[",), _T),
    ActionRow("tool_larger", "Larger brush", PREPARE, ("]",), _T),
    ActionRow("tool_softer", "Softer brush", PREPARE, ("{",), _T),
    ActionRow("tool_harder", "Harder brush", PREPARE, ("}",), _T),
    ActionRow("tool_other", "Draw or erase, keep or drop", PREPARE, ("X",), _T),
    ActionRow("tool_take_back", "Take back the last stroke", PREPARE, ("Backspace",), _T),
)
