"""Commands that work on the stored pages: rebuild, prune."""

import os
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from storage.articles.replace import rebuildable, replace_history
from storage.database import write_transaction
from storage.errors import ConflictError, DamagedError
from storage.queries.differences import Difference, EditLine
from storage.snapshots.prune import KEEP_RULES, KeepRule, prune_snapshots
from variorum.commands.options import MAX_JOBS, json_option, parse_since, parse_url
from variorum.context import Context
from variorum.terminal.output import plural, print_json, progress, say

if TYPE_CHECKING:
    from schedules.replay.rebuild import ReplayedArticle
    from scraper.extract.rules.rule import Rule
    from storage.database import Database

# One process rebuilds fewer articles before others have even started.
MIN_PARALLEL_ARTICLES = 200
MAX_EDIT_TEXT_CHARACTERS = 60
# So many lines of a kind are printed for an article.
MAX_LINES_SHOWN = 12


@click.command("rebuild")
@click.argument("urls", nargs=-1, metavar="[URL…]")
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--jobs", type=click.IntRange(1, MAX_JOBS), help="Processes that extract; by default one per core.")  # fmt: skip
@json_option
@click.pass_obj
def rebuild_command(
    context: Context, urls: tuple[str, ...], dry_run: bool, jobs: int | None, is_json: bool
) -> None:
    """Extract history again from the stored pages, with the current extractor and your site rules.

    Every check is decided again, in one transaction per article. Edits that remain keep their IDs and
    get the kinds that today's rules give them.
    Articles with a page that is not stored are skipped and listed.

    \b
    variorum rebuild --dry-run
    variorum rebuild https://example.org/news/1
    """
    from schedules.replay.settle import rebuilt_articles

    db = context.open_writable()
    rules = context.site_rules()
    selected_urls = {parse_url(url) for url in urls}
    articles = [row for row in rebuildable(db) if not selected_urls or row[1] in selected_urls]
    complete = _complete_articles(articles)
    counts = Counter(skipped=len(articles) - len(complete))
    learn = context.config.learn
    if learn != "off" and not dry_run:
        _teach(db)
    with progress(len(complete)) as bar:
        task = bar.add_task("rebuilding", total=len(complete))
        for rebuilt in rebuilt_articles(
            context.db_path,
            complete,
            rules,
            jobs=jobs or _process_count(len(complete)),
            learn=learn,
            advance=lambda: bar.advance(task),
        ):
            counts[_apply(db, rebuilt, rules, dry_run=dry_run, is_json=is_json)] += 1
    if not is_json:
        verb = "would change" if dry_run else "changed"
        skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
        say(f"{plural(counts['changed'], 'article')} of {len(articles)} {verb}{skipped}")
    if selected_urls and not articles:
        sys.exit(1)


def _teach(db: "Database") -> None:
    """Let articles of an older history teach their hosts which lines are the publisher's."""
    from storage.articles.stories import teach_missing

    with write_transaction(db):
        teach_missing(db)


def _complete_articles(articles: list[tuple[int, str, str | None]]) -> list[tuple[int, str]]:
    """The IDs and URLs of the articles that can be rebuilt; the others are printed with their obstacle."""
    for _, url, obstacle in articles:
        if obstacle:
            _print_skipped(f"{url}: {obstacle}")
    return [(article_id, url) for article_id, url, obstacle in articles if not obstacle]


def _process_count(articles: int) -> int:
    return 1 if articles < MIN_PARALLEL_ARTICLES else os.cpu_count() or 1


def _apply(
    db: "Database",
    rebuilt: "ReplayedArticle",
    rules: "tuple[Rule, ...]",
    *,
    dry_run: bool,
    is_json: bool,
) -> str:
    """Replace the history of one article by the rebuilt one, and print how they differ.

    Gives "changed" or "skipped"; "unchanged" if only the evidence for kinds is other.
    """
    from scraper.extract import extractor_for

    if rebuilt.difference is None:
        _print_skipped(f"{rebuilt.url}: {rebuilt.obstacle}")
        return "skipped"
    assert rebuilt.replayed is not None
    try:
        if not dry_run:
            replace_history(db, rebuilt.replayed, extractor=extractor_for(rebuilt.url, rules))
    except (ConflictError, DamagedError) as error:
        _print_skipped(str(error))
        return "skipped"
    if not rebuilt.difference:
        return "unchanged"
    if is_json:
        print_json([_difference_json(rebuilt.url, rebuilt.difference)])
    else:
        _print_difference(rebuilt.url, rebuilt.difference)
    return "changed"


def _print_skipped(reason: str) -> None:
    say(f"skipped: {reason}", err=True)


def _difference_json(url: str, difference: Difference) -> dict[str, Any]:
    return {
        "url": url,
        "versions_before": difference.before,
        "versions_after": difference.after,
        "versions_removed": [asdict(line) for line in difference.removed_versions],
        "versions_added": [asdict(line) for line in difference.added_versions],
        "versions_changed": [asdict(line) for line in difference.changed_versions],
        "edits_removed": [asdict(line) for line in difference.removed_edits],
        "edits_added": [asdict(line) for line in difference.added_edits],
        "kinds_changed": [asdict(line) for line in difference.changed_kinds],
        "outcomes_changed": [asdict(line) for line in difference.outcomes],
    }


def _print_difference(url: str, difference: Difference) -> None:
    say(url, bold=True)
    say(f"  {plural(difference.before, 'version')} → {difference.after}", dim=True)
    for sign, versions in (
        ("-", difference.removed_versions),
        ("+", difference.added_versions),
        ("~", difference.changed_versions),
    ):
        _print_lines(
            [f"{sign} v{one.number} {one.seen_at[:16]} {_quoted(one.headline)}" for one in versions]
        )
    for sign, edits in (("-", difference.removed_edits), ("+", difference.added_edits)):
        _print_lines([f"{sign} {_edit_text(edit)}" for edit in edits])
    _print_lines(
        [
            f"~ {_edit_text(one.edit)}: {one.before} → {one.after}"
            for one in difference.changed_kinds
        ]
    )
    _print_lines(
        [f"~ {one.fetched_at[:16]} {one.before} → {one.after}" for one in difference.outcomes]
    )


def _print_lines(lines: list[str]) -> None:
    """Print lines of one kind, and how many more there are."""
    for line in lines[:MAX_LINES_SHOWN]:
        say(f"  {line}")
    if len(lines) > MAX_LINES_SHOWN:
        say(f"  … and {len(lines) - MAX_LINES_SHOWN} more; --json lists all", dim=True)


def _edit_text(edit: EditLine) -> str:
    return f"v{edit.version} {edit.seen_at[:16]} {edit.field}: {_quoted(edit.old)} → {_quoted(edit.new)}"


def _quoted(text: str | None) -> str:
    if text is None:
        return "nothing"
    if len(text) > MAX_EDIT_TEXT_CHARACTERS:
        text = f"{text[: MAX_EDIT_TEXT_CHARACTERS - 1]}…"
    return repr(text)


@click.command("prune")
@click.option("--keep", type=click.Choice(list(KEEP_RULES)), required=True,
              help="changed: pages of checks that recorded something new; ends: pages of the first and last version.")  # fmt: skip
@click.option("--older-than", metavar="AGE", default="0m", help="Delete only pages older than this: 12h, 30d …")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Print what would be deleted, and delete nothing.")
@click.option("--vacuum", is_flag=True, help="Shrink the file; for a while this needs as much space again.")  # fmt: skip
@json_option
@click.pass_obj
def prune_command(
    context: Context, keep: KeepRule, older_than: str, dry_run: bool, vacuum: bool, is_json: bool
) -> None:
    """Delete stored pages by rule; versions, edits and checks are kept.

    After `--keep ends`, `rebuild` skips the article: only its first and last pages remain.

    \b
    variorum prune --keep changed --older-than 90d --dry-run
    variorum prune --keep ends --older-than 365d --vacuum
    """
    db = context.open_writable()
    before = parse_since(older_than, option="--older-than")
    assert before is not None
    pages = size = 0
    for pruned in prune_snapshots(db, keep, before=before, dry_run=dry_run):
        if pruned.obstacle:
            _print_skipped(f"{pruned.url}: {pruned.obstacle}")
            continue
        pages += pruned.pages
        size += pruned.bytes
        if is_json:
            print_json([asdict(pruned)])
        else:
            say(f"{pruned.url}: {plural(pruned.pages, 'page')}, {pruned.bytes / 1000:.1f} kB")
    if vacuum and not dry_run:
        db.execute("vacuum")
    if not is_json:
        verb = "would be deleted" if dry_run else "deleted"
        say(f"{plural(pages, 'page')} {verb}, {size / 1e6:.1f} MB")
