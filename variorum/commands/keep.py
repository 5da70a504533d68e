"""Commands that keep the history: rebuild."""

import sys
from typing import Any

import click

from storage.errors import StaleError
from storage.rewrite import Difference, difference, rebuildable, rewrite
from variorum.commands.watch import address
from variorum.context import Context, plural, print_json, progress, say


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL…]")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per article that changes.")
@click.pass_obj
def rebuild(context: Context, urls: tuple[str, ...], dry_run: bool, as_json_: bool) -> None:
    """Read history again from the stored pages, with today's extractor and your site rules.

    Every look is decided anew, in one transaction per article; edits that stay keep their ids.
    An article of which a page is not stored is left as it is, and named.

    \b
    variorum rebuild --dry-run
    variorum rebuild https://example.org/news/1
    """
    from schedules.rebuild import replay
    from scraper.extract import extractor_for

    db = context.writable()
    rules = context.site_rules()
    wanted = {address(url) for url in urls}
    articles = [row for row in rebuildable(db) if not wanted or row[1] in wanted]
    changed = left = 0
    with progress(len(articles)) as bar:
        task = bar.add_task("reading", total=len(articles))
        for article_id, url, why_not in articles:
            replayed = None if why_not else replay(db, article_id, url, rules)
            bar.advance(task)
            if replayed is None or not replayed.versions:
                left += 1
                say(
                    f"left as it is: {url}: {why_not or 'no stored page shows an article'}",
                    err=True,
                )
                continue
            found = difference(db, replayed)
            if not found:
                continue
            try:
                if not dry_run:
                    rewrite(db, replayed, extractor=extractor_for(url, rules))
            except StaleError as error:
                left += 1
                say(f"left as it is: {error}", err=True)
                continue
            changed += 1
            _tell(url, found, as_json=as_json_)
    if not as_json_:
        verb = "would change" if dry_run else "changed"
        say(
            f"{plural(changed, 'article')} of {len(articles)} {verb}"
            + (f", {left} left as they are" if left else "")
        )
    if wanted and not articles:
        sys.exit(1)


def _tell(url: str, found: Difference, *, as_json: bool) -> None:
    if as_json:
        print_json([{"url": url, "versions_before": found.before, "versions_after": found.after,
                     "texts_changed": found.texts, "edits_gone": [_edit(key) for key in found.gone],
                     "edits_come": [_edit(key) for key in found.come]}])  # fmt: skip
        return
    say(url, bold=True)
    say(
        f"  {plural(found.before, 'version')} → {found.after}, {plural(found.texts, 'text')} read otherwise",
        dim=True,
    )
    for sign, keys in (("-", found.gone), ("+", found.come)):
        for seen_at, field, _, old, new in keys:
            say(f"  {sign} {seen_at[:16]} {field}: {_short(old)} → {_short(new)}")


def _edit(key: tuple[str, str, str, str | None, str | None]) -> dict[str, Any]:
    return dict(zip(("seen_at", "field", "op", "old", "new"), key, strict=True))


def _short(text: str | None) -> str:
    if text is None:
        return "nothing"
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


COMMANDS = (rebuild,)
