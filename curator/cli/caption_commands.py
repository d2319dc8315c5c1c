"""Commands about the captions of many pictures: tags, retag, lint, tokens."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json, OptionalQuery, Query, found, text
from curator.cli.output import few, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.caption_chunks import CHUNK, chunks_of
from curator.core.caption_context import project_context
from curator.core.caption_diffs import CaptionDiff, counts_of, diffs_of, edit_of
from curator.core.caption_lint import LintFinding, LintKind
from curator.core.caption_recipes import read_recipe, recipe_named
from curator.core.captions import split_all, split_tags
from curator.core.errors import UserError
from curator.core.line_rules import Add
from curator.core.naming import check_line
from curator.core.pattern_rule import Regex
from curator.core.project import Project
from curator.core.project_lint import fix_lint, lint_project
from curator.core.readable import count
from curator.core.rule_context import CaptionRule
from curator.core.tag_rules import Delete, Replace

RULES_LIMIT = 10_000_000  # bytes of a file of rules
_COLOURS = {"-": typer.colors.RED, "+": typer.colors.GREEN, "~": typer.colors.YELLOW}
Several = list[str] | None
Add_ = Annotated[Several, typer.Option("--add", metavar="TAGS", help="Give them these tags.")]
Remove = Annotated[
    Several, typer.Option("--remove", metavar="TAGS", help="Take these away; * is anything.")
]
Replace_ = Annotated[
    Several, typer.Option("--replace", metavar="OLD=NEW", help="NEW may be several tags.")
]
Pattern = Annotated[
    Several,
    typer.Option("--regex", metavar="PATTERN=REPL", help="In each tag; split at the last =."),
]
Recipe = Annotated[
    str | None, typer.Option("--recipe", metavar="NAME", help="The rules of a caption recipe.")
]
RulesFile = Annotated[
    Path | None, typer.Option("--rules", metavar="FILE", help="Rules or a recipe in JSON.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]


def tags(folder: Dir, query: OptionalQuery = None, json: Json = False) -> None:
    """The tags of the captions, the most frequent first."""
    with Project.open(folder, read_only=True) as project:
        counted = dict(_counted(project, query) if query else project.tag_counts())
    if json:
        show_json(counted)
        return
    for tag, number in counted.items():
        show(f"{number:>6,}  {shown(tag)}")


def _counted(project: Project, query: Sequence[str]) -> list[tuple[str, int]]:
    lines = split_all(image.caption for image in found(project, query))
    counts = Counter(chain.from_iterable(map(dict.fromkeys, lines)))
    return sorted(counts.items(), key=lambda row: (-row[1], row[0].casefold()))


def retag(  # noqa: PLR0913 - each is an option of the command line
    folder: Dir,
    query: Query,
    add: Add_ = None,
    remove: Remove = None,
    replace: Replace_ = None,
    pattern: Pattern = None,
    recipe: Recipe = None,
    rules_file: RulesFile = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Change tags by rules, as one edit.

    First come the recipe and the file of rules, then what is removed, replaced, searched for and
    added. Triggers stay.
    """
    typed_rules = [
        *(Delete(text(one)) for one in remove or ()),
        *(Replace(*_pair(one)) for one in replace or ()),
        *(_regex(*_pair(one)) for one in pattern or ()),
        *(Add(text(one)) for one in add or ()),
    ]
    with Project.open(folder, read_only=True) if dry_run else opened(folder) as project:
        rules = [*_kept_rules(project, recipe, rules_file), *typed_rules]
        if not rules:
            raise UserError("Nothing says what to change.", "See retag --help for the ways to.")
        images = found(project, query)
        diffs = diffs_of(images, rules, project_context(project, images))
        edit = edit_of(f"Change tags of {count(len(diffs), 'image')}", diffs, images)
        if not dry_run:
            project.apply(edit)
    names = {image.id: image.name for image in images}
    if json:
        told = {"label": edit.label, "matched": len(images), "changed": len(diffs)}
        show_json(told | {"dry_run": dry_run} | _diffs_json(diffs, names))
        return
    _show_diffs(diffs, names, all_of_them=dry_run)
    done = "Would change" if dry_run else "Changed"
    show(f"{done} {len(diffs):,} of {count(len(images), 'picture')}.")


def _pair(typed: str) -> tuple[str, str]:
    left, sign, right = text(typed).rpartition("=")
    if not sign or not left:
        raise UserError(f'"{typed}" has no = between two texts.', "Write it as OLD=NEW.")
    check_line("A rule", typed)
    return left, right


def _regex(pattern: str, replacement: str) -> Regex:
    rule = Regex(pattern, replacement)
    rule.check()
    return rule


def _kept_rules(project: Project, recipe: str | None, file: Path | None) -> tuple[CaptionRule, ...]:
    rules: tuple[CaptionRule, ...] = ()
    if recipe is not None:
        rules += recipe_named(project.settings, recipe).rules
    if file is not None:
        try:
            with file.open("rb") as opened_file:
                content = opened_file.read(RULES_LIMIT).decode("utf-8-sig")
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError(f"{file} can't be read: {reason}.") from error
        except UnicodeDecodeError as error:
            raise UserError(f"{file} is no text in UTF-8.") from error
        rules += read_recipe(content).rules
    return rules


def _diffs_json(diffs: Sequence[CaptionDiff], names: dict[int, str]) -> dict[str, Any]:
    counts = counts_of(diffs)
    changes = [
        {
            "id": diff.image_id,
            "name": names[diff.image_id],
            "removed": diff.removed,
            "added": diff.added,
            "old": diff.old,
            "new": diff.new,
        }
        for diff in diffs
    ]
    return {"removed": counts.removed, "added": counts.added, "changes": changes}


def _show_diffs(diffs: Sequence[CaptionDiff], names: dict[int, str], *, all_of_them: bool) -> None:
    if all_of_them:
        for diff in diffs:
            signs = [("-", tag) for tag in diff.removed] + [("+", tag) for tag in diff.added]
            if not signs:
                signs = [("~", tag) for tag in diff.moved] or [("~", "as it is written")]
            marks = "  ".join(_coloured(sign, f"{sign}{shown(tag)}") for sign, tag in signs)
            show(f"{diff.image_id:>6}  {shown(names[diff.image_id])}  {marks}")
    counts = counts_of(diffs)
    for sign, counted in (("-", counts.removed), ("+", counts.added)):
        lines = [
            _coloured(sign, f"{number:>6,}  {sign}{shown(tag)}") for tag, number in counted.items()
        ]
        for line in few(lines):
            show(line)


def _coloured(sign: str, words: str) -> str:
    return typer.style(words, fg=_COLOURS[sign]) if sys.stdout.isatty() else words


def lint(
    folder: Dir,
    query: OptionalQuery = None,
    fix: Annotated[
        str | None,
        typer.Option(metavar="KIND", help=f"Mend these: {', '.join(LintKind)}; or all."),
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """What looks wrong in captions, and what rules can mend."""
    if fix not in (None, "all", *LintKind):
        raise UserError(
            f'"{fix}" is nothing that lint tells.', f"Use {', '.join(LintKind)} or all."
        )
    writes = fix is not None and not dry_run
    with opened(folder) if writes else Project.open(folder, read_only=True) as project:
        images = found(project, query)
        findings = lint_project(project, images)
        mended = [one for one in findings if one.fix and fix in ("all", one.kind)]
        if writes:
            project.apply(fix_lint(mended, images, project_context(project, images)))
    if json:
        rows = [_finding_row(one, one in mended) for one in findings]
        show_json({"images": len(images), "findings": rows})
        return
    for line in few([_finding_line(one, one in mended, dry_run) for one in findings]):
        show(line)
    show(f"{count(len(findings), 'finding')} in {count(len(images), 'picture')}.")
    if fix and not mended and findings:
        tell("None of these can be mended by a rule.")


def _finding_row(finding: LintFinding, is_mended: bool) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "images": list(finding.images),
        "words": finding.words,
        "tags": list(finding.tags),
        "fixable": bool(finding.fix),
        "fixed": is_mended,
    }


def _finding_line(finding: LintFinding, is_mended: bool, dry_run: bool) -> str:
    mark = ("would be mended" if dry_run else "mended") if is_mended else ""
    mark = mark or ("can be mended" if finding.fix else "")
    ids = ", ".join(map(str, finding.images[:5])) + (" ..." if len(finding.images) > 5 else "")
    return shown(f"{finding.kind:16}  {finding.words} ({ids}){f'  [{mark}]' if mark else ''}")


def tokens(folder: Dir, query: OptionalQuery = None, json: Json = False) -> None:
    """How long captions are in tokens, and where the first 75 end."""
    with Project.open(folder, read_only=True) as project:
        images = found(project, query)
    rows: list[dict[str, Any]] = []
    for image in images:
        chunks, named = chunks_of(image.caption), split_tags(image.caption)
        ends = {n: named[at] for at, n in chunks.after_tags.items() if at < len(named)}
        rows.append(
            {
                "id": image.id,
                "name": image.name,
                "tokens": chunks.tokens,
                "tags": chunks.tags,
                "chunks": chunks.room // CHUNK,
                "chunk_1_ends_after": ends.get(CHUNK),
            }
        )
    if json:
        show_json(rows)
        return
    for row in rows:
        end = row["chunk_1_ends_after"]
        full = f"  {CHUNK} are full with: {end}" if end else ""
        show(shown(f"{row['id']:>6}  {row['tokens']:>5,}  {row['name']}{full}"))
    longer = sum(row["chunks"] > 1 for row in rows)
    show(f"{count(len(rows), 'picture')}, {longer:,} over {CHUNK} tokens.")
