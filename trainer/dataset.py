"""The pictures of a run with captions, repeats and sizes, from dataset.toml or Kohya folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.buckets import BucketRule, Placement, choose_bucket
from trainer.caption_files import CaptionReport, find_caption
from trainer.config import RunConfig
from trainer.errors import TrainerError
from trainer.frames import Frame, frame_of
from trainer.interop.dataset_toml import read_dataset_toml
from trainer.options import Size
from trainer.pictures import find_pictures, upright_size
from trainer.subsets import Subset


@dataclass(frozen=True, slots=True)
class Item:
    """One picture: its caption, how often it is shown per epoch, and its upright size in pixels."""

    path: Path
    caption: str
    repeats: int
    width: int
    height: int
    subset: Subset

    @property
    def is_reg(self) -> bool:
        """Whether it is a regularization picture, whose loss has a weight of its own."""
        return self.subset.is_reg

    @property
    def folder(self) -> str:
        """The name of its folder, as metadata and notes call it."""
        return self.subset.image_dir.name

    @property
    def placement(self) -> Placement:
        """Its bucket and what is cropped away."""
        return choose_bucket((self.width, self.height), self.subset.rule)

    def frame(self, *, mirrored: bool) -> Frame:
        """How it was fitted into its bucket."""
        return frame_of((self.width, self.height), self.placement, mirrored=mirrored)


@dataclass(frozen=True, slots=True)
class Dataset:
    """All pictures in the order in which batches count them; `notes` are for the owner to read."""

    items: tuple[Item, ...]
    subsets: tuple[Subset, ...]
    batch_size: int
    notes: tuple[str, ...]

    @property
    def buckets(self) -> list[Size]:
        """The bucket of every item, as `BatchPlan` takes it."""
        return [item.placement.bucket for item in self.items]

    @property
    def repeats(self) -> list[int]:
        """The repeats of every item, as `BatchPlan` takes it."""
        return [item.repeats for item in self.items]


def read_dataset(config: RunConfig) -> Dataset:
    """The dataset of a run: its dataset_config, else its train_data_dir and reg_data_dir.

    Reads captions and the headers of pictures. Raises TrainerError when a folder, caption or
    picture cannot be read, or when there is nothing to train on.
    """
    notes: list[str] = []
    if config.dataset_config is not None:
        file = read_dataset_toml(config.dataset_config, config)
        groups, batch_size = file.groups, file.batch_size
        notes += _differences(config, groups, batch_size)
    else:
        groups, batch_size = (tuple(_kohya_subsets(config, notes)),), config.train_batch_size
    captions = CaptionReport()
    items: list[Item] = []
    for group in groups:
        items += _group_items(group, captions, notes)
    captions.check()
    if not any(not item.is_reg for item in items):
        raise TrainerError(
            "There are no pictures to train on.",
            "Pictures are looked for directly in the folders of the dataset; in a training folder, "
            'only in sub-folders with a name such as "5_name".',
        )
    notes += captions.notes()
    return Dataset(
        tuple(items), tuple(it for group in groups for it in group), batch_size, tuple(notes)
    )


def _group_items(group: Sequence[Subset], captions: CaptionReport, notes: list[str]) -> list[Item]:
    train: list[Item] = []
    reg: list[Item] = []
    for subset in group:
        found = _subset_items(subset, captions)
        if not found:
            notes.append(f"{subset.image_dir} holds no pictures.")
        (reg if subset.is_reg else train).extend(found)
    wanted = sum(item.repeats for item in train)
    used = balance_reg(reg, wanted)
    if len(used) < len(reg):
        notes.append(f"{len(reg) - len(used)} of {len(reg)} regularization pictures are not used.")
    return train + used


def balance_reg(reg: Sequence[Item], wanted: int) -> list[Item]:
    """Regularization pictures with as many showings as there are of training pictures.

    As in sd-scripts: taken in order with their repeats until `wanted` is reached; when they do not
    suffice, each in turn gets one more repeat until it is. The others are not used.
    """
    used: list[Item] = []
    shown = 0
    for item in reg:
        if shown >= wanted:
            break
        used.append(item)
        shown += item.repeats
    if not used:
        return used
    rounds, extra = divmod(max(0, wanted - shown), len(used))
    return [
        replace(item, repeats=item.repeats + rounds + (at < extra)) for at, item in enumerate(used)
    ]


def _subset_items(subset: Subset, captions: CaptionReport) -> list[Item]:
    items = []
    for path in find_pictures(subset.image_dir):
        caption = find_caption(path, subset, captions)
        items.append(Item(path, caption, subset.num_repeats, *upright_size(path), subset))
    return items


def _kohya_subsets(config: RunConfig, notes: list[str]) -> Iterable[Subset]:
    if config.train_data_dir is None:
        raise TrainerError("There is nothing to train on.", "Set dataset_config or train_data_dir.")
    yield from _named_folders(config, config.train_data_dir, False, notes)
    if config.reg_data_dir is not None:
        yield from _named_folders(config, config.reg_data_dir, True, notes)


def _named_folders(
    config: RunConfig, root: Path, is_reg: bool, notes: list[str]
) -> Iterable[Subset]:
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir())
    except OSError as error:
        raise TrainerError(f"Cannot read the folder {root}: {error.strerror}.") from error
    for folder in folders:
        repeats, class_tokens = parse_folder_name(folder.name)
        if repeats < 1:
            notes.append(f'{folder} is not used: its name does not begin with repeats, like "5_".')
            continue
        yield subset_of(config, folder, repeats, class_tokens, is_reg)


def subset_of(
    config: RunConfig, folder: Path, repeats: int, class_tokens: str, is_reg: bool
) -> Subset:
    """A folder whose pictures are treated as the run's options say."""
    return Subset(
        image_dir=folder,
        num_repeats=repeats,
        class_tokens=class_tokens,
        is_reg=is_reg,
        caption_extension=config.caption_extension,
        shuffle_caption=config.shuffle_caption,
        keep_tokens=config.keep_tokens,
        caption_dropout_rate=config.caption_dropout_rate,
        flip_aug=config.flip_aug,
        rule=BucketRule.of(config),
    )


def parse_folder_name(name: str) -> tuple[int, str]:
    """(repeats, class tokens) of a folder "N_class"; repeats below 1 mean that it is not used."""
    first, _, rest = name.partition("_")
    try:
        return int(first), rest
    except ValueError:
        return 0, ""


def _differences(
    config: RunConfig, groups: Sequence[Sequence[Subset]], batch_size: int
) -> Iterable[str]:
    """What the run file says and the dataset file overrules."""
    if config.train_data_dir is not None or config.reg_data_dir is not None:
        yield f"{config.dataset_config} is read; train_data_dir and reg_data_dir are not."
    if batch_size != config.train_batch_size:
        yield (
            f"{config.dataset_config} sets the batch size to {batch_size}; "
            f"train_batch_size {config.train_batch_size} is not used."
        )
    sizes = {subset.rule.resolution for group in groups for subset in group}
    for size in sorted(sizes - {config.resolution}):
        yield (
            f"{config.dataset_config} sets the resolution {size[0]}x{size[1]}; the run's "
            f"{config.resolution[0]}x{config.resolution[1]} is not used there."
        )
