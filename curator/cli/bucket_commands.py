"""The command that says at which size each picture trains, and what is cropped away on the way."""

from __future__ import annotations

from curator.cli.arguments import Dir, Json, OptionalQuery, found, joined
from curator.cli.output import show, show_json
from curator.core.bucket_overview import in_words
from curator.core.few_buckets import FewBuckets, best_few
from curator.core.fit_words import image_fit
from curator.core.project import Project
from curator.core.readable import count, percent
from curator.core.training_fit import BucketRow, bucket_table
from curator.core.training_rule import rule_of


def buckets(folder: Dir, query: OptionalQuery = None, json: Json = False) -> None:
    """At which size each picture trains, and what is cropped.

    Sizes are those after each picture's recipe, the rule is that of a run started now.
    """
    with Project.open(folder, read_only=True) as project:
        rule = rule_of(project.settings)
        if json:
            fits = ((image.id, image_fit(image, rule)) for image in found(project, query))
            show_json(
                [
                    {"id": id_, "bucket": fit.bucket, "scale": fit.scale, "crop_loss": fit.loss}
                    for id_, fit in fits
                ]
            )
            return
        sizes = project.shown_sizes(joined(query))
    table = bucket_table(sizes, rule)
    for row in table.rows:
        show(_line(row))
    show(in_words(table))
    for few in best_few(sizes, rule):
        show(_few(few))


def _line(row: BucketRow) -> str:
    enlarged = f"  {row.enlarged:,} enlarged" if row.enlarged else ""
    bucket = "{}x{}".format(*row.bucket)
    return f"{bucket:>10} {row.pictures:>7,}  {percent(row.loss)} cropped away{enlarged}"


def _few(few: FewBuckets) -> str:
    names = ", ".join("{}x{}".format(*bucket) for bucket in few.buckets)
    return f"Best {count(len(few.buckets), 'bucket')}: {percent(few.loss)} cropped away, {names}"
