"""Looking at a project: everything that can be read of it, from any thread."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from curator.core.duplicates import COPIES, Group, Kind, Pair, Verdict, different, groups_of
from curator.core.errors import UserError
from curator.core.facets import Facets
from curator.core.geometry import Size
from curator.core.grouping import COLUMNS, Grouped, grouped, ungrouped
from curator.core.measures import Measures
from curator.core.query_completion import Vocabulary
from curator.core.records import (
    HistoryEntry,
    Image,
    ImageSet,
    ImportNote,
    MirrorState,
    RejectGuess,
    SavedFilter,
    Summary,
)
from curator.core.settings import ProjectSettings, from_stored
from curator.core.store import (
    crops,
    duplicates,
    facets,
    images,
    journal,
    lists,
    mirrors,
    quality,
    shown_sizes,
    tag_bearers,
    tag_scores,
    tag_usage,
    tags,
)
from curator.core.store.connection import Readers
from curator.core.tag_table import TagUsage
from curator.core.tagger_records import Tagger
from curator.core.timeline import ImageEvent
from curator.core.trash import Trash, trash_of

if TYPE_CHECKING:
    from curator.core.tag_scores import Scores

DATABASE = "project.db"


class ProjectView:
    """What a project holds as of the last commit; each thread reads through its own connection."""

    def __init__(self, root: Path) -> None:
        """`root` is the project's folder."""
        self.root = root
        self.images_dir = root / "images"
        self.cache_dir = root / "cache"
        self.dataset_dir = root / "dataset"
        self.checkpoints_dir = root / "checkpoints"
        self.samples_dir = root / "samples"
        self.logs_dir = root / "logs"
        self.runs_dir = root / "runs"
        self.backups_dir = root / "backups"
        self._readers = Readers(root / DATABASE)

    @property
    def settings(self) -> ProjectSettings:
        """The project's settings as they are now."""
        return from_stored(self.stored_settings())

    def stored_settings(self) -> dict[str, str]:
        """The settings that differ from their defaults, as text: what an edit starts from."""
        with self._readers.here() as db:
            return lists.settings(db)

    def select(self, query: str = "") -> array[int]:
        """The ids that a query finds, in its order. Raises QueryError."""
        with self._readers.here() as db:
            return images.select(db, query)

    def grouped(self, query: str = "", by: str = "") -> Grouped:
        """What a query finds, grouped by "set", "day", "folder" or not at all. Raises QueryError.

        Inside a group the query's order holds.
        """
        if not by:
            return ungrouped(self.select(query))
        with self._readers.here() as db:
            names = {one.id: one.name for one in lists.sets(db)}
            return grouped(images.select_with(db, query, COLUMNS[by]), by, names)

    def facets(self, query: str = "") -> Facets:
        """What a query finds, counted by rating, set, format, size, caption and reject reason.

        Each count is what its term finds in place of the facet's other values; many pictures take
        a while. Raises QueryError.
        """
        with self._readers.here() as db:
            return facets.facets(db, query)

    def vocabulary(self) -> Vocabulary:
        """What queries may name here; counting the tags takes a while in a large project."""
        with self._readers.here() as db:
            names = tuple(one.name for one in lists.sets(db))
            buckets = tuple(shown_sizes.buckets(db))
            return Vocabulary(names, tuple(tags.counts(db)), tuple(images.formats(db)), buckets)

    def images(self, ids: Iterable[int]) -> list[Image]:
        """The records of these ids, in their order; ids that do not exist are left out."""
        with self._readers.here() as db:
            return list(images.read(db, ids))

    def summary(self, ids: Iterable[int]) -> Summary | None:
        """These images counted, of any number; None when there is none of them."""
        with self._readers.here() as db:
            return images.summary(db, ids)

    def shown_sizes(self, query: str = "") -> Counter[Size]:
        """How many of a query's pictures have each size after their recipes. Raises QueryError."""
        with self._readers.here() as db:
            return shown_sizes.sizes(db, query)

    def image(self, image_id: int) -> Image:
        """One record. Raises UserError when there is none."""
        found = self.images([image_id])
        if not found:
            raise UserError(f"There is no image {image_id} in this project.")
        return found[0]

    def measures(self, ids: Iterable[int]) -> dict[int, Measures]:
        """What was measured of those of these images that have been measured."""
        with self._readers.here() as db:
            return quality.measures(db, ids)

    def descriptors(self, ids: Iterable[int]) -> dict[int, bytes]:
        """What likeness is told by, see `core.likeness`, of those that have been measured."""
        with self._readers.here() as db:
            return quality.descriptors(db, ids)

    def reject_guesses(self, ids: Iterable[int]) -> dict[int, RejectGuess]:
        """How likely these images would be rejected, of those it was guessed of."""
        with self._readers.here() as db:
            return quality.guesses(db, ids)

    def taggers(self) -> list[Tagger]:
        """The taggers that have scored pictures of the project, the latest known first."""
        with self._readers.here() as db:
            return tag_scores.taggers(db)

    def scores(self, tagger: Tagger, ids: Iterable[int] | None = None) -> Scores:
        """What a tagger found in these images as they are now; None: in all, see `scored_by`."""
        from curator.core.tag_scores import Scores  # NumPy

        with self._readers.here() as db:
            return Scores(tagger, tag_scores.rows(db, tagger.sha256, ids))

    def scored_by(self, sha256: str) -> set[int]:
        """The images that the tagger of this model has scored as they are now."""
        with self._readers.here() as db:
            return tag_scores.scored_ids(db, sha256)

    def known(self, sha256: str) -> dict[int, Image]:
        """The images with this content by frame, removed ones included."""
        with self._readers.here() as db:
            return {i.frame: i for i in images.with_hash(db, sha256)}

    def crops_of(self, ids: Iterable[int], *, removed: bool = False) -> dict[int, int]:
        """By the id of a crop that of its source, for all crops of these; `removed` ones too."""
        with self._readers.here() as db:
            return crops.of(db, ids, removed=removed)

    def cropped_elsewhere(self, ids: Sequence[int]) -> set[int]:
        """Those of these images that have a crop, removed or not, which is not among them."""
        with self._readers.here() as db:
            return crops.sources_kept(db, ids)

    def group_counts(self) -> list[tuple[int | None, int, int, int]]:
        """(set id, rating, rejected, how many) of what is not removed."""
        with self._readers.here() as db:
            return images.group_counts(db)

    def tag_counts(self) -> list[tuple[str, int]]:
        """(tag, how many images not removed carry it), the most frequent first."""
        with self._readers.here() as db:
            return tags.counts(db)

    def tag_bearers(self, names: Sequence[str]) -> dict[str, set[int]]:
        """By tag, the images that carry it, removed ones included."""
        with self._readers.here() as db:
            return tag_bearers.bearers(db, names)

    def ratings(self, query: str = "") -> list[tuple[int, int, int | None]]:
        """(id, rating, set id) of what a query finds, in its order. Raises QueryError."""
        with self._readers.here() as db:
            return tag_bearers.ratings(db, query)

    def tags_of(self, ids: Iterable[int]) -> dict[str, int]:
        """How many of these images, of any number, carry each tag."""
        with self._readers.here() as db:
            return tag_usage.of_images(db, set(ids))

    def tag_usage(self, query: str = "") -> TagUsage:
        """How many of a query's images, and of the primaries among them, carry each tag.

        Many pictures take a while. Raises QueryError.
        """
        with self._readers.here() as db:
            return tag_usage.usage(db, query)

    def sets(self) -> list[ImageSet]:
        """The sets, by name."""
        with self._readers.here() as db:
            return lists.sets(db)

    def set_named(self, name: str) -> ImageSet | None:
        """The set of that name, in any case."""
        return next((s for s in self.sets() if s.name.casefold() == name.casefold()), None)

    def filters(self) -> list[SavedFilter]:
        """The saved filters, by name."""
        with self._readers.here() as db:
            return lists.filters(db)

    def imports(self) -> list[ImportNote]:
        """What was imported, the oldest first."""
        with self._readers.here() as db:
            return lists.imports(db)

    def facts(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The known facts of a kind about these keys."""
        with self._readers.here() as db:
            return lists.facts(db, kind, keys)

    def history(self, limit: int = 100) -> list[HistoryEntry]:
        """The journal, the newest entry first."""
        with self._readers.here() as db:
            return journal.history(db, limit)

    def undo_label(self) -> str | None:
        """The label of what undo would take back, None when there is nothing."""
        with self._readers.here() as db:
            return journal.next_undo(db)

    def redo_label(self) -> str | None:
        """The label of what redo would make again, None when there is nothing."""
        with self._readers.here() as db:
            return journal.next_redo(db)

    def image_history(self, image_id: int, limit: int = 200) -> list[ImageEvent]:
        """What was done to one image, the newest first; reads the journal, so not for the GUI."""
        with self._readers.here() as db:
            return journal.of_image(db, image_id, limit)

    def compared(self, version: int) -> set[int]:
        """The images whose duplicates among each other were looked for, as of a version."""
        with self._readers.here() as db:
            return duplicates.compared(db, version)

    def open_pairs(self, kinds: Iterable[Kind] = COPIES) -> list[Pair]:
        """Pairs about which nothing was decided, of images neither removed nor rejected."""
        with self._readers.here() as db:
            return duplicates.open_pairs(db, kinds)

    def all_pairs(self, kinds: Iterable[Kind] = COPIES) -> list[Pair]:
        """All pairs of images that are not removed, whatever was decided about them."""
        with self._readers.here() as db:
            return duplicates.all_pairs(db, kinds)

    def verdicts(self) -> dict[str, Verdict]:
        """What was decided about pairs, by their names: `core.duplicates.pair_id`."""
        with self._readers.here() as db:
            return duplicates.verdicts(db)

    def duplicate_groups(self, kinds: Iterable[Kind] = COPIES) -> list[Group]:
        """The groups about which nothing was decided."""
        return groups_of(self.open_pairs(kinds), different(self.verdicts()))

    def trash(self) -> Trash:
        """What is removed; asks the disk for the size of every copy."""
        return trash_of(self.images(self.select("is:removed")), self.images_dir)

    def mirrors_due(self, limit: int) -> list[int]:
        """Images whose mirror files are out of date."""
        with self._readers.here() as db:
            return mirrors.due(db, limit)

    def mirror_states(self, ids: Iterable[int]) -> dict[tuple[int, str], MirrorState]:
        """What the mirrors of these images held when last written, by (image id, kind)."""
        with self._readers.here() as db:
            return mirrors.states(db, ids)
