"""`python -m trainer lora WORD ...`: looks at finished LoRA files, edits, merges, converts them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path

from trainer.errors import TrainerError
from trainer.lora_files import baking, bases, merging, metadata, resizing, saving, sharing
from trainer.lora_files.converting import convert
from trainer.lora_files.extracting import extract
from trainer.lora_files.layers import Parts
from trainer.lora_files.reading import LoraFile, read
from trainer.lora_files.resizing import Limit
from trainer.lora_files.showing import Summary, summary

_TAGS_SHOWN, _NAMES_SHOWN = 30, 3


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says. Raises TrainerError; argparse ends the process itself."""
    wanted = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = wanted.run
    run(wanted)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer lora", description=main.__doc__)
    parser.description = "Looks at finished LoRA files, and makes new ones from them."
    words = parser.add_subparsers(required=True, metavar="WORD")

    def word(name: str, run: Callable[[argparse.Namespace], None], text: str) -> _Word:
        found = words.add_parser(name, help=text, description=text)
        found.set_defaults(run=run)
        return _Word(found)

    word("show", _show, "what a file is: type, ranks, tags, metadata, who reads it").file().flag(
        "--json", "all of it as one JSON document"
    )
    word("edit", _edit, "change metadata; tensors stay bit for bit").file().pairs().output(
        "the file itself"
    )
    word(
        "share-safe", _share, "take out folder names, paths and prompts; keep triggers"
    ).file().output("FILE-shared.safetensors")
    word("merge", _merge, "several LoRAs as one").files(
        "FILE"
    ).weights().limit().output().precision()
    word("rescale", _rescale, "make weight 1 what another weight was").file().by().output()
    word("resize", _resize, "fewer ranks").file().limit().output().precision()
    word("convert", _convert, "any type as plain LoRA").file().base(
        False
    ).limit().output().precision()
    word("extract", _extract, "a LoRA from a trained model and the one it began with").tuned().base(
        True
    ).limit().conv().output().precision()
    word("merge-into", _bake, "put LoRAs into a base model for good").checkpoint().files(
        "LORA"
    ).weights().output().precision()
    return parser


class _Word:
    """The arguments of one word, each added by a method that gives the word back."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._add = parser.add_argument

    def file(self) -> _Word:
        self._add("file", type=Path, help="a .safetensors file")
        return self

    def files(self, name: str) -> _Word:
        self._add("files", type=Path, nargs="+", metavar=name, help="a .safetensors file")
        return self

    def checkpoint(self) -> _Word:
        self._add("checkpoint", type=Path, help="a .safetensors checkpoint or a diffusers folder")
        return self

    def flag(self, name: str, text: str) -> _Word:
        self._add(name, action="store_true", help=text)
        return self

    def pairs(self) -> _Word:
        text = "a value to set; may be given several times"
        self._add("--set", action="append", default=[], metavar="KEY=VALUE", help=text)
        text = "a key to take out; may be given several times"
        self._add("--remove", action="append", default=[], metavar="KEY", help=text)
        return self

    def weights(self) -> _Word:
        text = "one for each LoRA; 1 without it"
        self._add("--weights", type=_number, nargs="+", metavar="W", help=text)
        return self

    def by(self) -> _Word:
        self._add("--by", type=_number, required=True, help="the weight that becomes 1, such as .5")
        return self

    def limit(self) -> _Word:
        self._add("--rank", type=_rank, help="at most so many ranks a layer")
        text = "as few ranks as hold this share of a layer's energy (squared size), such as .9"
        self._add("--keep", type=_share_of, help=text)
        return self

    def conv(self) -> _Word:
        self._add("--conv-rank", type=_rank, help="convolutions too, with so many ranks")
        return self

    def tuned(self) -> _Word:
        self._add("--tuned", type=Path, required=True, help="the model that was trained")
        return self

    def base(self, required: bool) -> _Word:
        text = "the base model: a .safetensors checkpoint or a diffusers folder"
        self._add("--base", type=Path, required=required, help=text)
        return self

    def output(self, otherwise: str = "") -> _Word:
        text = "the file to write" + (f"; without it {otherwise}" if otherwise else "")
        self._add("-o", "--output", type=Path, required=not otherwise, help=text)
        return self

    def precision(self) -> _Word:
        text = "of the numbers in the new file; without it as in the first one"
        self._add("--precision", choices=list(baking.KINDS), help=text)
        return self


def _show(wanted: argparse.Namespace) -> None:
    found = summary(read(wanted.file))
    if wanted.json:
        print(json.dumps(asdict(found), ensure_ascii=False))
    else:
        _print_summary(found)


def _print_summary(found: Summary) -> None:
    types = ", ".join(f"{name} ({count} layers)" for name, count in found.types.items())
    _say(f"{found.path}: {found.size / 1e6:.1f} MB, {found.precision}")
    _say(f"For {found.family}; {types}; {found.style} names")
    for name, block in found.blocks.items():
        ranks, alphas = (
            ", ".join(f"{it:g}" for it in numbers) for numbers in (block.ranks, block.alphas)
        )
        _say(f"  {name:6} {block.layers:4} layers, dim {ranks or '-'}, alpha {alphas or '-'}")
    for program, answer in found.programs.items():
        _say(f"Read by {program}: {answer}")
    if found.unread:
        _say(f"Belongs to no layer: {_some(found.unread)}")
    _say(f"Triggers: {'; '.join(found.triggers) or 'none said'}")
    shown = list(found.tags.items())[:_TAGS_SHOWN]
    _say("Tags: " + (", ".join(f"{tag} {count}" for tag, count in shown) or "none said"))
    for key, text in sorted(found.metadata.items()):
        _say(f"  {key} = {text if len(text) <= 100 else text[:99] + '…'}")


def _say(text: str) -> None:
    """Print what a stranger's file may have brought along, without what would steer a terminal."""
    print("".join(one if one.isprintable() else "?" for one in text))


def _edit(wanted: argparse.Namespace) -> None:
    values = {}
    for pair in wanted.set:
        key, sign, text = pair.partition("=")
        if not (key and sign):
            raise TrainerError(f'"{pair}" is not of the form KEY=VALUE.')
        values[key] = text
    metadata.edit(wanted.file, values, wanted.remove, wanted.output)
    print(f"Wrote {wanted.output or wanted.file}.")


def _share(wanted: argparse.Namespace) -> None:
    target = wanted.output or wanted.file.with_name(f"{wanted.file.stem}-shared.safetensors")
    changed = sharing.share_safe(wanted.file, target)
    print(f"Wrote {target}. Taken out or shortened: {', '.join(changed) or 'nothing'}.")


def _merge(wanted: argparse.Namespace) -> None:
    files = [read(path) for path in wanted.files]
    weights = wanted.weights or [1.0] * len(files)
    layers, kept = merging.merge(files, weights, _limit(wanted))
    _save(wanted, files[0], layers, metadata.derived(files, layers, wanted.output.stem))
    _print_kept(kept, _limit(wanted))


def _rescale(wanted: argparse.Namespace) -> None:
    saving.rescale(read(wanted.file), wanted.by, wanted.output)
    print(f"Wrote {wanted.output}: its weight 1 is what weight {wanted.by:g} was.")


def _resize(wanted: argparse.Namespace) -> None:
    limit = _limit(wanted)
    if limit is None:
        raise TrainerError("There is nothing to resize to.", "Give --rank or --keep.")
    file = read(wanted.file)
    layers, kept = resizing.resize(file, limit)
    _save(wanted, file, layers, metadata.derived([file], layers, wanted.output.stem))
    _print_kept(kept, limit)


def _convert(wanted: argparse.Namespace) -> None:
    file = read(wanted.file)
    base = bases.find(wanted.base) if wanted.base else None
    found = convert(file, _limit(wanted), base, _progress)
    _save(wanted, file, found.layers, metadata.derived([file], found.layers, wanted.output.stem))
    _print_kept(found.kept, _limit(wanted))
    if found.left_out:
        print(f"No plain LoRA can hold these, they were left out: {_some(found.left_out)}.")


def _extract(wanted: argparse.Namespace) -> None:
    limit = _limit(wanted)
    if limit is None:
        raise TrainerError("The size of the LoRA is not said.", "Give --rank or --keep.")
    tuned, base = bases.find(wanted.tuned), bases.find(wanted.base)
    conv = Limit(wanted.conv_rank, wanted.keep) if wanted.conv_rank else None
    found = extract(tuned, base, limit, conv, _progress)
    name = wanted.output.stem
    known = metadata.extracted(found.layers, tuned.family, wanted.base.name, name)
    saving.save_lora(wanted.output, found.layers, known, wanted.precision or "fp16")
    print(f"Wrote {wanted.output}: {len(found.layers)} layers; {found.equal} do not differ.")
    _print_kept(found.kept, limit)


def _bake(wanted: argparse.Namespace) -> None:
    base = bases.find(wanted.checkpoint)
    files = [read(path) for path in wanted.files]
    weights = wanted.weights or [1.0] * len(files)
    if len(weights) != len(files):
        raise TrainerError(f"There are {len(files)} LoRAs, but {len(weights)} weights.")
    pairs = list(zip(files, weights, strict=True))
    found = baking.bake(base, pairs, wanted.output, wanted.precision, _progress)
    print(f"Wrote {wanted.output}: {found.changed} tensors changed.")
    if found.homeless:
        print(f"The model has no place for these layers: {_some(found.homeless)}.")


def _limit(wanted: argparse.Namespace) -> Limit | None:
    given = wanted.rank is not None or wanted.keep is not None
    return Limit(wanted.rank, wanted.keep) if given else None


def _save(
    wanted: argparse.Namespace, file: LoraFile, layers: dict[str, Parts], known: dict[str, str]
) -> None:
    saving.save_lora(wanted.output, layers, known, wanted.precision or file.precision)
    low, high = resizing.ranks(layers)
    ranks = f"{high} ranks" if low == high else f"{low} to {high} ranks"
    print(f"Wrote {wanted.output}: {len(layers)} layers of {ranks}.")


def _print_kept(kept: resizing.Kept, limit: Limit | None) -> None:
    if limit is not None and kept.before:
        print(f"Kept {kept.share:.2%} of the energy (squared size) of what was cut down.")


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total}", end="\n" if done == total else "", file=sys.stderr)


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise argparse.ArgumentTypeError("a number")
    return number


def _rank(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _share_of(text: str) -> float:
    number = float(text)
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError("above 0, at most 1")
    return number
