"""The pictures of a run with captions, repeats and sizes, from dataset.toml or Kohya folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.buckets import Box, Placement, choose_bucket
from trainer.caption_files import CaptionReport, find_caption
from trainer.config import RunConfig
from trainer.errors import TrainerError
from trainer.faces import find_face
from trainer.held_out import hold_out
from trainer.interop.dataset_toml import read_dataset_toml
from trainer.mask_files import find_mask, is_mask
from trainer.options import Size
from trainer.order import BatchPlan, Manner, Pool
from trainer.pictures import find_pictures, upright_size
from trainer.reading import Reading, commas_in_brackets
from trainer.regularization import Shared, share_reg
from trainer.subsets import Subset, subset_of


@dataclass(frozen=True, slots=True)
class Item:
    """One picture: its caption, how often it is shown per epoch, and its upright size in pixels.

    `caption` has several lines where one of them is chosen by chance. `face` is in upright pixels;
    `mask` is the file that says which parts of the picture count.
    """

    path: Path
    caption: str
    repeats: int
    width: int
    height: int
    subset: Subset
    face: Box | None = None
    mask: Path | None = None

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


@dataclass(frozen=True, slots=True)
class Dataset:
    """All pictures in the order in which batches count them; `notes` are for the owner to read.

    Of the regularization pictures in `pools` an epoch shows only some.
    """

    items: tuple[Item, ...]
    subsets: tuple[Subset, ...]
    batch_size: int
    notes: tuple[str, ...]
    pools: tuple[Pool, ...] = ()

    @property
    def buckets(self) -> list[Size]:
        """The bucket of every item, as `BatchPlan` takes it."""
        return [item.placement.bucket for item in self.items]

    @property
    def repeats(self) -> list[int]:
        """The repeats of every item, as `BatchPlan` takes it."""
        return [item.repeats for item in self.items]

    def showings(self, *, is_reg: bool) -> int:
        """How many pictures an epoch shows, of training or for regularization, with repeats."""
        shown = sum(item.repeats for item in self.items if item.is_reg == is_reg)
        if not is_reg:
            return shown
        pooled = sum(self.items[at].repeats for pool in self.pools for at in pool.items)
        return shown - pooled + sum(pool.shown for pool in self.pools)

    def plan(self, config: RunConfig) -> BatchPlan:
        """Its batches in a run."""
        return BatchPlan(
            self.buckets,
            self.repeats,
            self.batch_size,
            config.seed,
            config.gradient_accumulation_steps,
            Manner(self.pools, config.exactly_as_sd_scripts),
        )


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
    beside = (
        config.train_data_dir if config.dataset_config is None else config.dataset_config.parent
    )
    captions = CaptionReport()
    items: list[Item] = []
    pools: list[Pool] = []
    found = [_group_items(group, beside, captions, notes) for group in groups]
    trained, held = hold_out([train for train, _ in found], config)
    for train, (_, reg) in zip(trained, found, strict=True):
        shared = share_reg(
            reg,
            sum(item.repeats for item in train),
            first=len(items) + len(train),
            exactly=config.exactly_as_sd_scripts,
        )
        notes += _reg_notes(shared, len(reg))
        items += [*train, *shared.items]
        pools += shared.pools
    captions.check()
    if not any(not item.is_reg for item in items):
        raise TrainerError(
            "There are no pictures to train on.",
            "Pictures are looked for directly in the folders of the dataset; in a training folder, "
            'only in sub-folders with a name such as "5_name".',
        )
    _check_weights(items, Reading.of(config))
    notes += [*captions.notes(), *_notes(items), *held]
    subsets = tuple(it for group in groups for it in group)
    return Dataset(tuple(items), subsets, batch_size, tuple(notes), tuple(pools))


def _group_items(
    group: Sequence[Subset], beside: Path | None, captions: CaptionReport, notes: list[str]
) -> tuple[list[Item], list[Item]]:
    """Pictures to train on, and regularization pictures, of folders that share a dataset."""
    train: list[Item] = []
    reg: list[Item] = []
    for subset in group:
        found = _subset_items(subset, beside, captions)
        if not found:
            notes.append(f"{subset.image_dir} holds no pictures.")
        (reg if subset.is_reg else train).extend(found)
    return train, reg


def _reg_notes(shared: Shared, count: int) -> Iterable[str]:
    left_out = count - len(shared.items)
    if left_out:
        yield f"{left_out} of {count} regularization pictures are not used."
    if shared.pools:
        shown = sum(pool.shown for pool in shared.pools)
        yield (
            f"There are more regularization pictures than an epoch needs; each shows {shown}, the "
            "next epoch the next ones."
        )


def _notes(items: Sequence[Item]) -> Iterable[str]:
    masked = sum(item.mask is not None for item in items)
    if masked:
        yield f"Masks: {masked} of {len(items)} pictures have a mask file."
    cropped = [item for item in items if item.subset.face_crop_aug_range]
    faceless = sum(item.face is None for item in cropped)
    if faceless:
        yield f"Without a known face, cropped as usual: {faceless} of {len(cropped)} pictures."


def _check_weights(items: Sequence[Item], reading: Reading) -> None:
    for item in items if reading.weighted else ():
        subset = item.subset
        moves = subset.shuffle_caption or subset.caption_tag_dropout_rate
        if moves and commas_in_brackets(item.caption, subset.caption_separator):
            raise TrainerError(
                f"The caption of {item.path} has weights around several tags, which moving or "
                "leaving out tags would tear apart.",
                "Give each tag a weight of its own, or switch weighted_captions off.",
            )


def _subset_items(subset: Subset, beside: Path | None, captions: CaptionReport) -> list[Item]:
    items = []
    for path in find_pictures(subset.image_dir):
        if is_mask(path):
            continue
        caption = find_caption(path, subset, captions)
        face = find_face(path, subset, beside) if subset.face_crop_aug_range else None
        mask, size = find_mask(path, subset), upright_size(path)
        items.append(Item(path, caption, subset.num_repeats, *size, subset, face, mask))
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
