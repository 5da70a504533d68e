"""The command that takes history in: import."""

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from storage.database import copy_of
from variorum.config import ConfigError
from variorum.context import Context, UsageError, plural, print_json, progress, say

if TYPE_CHECKING:
    from variorum.transfer.importing import ImportResult

NOUNS = ("article", "version", "edit", "check")
# Why pages of an archive are no looks, as it is told.
SKIP_REASONS = {
    "older": "not newer than what is stored",
    "no article": "without an article",
    "another address": "of an article that is kept under another address",
    "unresolved": "that refer to a page which is not in the file",
    "skipped": "of another kind",
}
# A bar for what takes this long: bytes of a file, addresses of an archive.
MEGABYTE = 1_000_000


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…",
                type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would come in.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
@click.pass_obj
def import_(context: Context, files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Take history in: a WARC, JSON lines of `export`, or an evidence bundle (any WACZ).

    Each page in a WARC counts as a look at its time. What is here already is left as it is, and
    nothing that comes in is watched or announced; JSON lines keep what was watched.

    \b
    variorum import crawl-2019.warc.gz crawl-2020.warc.gz
    variorum import --dry-run history.jsonl
    variorum import evidence.wacz
    """
    from variorum.commands.looking import check_settings
    from variorum.transfer.importing import import_file

    has_failed = False
    with ExitStack() as stack:
        if dry_run:
            folder = stack.enter_context(TemporaryDirectory(prefix="variorum-"))
            db = copy_of(context.db_path, Path(folder))
            stack.callback(db.close)
        else:
            db = context.open_writable()
        try:
            settings = check_settings(context, db)
        except ConfigError as error:
            raise UsageError(str(error)) from error
        for path in files:
            with progress(path.stat().st_size // MEGABYTE) as bar:
                task = bar.add_task(path.name, total=1)

                def report_progress(
                    phase: str, done: int, total: int, bar: Any = bar, task: Any = task
                ) -> None:
                    bar.update(task, description=phase, completed=done, total=total)

                result = import_file(db, path, settings, report_progress)
            has_failed |= result.error is not None
            _print_import(result, as_json=as_json, dry_run=dry_run)
    if has_failed:
        sys.exit(1)


def _print_import(result: "ImportResult", *, as_json: bool, dry_run: bool) -> None:
    counts = result.counts
    if as_json:
        reasons = {name: counts[name] for name in SKIP_REASONS if counts[name]}
        print_json([{"file": result.file, "kind": result.kind,
                     **{f"{noun}s": counts[f"{noun}s"] for noun in NOUNS},
                     "skipped": reasons,
                     "left": [{"url": url, "reason": reason} for url, reason in result.skipped_articles],
                     "dry_run": dry_run, "error": result.error}])  # fmt: skip
        return
    totals = ", ".join(plural(counts[f"{noun}s"], noun) for noun in NOUNS)
    verb = "would come in" if dry_run else "came in"
    skipped = [
        f"{counts[name]} {reason_text}"
        for name, reason_text in SKIP_REASONS.items()
        if counts[name]
    ]
    tail = f"; skipped: {', '.join(skipped)}" if skipped else ""
    if result.skipped_articles:
        tail += f"; {plural(len(result.skipped_articles), 'article')} left as they are"
    say(f"{result.file}: {totals} {verb}{tail}")
    for url, reason in result.skipped_articles:
        say(f"left as it is: {url}: {reason}", err=True)
    if result.error:
        say(f"Error: {result.error}", err=True)


COMMANDS = (import_,)
