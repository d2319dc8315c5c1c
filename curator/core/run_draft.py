"""A run before it is started: what it would be, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curator.core.base_models import BaseModel, recognise
from curator.core.errors import UserError
from curator.core.extras import require_extra
from curator.core.mending import Mend, mends_in
from curator.core.run_plan import TrainRequest, draft_run
from curator.core.run_preview import RunPreview, preview
from curator.core.view import ProjectView
from trainer.config import RunConfig
from trainer.errors import TrainerError


@dataclass(frozen=True, slots=True)
class RunDraft:
    """`obstacle` says why the run can't be started, "" where it can.

    `conflict` says which options don't fit together, and `mends` what would end that; then there is
    no preview. `base` is None while none is chosen. `bare` holds what the options are where nobody
    changed them.
    """

    obstacle: str
    conflict: str
    base: BaseModel | None
    base_bytes: int
    bare: RunConfig | None
    preview: RunPreview | None
    mends: tuple[Mend, ...] = ()


def draft(project: ProjectView, request: TrainRequest) -> RunDraft:
    """What a run would be if it were started now; reads records and headers, no picture."""
    chosen = request.base or project.settings.base
    base = recognise(Path(chosen)) if chosen else None
    size = size_of(base.path) if base else 0
    bare = None
    try:
        bare = draft_run(project, request, bare=True).config
        found = preview(project, draft_run(project, request).config)
    except (UserError, TrainerError) as error:
        mends = mends_in(error.message, error.hint)
        return RunDraft(f"{error}", f"{error}", base, size, bare, None, mends)
    return RunDraft(_obstacle(base, found), "", base, size, bare, found)


def _obstacle(base: BaseModel | None, found: RunPreview) -> str:
    try:
        require_extra("train")
    except UserError as error:
        return f"{error}"
    if base is None:
        return "Choose a base model."
    if not base.trainable:
        return base.why_not
    return "" if found.images else "Rate some pictures primary or supporting first."


def size_of(path: Path) -> int:
    """The bytes of a file or of all files in a folder; 0 for what can't be looked at."""
    try:
        if path.is_dir():
            return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
        return path.stat().st_size
    except OSError:
        return 0
