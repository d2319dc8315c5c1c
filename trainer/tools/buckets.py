"""`python -m trainer buckets`: at which size pictures of given sizes would train."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from trainer.buckets import BucketRule, choose_bucket
from trainer.config import parse_options
from trainer.data_options import LEAST_CROP, SD_SCRIPTS
from trainer.errors import TrainerError
from trainer.options import Size


def main(arguments: Sequence[str]) -> int:
    """Print the buckets of the sizes that are asked about. Raises TrainerError."""
    wanted = _parser().parse_args(arguments)
    options = {
        "resolution": wanted.resolution,
        "min_bucket_reso": wanted.min,
        "max_bucket_reso": wanted.max,
        "bucket_reso_steps": wanted.step,
        "bucket_no_upscale": wanted.no_upscale,
        "bucket_choice": wanted.choice,
    }
    rule = BucketRule.of(parse_options(options))
    rows = [row_of(size, rule) for size in read_sizes(_lines(wanted.sizes))]
    if wanted.json:
        sys.stdout.write(json.dumps(rows) + "\n")
        return 0
    for row in rows:
        size, bucket, scaled = ("x".join(map(str, row[it])) for it in _SIZES)
        sys.stdout.write(
            f"{size} -> {bucket}, scaled to {scaled}, {row['crop_loss']:.1%} cropped\n"
        )
    return 0


_SIZES = ("size", "bucket", "scaled_to")


def row_of(size: Size, rule: BucketRule) -> dict[str, Any]:
    """The bucket of a picture, to which size it is scaled for it, and what share is cropped."""
    placement = choose_bucket(size, rule)
    return {
        "size": list(size),
        "bucket": list(placement.bucket),
        "scaled_to": list(placement.resized),
        "crop_loss": placement.crop_loss,
    }


def read_sizes(lines: Iterable[str]) -> list[Size]:
    """Sizes from lines such as "1920 1080"; empty ones are left out. Raises TrainerError."""
    sizes = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words:
            continue
        if len(words) != 2 or not all(word.isascii() and word.isdigit() for word in words):
            raise _wrong(number, line)
        width, height = map(int, words)
        if not (width and height):
            raise _wrong(number, line)
        sizes.append((width, height))
    return sizes


def _wrong(number: int, line: str) -> TrainerError:
    return TrainerError(
        f"Line {number} of the sizes is {line.strip()!r}.",
        'Write width and height in pixels, such as "1920 1080", one picture a line.',
    )


def _lines(name: str) -> Sequence[str]:
    if name == "-":
        return sys.stdin.read().splitlines()
    try:
        return Path(name).read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise TrainerError(f"Cannot read {name}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise TrainerError(f"{name} is not UTF-8 text.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer buckets",
        description="Tells the bucket of pictures by their sizes, and how much is cropped.",
    )
    parser.add_argument("--resolution", default="512", help='such as "512" or "512,768"')
    parser.add_argument("--min", default="256", help="smallest side of a bucket")
    parser.add_argument("--max", default="1024", help="largest side of a bucket")
    parser.add_argument("--step", default="64", help="sides are multiples of this")
    parser.add_argument("--no-upscale", action="store_true", help="never enlarge a picture")
    parser.add_argument("--choice", choices=(SD_SCRIPTS, LEAST_CROP), default=SD_SCRIPTS)
    parser.add_argument(
        "--sizes",
        required=True,
        metavar="FILE",
        help='lines of "width height"; - reads standard input',
    )
    parser.add_argument("--json", action="store_true", help="a list of objects")
    return parser
