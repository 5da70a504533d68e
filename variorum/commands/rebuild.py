"""Commands that keep the history: rebuild, prune."""

import os
import sys
from dataclasses import asdict
from typing import Any

import click

from storage.articles.replace import Difference, rebuildable, replace_history
from storage.errors import ConflictError
from storage.snapshots.prune import KEEP_RULES, KeepRule, prune_snapshots
from variorum.commands.log import parse_since
from variorum.commands.watch import parse_url
from variorum.context import Context, plural, print_json, progress, say

# Fewer articles are read before other processes have started.
MIN_PARALLEL_ARTICLES = 200


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL…]")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--jobs", type=click.IntRange(1, 500), help="Processes that read; as many as there are cores.")  # fmt: skip
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per article that changes.")
@click.pass_obj
def rebuild(
    context: Context, urls: tuple[str, ...], dry_run: bool, jobs: int | None, as_json_: bool
) -> None:
    """Read history again from the stored pages, with today's extractor and your site rules.

    Every look is decided anew, in one transaction per article; edits that stay keep their ids.
    An article of which a page is not stored is left as it is, and named.

    \b
    variorum rebuild --dry-run
    variorum rebuild https://example.org/news/1
    """
    from schedules.replay.rebuild import replay_all
    from scraper.extract import extractor_for

    db = context.open_writable()
    rules = context.site_rules()
    selected_urls = {parse_url(url) for url in urls}
    articles = [row for row in rebuildable(db) if not selected_urls or row[1] in selected_urls]
    complete = [(article_id, url) for article_id, url, obstacle in articles if not obstacle]
    changed_count = skipped = 0

    def skip(reason: str) -> None:
        nonlocal skipped
        skipped += 1
        say(f"left as it is: {reason}", err=True)

    for _, url, obstacle in articles:
        if obstacle:
            skip(f"{url}: {obstacle}")
    with progress(len(complete)) as bar:
        task = bar.add_task("reading", total=len(complete))
        processes = jobs or (1 if len(complete) < MIN_PARALLEL_ARTICLES else os.cpu_count() or 1)
        for read in replay_all(context.db_path, complete, rules, jobs=processes):
            bar.advance(task)
            if read.difference is None:
                skip(f"{read.url}: no stored page shows an article")
            elif read.replayed is not None:
                try:
                    if not dry_run:
                        replace_history(db, read.replayed, extractor=extractor_for(read.url, rules))
                except ConflictError as error:
                    skip(str(error))
                    continue
                changed_count += 1
                _print_difference(read.url, read.difference, as_json=as_json_)
    if not as_json_:
        verb = "would change" if dry_run else "changed"
        say(
            f"{plural(changed_count, 'article')} of {len(articles)} {verb}"
            + (f", {skipped} left as they are" if skipped else "")
        )
    if selected_urls and not articles:
        sys.exit(1)


def _print_difference(url: str, difference: Difference, *, as_json: bool) -> None:
    if as_json:
        print_json([{"url": url, "versions_before": difference.before, "versions_after": difference.after,
                     "texts_changed": difference.changed_texts, "edits_gone": [_edit_json(key) for key in difference.removed_edits],
                     "edits_come": [_edit_json(key) for key in difference.added_edits]}])  # fmt: skip
        return
    say(url, bold=True)
    say(
        f"  {plural(difference.before, 'version')} → {difference.after}, {plural(difference.changed_texts, 'text')} read otherwise",
        dim=True,
    )
    for sign, keys in (("-", difference.removed_edits), ("+", difference.added_edits)):
        for seen_at, field, _, old, new in keys:
            say(
                f"  {sign} {seen_at[:16]} {field}: {_quote_shortened(old)} → {_quote_shortened(new)}"
            )


def _edit_json(key: tuple[str, str, str, str | None, str | None]) -> dict[str, Any]:
    return dict(zip(("seen_at", "field", "op", "old", "new"), key, strict=True))


def _quote_shortened(text: str | None) -> str:
    if text is None:
        return "nothing"
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


@click.command()
@click.option("--keep", type=click.Choice(list(KEEP_RULES)), required=True,
              help="changed: the pages of looks that saw something new; ends: of the first and last version.")  # fmt: skip
@click.option("--older-than", metavar="AGE", default="0m", help="Only pages older than 12h, 30d …")
@click.option("--dry-run", is_flag=True, help="Only say what would be dropped.")
@click.option("--vacuum", is_flag=True, help="Give the space back to the disk; takes as much for a while.")  # fmt: skip
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per article.")
@click.pass_obj
def prune(
    context: Context, keep: KeepRule, older_than: str, dry_run: bool, vacuum: bool, as_json_: bool
) -> None:
    """Drop stored pages by rule, and say what is dropped; versions, edits and looks all stay.

    An article of which pages of the first and last version are left cannot be rebuilt any more.

    \b
    variorum prune --keep changed --older-than 90d --dry-run
    variorum prune --keep ends --older-than 365d --vacuum
    """
    db = context.open_writable()
    before = parse_since(older_than, option="--older-than")
    assert before is not None
    pages = size = 0
    for pruned in prune_snapshots(db, keep, before=before, dry_run=dry_run):
        pages += pruned.pages
        size += pruned.bytes
        if as_json_:
            print_json([asdict(pruned)])
        else:
            say(f"{pruned.url}: {plural(pruned.pages, 'page')}, {pruned.bytes / 1000:.1f} kB")
    if vacuum and not dry_run:
        db.execute("vacuum")
    if not as_json_:
        verb = "would be dropped" if dry_run else "dropped"
        say(f"{plural(pages, 'page')} {verb}, {size / 1e6:.1f} MB")


COMMANDS = (rebuild, prune)
